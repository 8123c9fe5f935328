import { Form, Input, Modal } from "antd";
import { useLanguage } from "../../shared/words";
import { type Field, fieldsOf } from "./fields";
import type { Review } from "./types";

type Action = Review["actions"][number];

type Props = {
  action: Action;
  done: (document: Record<string, unknown> | null) => void;
  busy: boolean;
};

/** Asks for what an action needs; `done(null)` where somebody thinks better of it. */
export function ActionForm({ action, done, busy }: Props) {
  const { lang } = useLanguage();
  const [form] = Form.useForm<Record<string, string>>();
  const submit = (given: Record<string, string>) => {
    const filled = Object.entries(given).filter(([, value]) => value !== undefined && value !== "");
    done(Object.fromEntries(filled));
  };
  return (
    <Modal
      open
      title={action[lang]}
      onCancel={() => done(null)}
      onOk={() => form.submit()}
      confirmLoading={busy}
    >
      <Form form={form} layout="vertical" onFinish={submit}>
        {fieldsOf(action.document).map((field) => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={field.words[lang]}
            rules={[{ required: field.required }]}
          >
            <Entry field={field} />
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}

function Entry({ field, ...given }: { field: Field }) {
  return field.long ? <Input.TextArea rows={3} {...given} /> : <Input {...given} />;
}
