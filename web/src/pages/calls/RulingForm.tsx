import { Form, Input, Modal, Radio } from "antd";
import { useName } from "../../app/session";
import { useLanguage, useSay, type Words } from "../../shared/words";
import type { Question } from "./questions";
import type { Review } from "./types";

const WORDS = {
  upheld: { zh: "维持", en: "It stands" },
  overturned: { zh: "推翻", en: "It falls" },
  true: { zh: "属实", en: "True" },
  false: { zh: "误判", en: "False" },
  unsure: { zh: "存疑", en: "Unsure" },
  reason: { zh: "理由（会告知坐席）", en: "Why (the collector is told)" },
  comment: { zh: "备注", en: "Comment" },
  needed: { zh: "请填写", en: "Please fill this in" },
} satisfies Record<string, Words>;

// What the action calls its answers, the answer, and the words with it; and which answers there are.
const FORMS = {
  decide_appeal: { list: "rulings", answer: "ruling", words: "reason", values: ["upheld", "overturned"] },
  adjudicate: { list: "decisions", answer: "verdict", words: "comment", values: ["true", "false", "unsure"] },
} as const;

type Props = {
  action: Review["actions"][number];
  questions: Question[];
  people: Review["people"];
  /** Null where somebody thinks better of it. */
  done: (document: Record<string, unknown> | null) => void;
  busy: boolean;
};

type Answer = { answer: string; words?: string };

/** Asks the third person for a word on each finding, with what was said of it above. */
export function RulingForm({ action, questions, people, done, busy }: Props) {
  const t = useSay();
  const name = useName();
  const { lang } = useLanguage();
  const [form] = Form.useForm<{ answers: Answer[] }>();
  const shape = FORMS[action.action as keyof typeof FORMS];
  const finish = ({ answers }: { answers: Answer[] }) =>
    done({
      [shape.list]: questions.map(({ item }, place) => ({
        ...item,
        [shape.answer]: answers[place]?.answer,
        ...(answers[place]?.words?.trim() && { [shape.words]: answers[place]?.words?.trim() }),
      })),
    });
  return (
    <Modal
      open
      title={action[lang]}
      onCancel={() => done(null)}
      onOk={() => form.submit()}
      confirmLoading={busy}
    >
      <Form form={form} layout="vertical" onFinish={finish}>
        {questions.map(({ item, category, said }, place) => (
          <fieldset className="rows" key={`${item.finding ?? ""}/${item.missed ?? ""}`}>
            <legend>{name("categories", category)}</legend>
            {said.map((each) => (
              <p key={`${each.by}${each.text}`}>
                {people[each.by ?? ""] ?? each.by}：<q>{verdictOr(each.text)}</q>
              </p>
            ))}
            <Form.Item
              name={["answers", place, "answer"]}
              rules={[{ required: true, message: t(WORDS.needed) }]}
            >
              <Radio.Group
                aria-label={name("categories", category)}
                options={shape.values.map((value) => ({ value, label: t(WORDS[value]) }))}
              />
            </Form.Item>
            <Form.Item
              name={["answers", place, "words"]}
              label={t(WORDS[shape.words])}
              rules={[{ required: shape.words === "reason", message: t(WORDS.needed) }]}
            >
              <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
            </Form.Item>
          </fieldset>
        ))}
      </Form>
    </Modal>
  );

  /** A verdict by its name; words as they were written. */
  function verdictOr(text: string): string {
    const [verdict = "", ...rest] = text.split(": ");
    const known = verdict in WORDS ? t(WORDS[verdict as keyof typeof WORDS]) : verdict;
    return [known, ...rest].join(": ");
  }
}
