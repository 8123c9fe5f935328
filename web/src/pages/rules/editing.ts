/** Rules as people write them. Pure. */

export const STAGES = ["draft", "shadow", "stable", "deprecated"] as const;
export type Stage = (typeof STAGES)[number];

const STATUS = /^( {2}status: *)(\w+)/m;
const VERSION = /^( {2}version: *)(\d+)/m;

/** The stage that a rule is written to be at; stable where it says nothing. */
export function stageOf(text: string): Stage {
  const said = STATUS.exec(text)?.[2];
  return STAGES.find((each) => each === said) ?? "stable";
}

/** The rule at another stage. */
export function atStage(text: string, stage: Stage): string {
  return STATUS.test(text)
    ? text.replace(STATUS, `$1${stage}`)
    : text.replace(VERSION, `$&\n  status: ${stage}`);
}

/** The rule with the next version: what it finds names the version that found it. */
export function nextVersion(text: string): string {
  return text.replace(VERSION, (_, key: string, number: string) => `${key}${Number(number) + 1}`);
}

/** Where a line begins in a text, and where it ends; lines count from 1. */
export function lineSpan(text: string, line: number): [number, number] {
  const lines = text.split("\n");
  const start = lines.slice(0, Math.max(0, line - 1)).reduce((sum, each) => sum + each.length + 1, 0);
  return [Math.min(start, text.length), Math.min(start + (lines[line - 1]?.length ?? 0), text.length)];
}

/** What a new rule begins with. */
export function template(pack: string): string {
  return `- id: ${pack}.new_rule
  version: 1
  status: draft
  category: dismissive
  title: {zh: 规则名称, en: Name of the rule}
  cite: [{source: policy}]
  detect:
    phrase: [你给我听好了]
  examples:
    violates: [你给我听好了]
    allowed: [您好，请您听我说明一下]
  advice: {zh: 更好的说法, en: What to say instead}
`;
}
