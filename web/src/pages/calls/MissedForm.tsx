import { Flex, Form, Input, InputNumber, Modal, Select } from "antd";
import { useName, useWords } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import type { Span } from "./timeline";

const WORDS = {
  title: { zh: "补充漏检", en: "Missed by the machine" },
  start: { zh: "从（秒）", en: "From (s)" },
  end: { zh: "到（秒）", en: "To (s)" },
  order: { zh: "结束须晚于开始", en: "It ends after it begins" },
  category: { zh: "类别", en: "Category" },
  comment: { zh: "说明", en: "What was missed" },
} satisfies Record<string, Words>;

type Given = { category: string; comment: string } & Span;

type Props = { span: Span; duration: number; done: (given: Given | null) => void };

/** Asks what the machine missed in a span that somebody drew, or was hearing. */
export function MissedForm({ span, duration, done }: Props) {
  const t = useSay();
  const name = useName();
  const [form] = Form.useForm<Given>();
  const categories = Object.keys(useWords("categories"));
  return (
    <Modal open title={t(WORDS.title)} onCancel={() => done(null)} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" initialValues={span} onFinish={done}>
        <Flex gap="small">
          <Form.Item name="start" label={t(WORDS.start)} rules={[{ required: true }]}>
            <InputNumber min={0} max={duration} precision={1} step={0.5} />
          </Form.Item>
          <Form.Item
            name="end"
            label={t(WORDS.end)}
            dependencies={["start"]}
            rules={[
              { required: true },
              ({ getFieldValue }) => ({
                validator: (_, end: number) =>
                  end > getFieldValue("start")
                    ? Promise.resolve()
                    : Promise.reject(new Error(t(WORDS.order))),
              }),
            ]}
          >
            <InputNumber min={0} max={duration} precision={1} step={0.5} />
          </Form.Item>
        </Flex>
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
