import { Form, Modal } from "antd";
import { FieldInput } from "../../app/forms/FieldInput";
import { documentOf, fieldsOf, type Values } from "../../app/forms/fields";
import { useClock } from "../../app/session";
import { useLanguage } from "../../shared/words";
import type { Review } from "./types";

type Props = {
  action: Review["actions"][number];
  /** Null where somebody thinks better of it. */
  done: (document: Values | null) => void;
  busy: boolean;
};

/** Asks for what an action of a ticket needs. */
export function ActionForm({ action, done, busy }: Props) {
  const { lang } = useLanguage();
  const { zone } = useClock();
  const [form] = Form.useForm<Values>();
  const fields = fieldsOf(action.document);
  return (
    <Modal
      open
      title={action[lang]}
      onCancel={() => done(null)}
      onOk={() => form.submit()}
      confirmLoading={busy}
    >
      <Form form={form} layout="vertical" onFinish={(given) => done(documentOf(fields, given, zone))}>
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} action={action.action} />
        ))}
      </Form>
    </Modal>
  );
}
