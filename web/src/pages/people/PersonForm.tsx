import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal, Select, Switch } from "antd";
import { api, type Schemas } from "../../api/client";
import { useName, useWords } from "../../app/session";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { changes } from "./matching";

const WORDS = {
  add: { zh: "添加人员", en: "Add a person" },
  change: { zh: "修改 {name}", en: "Change {name}" },
  id: { zh: "工号（登录名，之后不可更改）", en: "Id to sign in with (never changes)" },
  name: { zh: "姓名", en: "Name" },
  roles: { zh: "角色", en: "Roles" },
  team: { zh: "团队", en: "Team" },
  reports: { zh: "上级工号（超时事项转给谁）", en: "Reports to (who gets what is overdue)" },
  email: { zh: "邮箱", en: "E-mail" },
  sees: { zh: "可见团队（留空按角色；* 为全部）", en: "Teams they see (none: by role; * for all)" },
  active: { zh: "在用", en: "Active" },
  needed: { zh: "请填写", en: "Please fill this in" },
} satisfies Record<string, Words>;

type Person = Schemas["PersonOut"];
type Fields = Omit<Schemas["PersonIn"], "id"> & { id?: string; active?: boolean };

/** Adds a person, or changes one: to the version that was read, so nobody's work is overwritten. */
export function PersonForm({ person, done }: { person: Person | null; done: () => void }) {
  const t = useSay();
  const name = useName();
  const roles = Object.keys(useWords("roles")).filter((role) => role !== "integration" || person !== null);
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const refresh = async () => {
    await queries.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/people"),
    });
  };
  const saved = async () => {
    await refresh();
    done();
  };
  const add = api.useMutation("post", "/api/v1/people", { onSuccess: saved });
  const change = api.useMutation("patch", "/api/v1/people/{person}", { onSuccess: saved, onError: refresh });
  const before = person && fieldsOf(person);
  const finish = (given: Fields) => {
    if (person === null || before === null) {
      add.mutate({ body: filled(given) as Schemas["PersonIn"] });
      return;
    }
    const body = changes(before, { ...before, ...given }) as Schemas["PersonChange"];
    const header = { "if-match": `"${person.version}"` };
    change.mutate({ params: { path: { person: person.id }, header }, body });
  };
  const error = add.error ?? change.error;
  return (
    <Modal
      open
      title={person ? t(WORDS.change, { name: person.name }) : t(WORDS.add)}
      onCancel={done}
      onOk={() => form.submit()}
      confirmLoading={add.isPending || change.isPending}
    >
      <Form form={form} layout="vertical" initialValues={before ?? { roles: [] }} onFinish={finish}>
        {person === null && (
          <Form.Item name="id" label={t(WORDS.id)} rules={[{ required: true, message: t(WORDS.needed) }]}>
            <Input maxLength={100} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="name" label={t(WORDS.name)} rules={[{ required: true, message: t(WORDS.needed) }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="roles" label={t(WORDS.roles)} rules={[{ required: true, message: t(WORDS.needed) }]}>
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={roles.map((value) => ({ value, label: name("roles", value) }))}
          />
        </Form.Item>
        <Form.Item name="team" label={t(WORDS.team)}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="reports_to" label={t(WORDS.reports)}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="email" label={t(WORDS.email)}>
          <Input type="email" maxLength={320} />
        </Form.Item>
        <Form.Item name="sees" label={t(WORDS.sees)}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", " "]} />
        </Form.Item>
        {person && (
          <Form.Item name="active" label={t(WORDS.active)} valuePropName="checked">
            <Switch />
          </Form.Item>
        )}
      </Form>
      {error && <Failed error={error} />}
    </Modal>
  );
}

function fieldsOf(person: Person): Fields {
  return {
    name: person.name,
    roles: person.roles as NonNullable<Fields["roles"]>,
    team: person.team ?? "",
    reports_to: person.reports_to ?? "",
    email: person.email ?? "",
    sees: person.sees ?? [],
    active: person.active,
  };
}

/** Without what was left empty. */
function filled(given: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
