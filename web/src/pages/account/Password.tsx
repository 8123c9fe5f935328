import { Button, Card, Flex, Form, Input } from "antd";
import { api, type Schemas } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "更改口令", en: "Change the password" },
  old: { zh: "当前口令", en: "Present password" },
  fresh: { zh: "新口令", en: "New password" },
  again: { zh: "再次输入新口令", en: "New password, again" },
  differs: { zh: "两次输入不一致。", en: "The two are not the same." },
  needed: { zh: "请填写", en: "Please fill this in" },
  ends: {
    zh: "更改后，所有设备上的登录都会结束，请用新口令重新登录。",
    en: "All sign-ins end with it, also this one: sign in again with the new password.",
  },
  change: { zh: "更改", en: "Change" },
} satisfies Record<string, Words>;

type Fields = Schemas["PasswordChange"] & { again: string };

export function Password() {
  const t = useSay();
  const change = api.useMutation("put", "/api/v1/me/password", {
    onSuccess: () => location.assign("/sign-in"),
  });
  const needed = { required: true, message: t(WORDS.needed) };
  return (
    <Card title={t(WORDS.title)} className="block">
      <Form<Fields>
        layout="vertical"
        style={{ maxWidth: 420 }}
        onFinish={({ again: _, ...body }) => change.mutate({ body })}
      >
        <Form.Item name="old" label={t(WORDS.old)} rules={[needed]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="new" label={t(WORDS.fresh)} rules={[needed]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t(WORDS.again)}
          dependencies={["new"]}
          rules={[
            needed,
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                !value || value === getFieldValue("new")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t(WORDS.differs))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Flex gap="small" align="center" wrap>
          <Button htmlType="submit" loading={change.isPending}>
            {t(WORDS.change)}
          </Button>
          {t(WORDS.ends)}
        </Flex>
      </Form>
      {change.error && <Failed error={change.error} />}
    </Card>
  );
}
