/** The fields that an action's document has, from its JSON schema; what is not text has a control of its own. */

import type { Words } from "../../shared/words";

export type Field = { name: string; words: Words; required: boolean; long: boolean };

const NAMES: Record<string, Words> = {
  comment: { zh: "备注", en: "Comment" },
  reviewer: { zh: "质检员工号", en: "Reviewer" },
  second_reviewer: { zh: "第二质检员工号（盲评）", en: "Second reviewer (blind)" },
  reason: { zh: "原因", en: "Reason" },
  words: { zh: "给催收员的话", en: "Words to the collector" },
  grounds: { zh: "申诉理由", en: "Grounds of the appeal" },
};
const LONG = ["comment", "reason", "words", "grounds"];

type Schema = { properties?: Record<string, unknown>; required?: readonly string[] };

/** The text fields of a document, in order. */
export function fieldsOf(schema: Schema): Field[] {
  return Object.keys(schema.properties ?? {})
    .filter((name) => name in NAMES)
    .map((name) => ({
      name,
      words: NAMES[name] ?? { zh: name, en: name },
      required: schema.required?.includes(name) ?? false,
      long: LONG.includes(name),
    }));
}

/** Whether every field that an action needs is text: others are done elsewhere on the page. */
export function isPlain(schema: Schema): boolean {
  return (schema.required ?? []).every((name) => name in NAMES);
}
