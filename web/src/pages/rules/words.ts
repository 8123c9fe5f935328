/** Words of rules; those of categories and severities come from the server. */

import type { Words } from "../../shared/words";

export const STATUSES: Record<string, Words> = {
  draft: { zh: "草稿", en: "Draft" },
  shadow: { zh: "试运行", en: "On trial" },
  stable: { zh: "生效", en: "In force" },
  deprecated: { zh: "停用", en: "Retired" },
};

export const CONFIDENCES: Record<string, Words> = {
  V: { zh: "已核对原文", en: "checked against the original" },
  S: { zh: "两处以上来源", en: "two sources or more" },
  S2: { zh: "单一二手来源", en: "one secondary source" },
  M: { zh: "待核实", en: "to be verified" },
  policy: { zh: "内部规定", en: "house rule" },
};

export const KINDS: Record<string, Words> = {
  violation: { zh: "违规", en: "Violation" },
  signal: { zh: "信号", en: "Signal" },
};

/** Why a pack that comes with Diting is not changed here. */
export const SHIPPED: Words = {
  zh: "此规则包随系统发布，由发布流程批准，不在此修改；本机构的规则请写入自己的规则包。",
  en: "This pack comes with Diting and is approved by its release. Rules of your own go into a pack of your own.",
};
