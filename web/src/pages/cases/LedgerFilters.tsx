import { Checkbox, Flex, Input, Select } from "antd";
import { VALUES, wordsOf } from "../../app/forms/words";
import { useName } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import type { Shown } from "./ledger";

const WORDS = {
  text: { zh: "处理建议或结果含有", en: "Words in advice or result" },
  number: { zh: "编号开头", en: "Number begins with" },
  level: { zh: "等级", en: "Level" },
  state: { zh: "状态", en: "State" },
  kind: { zh: "类别", en: "Kind" },
  source: { zh: "来源", en: "Source" },
  team: { zh: "团队", en: "Team" },
  collector: { zh: "催收员", en: "Collector" },
  handler: { zh: "处理人", en: "Handler" },
  since: { zh: "自", en: "From" },
  until: { zh: "至（不含）", en: "Before" },
  open: { zh: "仅未结", en: "Open only" },
  overdue: { zh: "仅超时", en: "Overdue only" },
} satisfies Record<string, Words>;

const CHOICES = {
  level: ["high", "medium", "low"],
  kind: ["warning", "complaint"],
  source: ["call", "report", "monitor", "opinion", "complaint", "regulator"],
} as const;
const STATES =
  "reported returned reviewed collected teamed analysed planned contacting resolved tracking evaluated closed";

type Change = (change: Partial<Record<keyof Shown, string | null>>) => void;

/** What the ledger is narrowed to; all of it stands in the address. */
export function LedgerFilters({ shown, change }: { shown: Shown; change: Change }) {
  const t = useSay();
  const name = useName();
  const several = (
    key: "level" | "kind" | "source" | "state",
    options: { value: string; label: string }[],
  ) => (
    <Select
      key={key}
      mode="multiple"
      allowClear
      aria-label={t(WORDS[key])}
      placeholder={t(WORDS[key])}
      style={{ minWidth: 140 }}
      value={shown[key]?.split(",") ?? []}
      onChange={(values: string[]) => change({ [key]: values.join(",") })}
      options={options}
    />
  );
  const typed = (key: "text" | "number" | "team" | "collector" | "handler") => (
    <Input
      key={`${key} ${shown[key] ?? ""}`}
      aria-label={t(WORDS[key])}
      placeholder={t(WORDS[key])}
      defaultValue={shown[key] ?? ""}
      onPressEnter={(event) => change({ [key]: event.currentTarget.value.trim() })}
      onBlur={(event) =>
        event.target.value.trim() !== (shown[key] ?? "") && change({ [key]: event.target.value.trim() })
      }
      style={{ width: key === "text" ? 200 : 120 }}
      allowClear
    />
  );
  const plain = (key: keyof typeof CHOICES) =>
    several(
      key,
      CHOICES[key].map((value) => ({ value, label: t(wordsOf(VALUES, value)) })),
    );
  return (
    <Flex gap="small" wrap align="center" className="filters" role="search">
      {plain("level")}
      {several(
        "state",
        STATES.split(" ").map((value) => ({ value, label: name("case_states", value) })),
      )}
      {plain("kind")}
      {plain("source")}
      {(["text", "number", "team", "collector", "handler"] as const).map(typed)}
      {(["since", "until"] as const).map((key) => (
        <Input
          key={key}
          type="date"
          aria-label={t(WORDS[key])}
          prefix={t(WORDS[key])}
          value={shown[key] ?? ""}
          onChange={(event) => change({ [key]: event.target.value })}
          style={{ width: 210 }}
        />
      ))}
      {(["open", "overdue"] as const).map((key) => (
        <Checkbox
          key={key}
          checked={shown[key] === "yes"}
          onChange={(event) => change({ [key]: event.target.checked ? "yes" : null })}
        >
          {t(WORDS[key])}
        </Checkbox>
      ))}
    </Flex>
  );
}
