import type { Words } from "../../shared/words";

/** Classes of data, as the policy names them. */
export const CLASSES: Readonly<Record<string, Words>> = {
  recordings: { zh: "录音", en: "Recordings" },
  transcripts: { zh: "转写文本", en: "Transcripts" },
  results: { zh: "质检结果", en: "Results" },
  cases: { zh: "投诉案件", en: "Complaint cases" },
  facts: { zh: "随录数据", en: "Facts of calls" },
  sources: { zh: "接收记录", en: "Records of sources" },
  audit: { zh: "审计日志", en: "Audit log" },
};

const UNITS: Readonly<Record<string, Words>> = {
  day: { zh: "天", en: "day" },
  month: { zh: "个月", en: "month" },
  year: { zh: "年", en: "year" },
};

/** `3 years`, `400 days` or `forever`, as the policy says it; anything else as it is written. */
export function keptFor(text: string): Words {
  if (text === "forever") {
    return { zh: "永久", en: "for good" };
  }
  const [, count, name] = /^(\d+) (\w+?)s?$/.exec(text) ?? [];
  const unit = UNITS[name ?? ""];
  return unit === undefined ? { zh: text, en: text } : { zh: `${count} ${unit.zh}`, en: text };
}
