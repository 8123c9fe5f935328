import { DeleteOutlined, SaveOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Flex, Form, Input, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { addressOf, filtersOf, type Shown, type Sort } from "./filters";

const WORDS = {
  kept: { zh: "已保存的检索", en: "Kept searches" },
  keep: { zh: "保存此检索", en: "Keep this search" },
  name: { zh: "名称", en: "Name" },
  shared: { zh: "团队共享", en: "For my whole team" },
  needed: { zh: "请填写", en: "Please fill this in" },
  done: { zh: "已保存。", en: "The search is kept." },
  remove: { zh: "删除“{name}”", en: "Delete “{name}”" },
  of: { zh: "{name}（{owner}）", en: "{name} ({owner})" },
} satisfies Record<string, Words>;

const KEY = ["get", "/api/v1/searches"];

/** Searches that are kept: opened, kept under a name, deleted by whose they are. */
export function Saved({ shown, zone }: { shown: Shown; zone: string }) {
  const t = useSay();
  const queries = useQueryClient();
  const { modal } = App.useApp();
  const [isOpen, open] = useState(false);
  const { data, error, refetch } = api.useQuery("get", "/api/v1/searches");
  const remove = api.useMutation("delete", "/api/v1/searches/{number}", {
    onSuccess: () => void queries.invalidateQueries({ queryKey: KEY }),
  });
  const ask = (number: number, name: string) =>
    modal.confirm({
      title: t(WORDS.remove, { name }),
      onOk: () => remove.mutateAsync({ params: { path: { number } } }).catch(() => undefined),
    });
  return (
    <Flex gap="small" wrap align="center" component="section" aria-label={t(WORDS.kept)}>
      {(error ?? remove.error) ? <Failed error={error ?? remove.error} retry={refetch} /> : null}
      {data?.items.map((each) => (
        <span key={each.id}>
          <Link to={addressOf(each, zone)}>
            {each.mine ? each.name : t(WORDS.of, { name: each.name, owner: each.owner })}
          </Link>
          {each.mine && (
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t(WORDS.remove, { name: each.name })}
              onClick={() => ask(each.id, each.name)}
            />
          )}
        </span>
      ))}
      <Button icon={<SaveOutlined aria-hidden />} disabled={!shown.q} onClick={() => open(true)}>
        {t(WORDS.keep)}
      </Button>
      {isOpen && <Keep shown={shown} zone={zone} onEnd={() => open(false)} />}
    </Flex>
  );
}

type Typed = { name: string; shared?: boolean };

function Keep({ shown, zone, onEnd }: { shown: Shown; zone: string; onEnd: () => void }) {
  const t = useSay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Typed>();
  const keep = api.useMutation("post", "/api/v1/searches");
  const submit = ({ name, shared = false }: Typed) =>
    keep.mutate(
      {
        body: {
          name,
          shared,
          q: shown.q ?? "",
          sort: (shown.sort as Sort | undefined) ?? "time",
          filters: filtersOf(shown, zone),
        },
      },
      {
        onSuccess: () => {
          void queries.invalidateQueries({ queryKey: KEY });
          void message.success(t(WORDS.done));
          onEnd();
        },
      },
    );
  return (
    <Modal open title={t(WORDS.keep)} onCancel={onEnd} onOk={form.submit} confirmLoading={keep.isPending}>
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="name" label={t(WORDS.name)} rules={[{ required: true, message: t(WORDS.needed) }]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="shared" valuePropName="checked">
          <Checkbox>{t(WORDS.shared)}</Checkbox>
        </Form.Item>
      </Form>
      {keep.error && <Failed error={keep.error} />}
    </Modal>
  );
}
