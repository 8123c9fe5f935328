import type { Words } from "../../shared/words";

/** How a deadline stands. */
export const STANDINGS: Record<string, Words> = {
  running: { zh: "计时中", en: "Running" },
  paused: { zh: "已暂停", en: "Paused" },
  overdue: { zh: "已超时", en: "Overdue" },
  met: { zh: "按时完成", en: "Met in time" },
  met_late: { zh: "逾期完成", en: "Met late" },
  ended: { zh: "不再适用", en: "Ended" },
};
