import { App, Button, Drawer, Flex, Input, Popconfirm, Typography } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { PersonForm } from "./PersonForm";

const WORDS = {
  change: { zh: "修改资料与权限", en: "Change data and roles" },
  password: { zh: "新口令", en: "New password" },
  hint: {
    zh: "请通过可信途径转告本人，由本人登录后立即更改。",
    en: "Tell it to its owner in a safe way; they change it when they sign in.",
  },
  set: { zh: "设置口令", en: "Set the password" },
  setDone: { zh: "口令已设置。", en: "The password is set." },
  end: { zh: "结束全部登录", en: "End all sign-ins" },
  endSure: { zh: "结束此人在所有设备上的登录？", en: "End this person's sign-ins on all devices?" },
  endDone: { zh: "已结束全部登录。", en: "All sign-ins are ended." },
  factor: { zh: "移除第二因素", en: "Take away the second factor" },
  factorSure: {
    zh: "此人丢失了验证器？移除后仅凭口令即可登录。",
    en: "Did they lose their authenticator? Then a password alone is enough until they set up a new one.",
  },
  factorDone: { zh: "第二因素已移除。", en: "The second factor is taken away." },
  back: { zh: "帮助重新登录", en: "Help back in" },
} satisfies Record<string, Words>;

/** One person's account: data and roles, and the ways to help them back in or to lock them out. */
export function Account({ person, done }: { person: Schemas["PersonOut"]; done: () => void }) {
  const t = useSay();
  const { message } = App.useApp();
  const [changing, setChanging] = useState(false);
  const [password, setPassword] = useState("");
  const path = { params: { path: { person: person.id } } };
  const told = (words: Words) => () => void message.success(t(words));
  const set = api.useMutation("post", "/api/v1/people/{person}/password", {
    onSuccess: () => {
      setPassword("");
      told(WORDS.setDone)();
    },
  });
  const end = api.useMutation("delete", "/api/v1/people/{person}/sessions", {
    onSuccess: told(WORDS.endDone),
  });
  const factor = api.useMutation("delete", "/api/v1/people/{person}/second-factor", {
    onSuccess: told(WORDS.factorDone),
  });
  const error = set.error ?? end.error ?? factor.error;
  return (
    <Drawer open title={`${person.name} (${person.id})`} onClose={done} size={420}>
      <Flex vertical gap="middle">
        <Button onClick={() => setChanging(true)}>{t(WORDS.change)}</Button>
        <Typography.Title level={3}>{t(WORDS.back)}</Typography.Title>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate({ ...path, body: { password } });
          }}
        >
          <label htmlFor="new-password">{t(WORDS.password)}</label>
          <Flex gap="small">
            <Input.Password
              id="new-password"
              value={password}
              autoComplete="new-password"
              onChange={(event) => setPassword(event.target.value)}
            />
            <Button htmlType="submit" disabled={password === ""} loading={set.isPending}>
              {t(WORDS.set)}
            </Button>
          </Flex>
          <Typography.Text type="secondary">{t(WORDS.hint)}</Typography.Text>
        </form>
        <Popconfirm title={t(WORDS.endSure)} onConfirm={() => end.mutate(path)}>
          <Button danger>{t(WORDS.end)}</Button>
        </Popconfirm>
        <Popconfirm title={t(WORDS.factorSure)} onConfirm={() => factor.mutate(path)}>
          <Button danger>{t(WORDS.factor)}</Button>
        </Popconfirm>
        {error && <Failed error={error} />}
      </Flex>
      {changing && <PersonForm person={person} done={() => setChanging(false)} />}
    </Drawer>
  );
}
