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
