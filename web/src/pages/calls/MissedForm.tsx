import { Form, Input, Modal, Select } from "antd";
import { useName, useWords } from "../../app/session";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";
import type { Span } from "./timeline";

const WORDS = {
  title: { zh: "补充漏检：{start} – {end}", en: "Missed by the machine: {start} – {end}" },
  category: { zh: "类别", en: "Category" },
  comment: { zh: "说明", en: "What was missed" },
} satisfies Record<string, Words>;

type Given = { category: string; comment: string };

/** Asks what the machine missed in a span that somebody drew. */
export function MissedForm({ span, done }: { span: Span; done: (given: (Given & Span) | null) => void }) {
  const t = useSay();
  const name = useName();
  const [form] = Form.useForm<Given>();
  const categories = Object.keys(useWords("categories"));
  return (
    <Modal
      open
      title={t(WORDS.title, { start: position(span.start), end: position(span.end) })}
      onCancel={() => done(null)}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" onFinish={(given) => done({ ...given, ...span })}>
        <Form.Item name="category" label={t(WORDS.category)} rules={[{ required: true }]}>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={categories.map((value) => ({ value, label: name("categories", value) }))}
          />
        </Form.Item>
        <Form.Item name="comment" label={t(WORDS.comment)} rules={[{ required: true }]}>
          <Input.TextArea rows={3} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
