import { Flex, Input, Select, Typography } from "antd";
import { api } from "../../api/client";
import { useClock, useName, useWords } from "../../app/session";
import { useAddress } from "../../shared/address";
import { useSay, type Words } from "../../shared/words";
import { FigureCard } from "./FigureCard";
import { type Asked, asked, lastDays } from "./figures";
import { Hours } from "./Hours";

const WORDS = {
  title: { zh: "团队统计", en: "Figures of teams" },
  first: { zh: "自", en: "From" },
  last: { zh: "至", en: "To" },
  team: { zh: "团队", en: "Team" },
  category: { zh: "类别", en: "Kind of finding" },
  any: { zh: "不合规通话", en: "calls that are not clean" },
  byCategory: { zh: "各类发现的通话数", en: "Calls with findings, by kind" },
  byWeek: { zh: "每周趋势：{what}", en: "Week by week: {what}" },
  byTeam: { zh: "各团队：{what}", en: "By team: {what}" },
  byCollector: { zh: "各催收员：{what}", en: "By collector: {what}" },
  adherence: {
    zh: "话术遵循：不含该类违规的通话",
    en: "Script adherence: calls without each kind of violation",
  },
  frequency: {
    zh: "致电频次：每日致电次数与债务人数",
    en: "Frequency: debtors by calls made to them on a day",
  },
  times: { zh: "{count} 次", en: "{count} calls" },
  over: { zh: "超过频次限制", en: "over the limit" },
  warnings: { zh: "预警等级", en: "Warnings, by level" },
} satisfies Record<string, Words>;

const DAYS = 30;

/** What a supervisor watches, for some days and one team or all; every number opens the calls behind it. */
export function Figures() {
  const t = useSay();
  const name = useName();
  const { zone } = useClock();
  const [shown, change] = useAddress("first", "last", "team", "category");
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date());
  const { category, ...narrowed } = shown;
  const query = { ...lastDays(shown.last ?? today, DAYS), ...narrowed };
  const what = category ? name("categories", category) : t(WORDS.any);
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Flex gap="small" wrap className="filters" role="search">
        {(["first", "last"] as const).map((key) => (
          <Input
            key={key}
            type="date"
            aria-label={t(WORDS[key])}
            prefix={t(WORDS[key])}
            value={query[key]}
            onChange={(event) => change({ [key]: event.target.value })}
            style={{ width: 190 }}
          />
        ))}
        <Select
          allowClear
          showSearch
          aria-label={t(WORDS.team)}
          placeholder={t(WORDS.team)}
          value={shown.team ?? null}
          onChange={(value) => change({ team: value })}
          style={{ width: 160 }}
          options={useTeams(query).map((value) => ({ value, label: value }))}
        />
        <Select
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          aria-label={t(WORDS.category)}
          placeholder={t(WORDS.category)}
          value={category ?? null}
          onChange={(value) => change({ category: value })}
          style={{ width: 200 }}
          options={Object.keys(useWords("categories")).map((value) => ({
            value,
            label: name("categories", value),
          }))}
        />
      </Flex>
      <Hours query={query} />
      <div className="figures">
        <Findings
          by="category"
          query={query}
          title={t(WORDS.byCategory)}
          nameOf={(key) => name("categories", key)}
        />
        <Findings by="week" query={query} category={category} title={t(WORDS.byWeek, { what })} />
        <Findings by="team" query={query} category={category} title={t(WORDS.byTeam, { what })} />
        <Findings by="collector" query={query} category={category} title={t(WORDS.byCollector, { what })} />
        <Adherence query={query} />
        <Frequency query={query} />
        <Warnings query={query} />
      </div>
    </>
  );
}

/** The teams whose calls one sees, of those days; also the one asked for, if it had none. */
function useTeams({ first, last, team }: Asked): string[] {
  const query = { first, last, by: "team" as const };
  const found = api.useQuery("get", "/api/v1/figures/findings", { params: { query } });
  const keys = new Set(found.data?.items.map(({ key }) => key));
  return [...keys.add(team ?? "")].filter(Boolean).sort();
}

type By = "category" | "team" | "collector" | "week";

function Findings(props: {
  by: By;
  query: Asked;
  category?: string | undefined;
  title: string;
  nameOf?: (key: string) => string;
}) {
  const { by, query, category, title, nameOf } = props;
  const narrowed = category ? { category } : {};
  const found = api.useQuery("get", "/api/v1/figures/findings", {
    params: { query: { ...asked(query), ...narrowed, by } },
  });
  return (
    <FigureCard
      title={title}
      found={found}
      figures={found.data?.items}
      nameOf={nameOf}
      line={by === "week"}
    />
  );
}

function Adherence({ query }: { query: Asked }) {
  const t = useSay();
  const name = useName();
  const found = api.useQuery("get", "/api/v1/figures/adherence", { params: { query: asked(query) } });
  return (
    <FigureCard
      title={t(WORDS.adherence)}
      found={found}
      figures={found.data?.items}
      nameOf={(key) => name("categories", key)}
      // The filters name the kind of violation: they lead to the calls that are left out of the count.
      others
    />
  );
}

function Frequency({ query }: { query: Asked }) {
  const t = useSay();
  const found = api.useQuery("get", "/api/v1/figures/frequency", { params: { query: asked(query) } });
  const figures = found.data && [...found.data.spread, found.data.over];
  const nameOf = (key: string) => (key === "over_frequency" ? t(WORDS.over) : t(WORDS.times, { count: key }));
  return <FigureCard title={t(WORDS.frequency)} found={found} figures={figures} nameOf={nameOf} />;
}

function Warnings({ query }: { query: Asked }) {
  const t = useSay();
  const name = useName();
  const found = api.useQuery("get", "/api/v1/figures/warnings", { params: { query: asked(query) } });
  return (
    <FigureCard
      title={t(WORDS.warnings)}
      found={found}
      figures={found.data?.items}
      nameOf={(key) => name("levels", key)}
    />
  );
}
