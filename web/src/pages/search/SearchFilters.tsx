import { Flex, Input, Select } from "antd";
import { useName, useWords } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import type { Filter, Shown } from "./filters";

const WORDS = {
  band: { zh: "合规等级", en: "Conduct" },
  level: { zh: "预警等级", en: "Warning" },
  category: { zh: "发现类别", en: "Finding" },
  team: { zh: "团队", en: "Team" },
  collector: { zh: "催收员编号", en: "Collector's id" },
  rule: { zh: "规则", en: "Rule" },
  score_min: { zh: "得分不低于", en: "Score from" },
  score_max: { zh: "得分不高于", en: "Score to" },
  since: { zh: "自", en: "From" },
  until: { zh: "至（不含）", en: "Before" },
} satisfies Partial<Record<Filter, Words>>;

type Props = { shown: Shown; change: (change: Partial<Record<Filter, string | null>>) => void };

/** What a search is narrowed to; all of it stands in the address. */
export function SearchFilters({ shown, change }: Props) {
  const t = useSay();
  const name = useName();
  const groups = { band: useWords("bands"), level: useWords("levels"), category: useWords("categories") };
  const type = (key: keyof typeof WORDS, value: string) => {
    if (value.trim() !== (shown[key] ?? "")) {
      change({ [key]: value.trim() });
    }
  };
  const named = { band: "bands", level: "levels", category: "categories" } as const;
  return (
    <Flex gap="small" wrap className="filters">
      {(["band", "level", "category"] as const).map((key) => (
        <Select
          key={key}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          aria-label={t(WORDS[key])}
          placeholder={t(WORDS[key])}
          value={shown[key] ?? null}
          onChange={(value) => change({ [key]: value })}
          style={{ width: 150 }}
          options={Object.keys(groups[key])
            .filter((value) => value !== "none")
            .map((value) => ({ value, label: name(named[key], value) }))}
        />
      ))}
      {(["team", "collector", "rule", "score_min", "score_max"] as const).map((key) => (
        <Input
          key={`${key} ${shown[key] ?? ""}`}
          allowClear
          aria-label={t(WORDS[key])}
          placeholder={t(WORDS[key])}
          inputMode={key.startsWith("score") ? "numeric" : "text"}
          defaultValue={shown[key] ?? ""}
          onPressEnter={(event) => type(key, event.currentTarget.value)}
          onBlur={(event) => type(key, event.target.value)}
          style={{ width: 130 }}
        />
      ))}
      {(["since", "until"] as const).map((key) => (
        <Input
          key={key}
          type="date"
          aria-label={t(WORDS[key])}
          prefix={t(WORDS[key])}
          value={shown[key]?.slice(0, 10) ?? ""}
          onChange={(event) => change({ [key]: event.target.value })}
          style={{ width: 200 }}
        />
      ))}
    </Flex>
  );
}
