import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal, Switch } from "antd";
import { api, type Schemas } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { changes } from "./matching";

const WORDS = {
  add: { zh: "添加团队", en: "Add a team" },
  change: { zh: "修改团队 {name}", en: "Change team {name}" },
  name: { zh: "编号（与通话中一致，之后不可更改）", en: "Name as in calls (never changes)" },
  title: { zh: "名称", en: "Title" },
  active: { zh: "在用", en: "Active" },
  needed: { zh: "请填写", en: "Please fill this in" },
} satisfies Record<string, Words>;

type Team = Schemas["TeamOut"];
type Fields = { name: string; title: string; active: boolean };

/** Adds a team, or changes one: to the version that was read, so nobody's work is overwritten. */
export function TeamForm({ team, done }: { team: Team | null; done: () => void }) {
  const t = useSay();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ["get", "/api/v1/teams"] });
  };
  const saved = async () => {
    await refresh();
    done();
  };
  const add = api.useMutation("post", "/api/v1/teams", { onSuccess: saved });
  const change = api.useMutation("patch", "/api/v1/teams/{team}", { onSuccess: saved, onError: refresh });
  const known = team?.added ? team : null;
  const before = { name: team?.name ?? "", title: team?.title ?? "", active: team?.active ?? true };
  const finish = (given: Fields) => {
    if (known === null) {
      add.mutate({ body: { name: given.name, title: given.title } });
      return;
    }
    const { name: _, ...body } = changes(before, { ...before, ...given });
    const header = { "if-match": `"${known.version}"` };
    change.mutate({ params: { path: { team: known.name }, header }, body });
  };
  const error = add.error ?? change.error;
  const needed = [{ required: true, message: t(WORDS.needed) }];
  return (
    <Modal
      open
      title={known ? t(WORDS.change, { name: known.name }) : t(WORDS.add)}
      onCancel={done}
      onOk={() => form.submit()}
      confirmLoading={add.isPending || change.isPending}
    >
      <Form form={form} layout="vertical" initialValues={before} onFinish={finish}>
        {known === null && (
          <Form.Item name="name" label={t(WORDS.name)} rules={needed}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="title" label={t(WORDS.title)} rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
        {known && (
          <Form.Item name="active" label={t(WORDS.active)} valuePropName="checked">
            <Switch />
          </Form.Item>
        )}
      </Form>
      {error && <Failed error={error} />}
    </Modal>
  );
}
