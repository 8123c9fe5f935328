import { Card } from "antd";
import { Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Document } from "./Document";

/** The handling of a case, as `GET /cases/{id}` tells it (docs/cases.md). */
export type Handled = {
  readonly flags?: readonly string[];
  readonly calls?: readonly number[];
  readonly [part: string]: unknown;
};

const PARTS: readonly (readonly [string, Words])[] = [
  ["plan", { zh: "方案", en: "Plan" }],
  ["contacts", { zh: "沟通记录", en: "Contacts" }],
  ["sign_offs", { zh: "结案签字", en: "Sign-offs" }],
  ["review", { zh: "审核", en: "Review" }],
  ["team", { zh: "处理组", en: "Team" }],
  ["cause", { zh: "原因分析", en: "Cause" }],
  ["reliefs", { zh: "减免与补偿", en: "Relief" }],
  ["result", { zh: "处理结果", en: "Result" }],
  ["tracking", { zh: "跟踪", en: "Tracking" }],
  ["evaluation", { zh: "评估", en: "Evaluation" }],
  ["holds", { zh: "暂停", en: "Pauses" }],
];
const COMPLAINT: readonly (readonly [string, Words])[] = [
  ["received", { zh: "收到的投诉", en: "Complaints received" }],
  ["classification", { zh: "分类", en: "Classification" }],
  ["evidence", { zh: "证据保全", en: "Evidence" }],
  ["answers", { zh: "答复", en: "Answers" }],
  ["callbacks", { zh: "回访", en: "Calls back" }],
  ["mediation", { zh: "调解", en: "Mediation" }],
];
const NOT_YET: Words = { zh: "尚未开始处理。", en: "Handling has not begun." };

/** Plan, contacts, sign-offs, evidence and the rest, each as it was written down. */
export function Handling({ handled }: { handled: Handled }) {
  const complaint = (handled.complaint ?? {}) as Record<string, unknown>;
  const shown = [
    ...PARTS.map(([key, words]) => ({ key, words, said: handled[key] })),
    ...COMPLAINT.map(([key, words]) => ({ key, words, said: complaint[key] })),
  ].filter(({ said }) => (Array.isArray(said) ? said.length > 0 : said != null));
  if (shown.length === 0) {
    return (
      <Card className="block">
        <Nothing words={NOT_YET} />
      </Card>
    );
  }
  return shown.map((part) => <Part key={part.key} words={part.words} said={part.said} />);
}

function Part({ words, said }: { words: Words; said: unknown }) {
  const t = useSay();
  const all = (Array.isArray(said) ? said : [said]) as Record<string, unknown>[];
  return (
    <Card title={t(words)} size="small" className="block">
      {all.map((each) => (
        <Document key={JSON.stringify(each)} said={each} />
      ))}
    </Card>
  );
}
