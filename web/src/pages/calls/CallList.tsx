import { Flex, Select, Table, Typography } from "antd";
import type { ColumnsType } from "antd/es/table";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useName, useWords } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "通话", en: "Calls" },
  none: { zh: "没有符合条件的通话。", en: "No call is like that." },
  call: { zh: "通话", en: "Call" },
  time: { zh: "时间", en: "Time" },
  length: { zh: "时长", en: "Length" },
  agent: { zh: "坐席", en: "Agent" },
  customer: { zh: "客户", en: "Customer" },
  score: { zh: "得分", en: "Score" },
  found: { zh: "发现", en: "Found" },
  warning: { zh: "预警", en: "Warning" },
  state: { zh: "状态", en: "State" },
  band: { zh: "合规等级", en: "Conduct" },
  category: { zh: "类别", en: "Category" },
} satisfies Record<string, Words>;

type Call = Schemas["CallOut"];
type Filters = "state" | "band" | "level" | "category";

/** Calls, the newest first; what was not judged is never shown as clean. */
export function CallList() {
  const t = useSay();
  const columns = useColumns();
  const [filters] = useAddress(
    "state",
    "band",
    "level",
    "category",
    "cursor",
    "team",
    "collector",
    "weekday",
    "hour",
    "since",
    "until",
    "rule",
    "score_min",
    "score_max",
    "unjudged",
  );
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/calls", {
    params: { query: filters as object },
  });
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Flex gap="small" wrap className="filters">
        <Filter filter="state" group="statuses" words={WORDS.state} />
        <Filter filter="band" group="bands" words={WORDS.band} />
        <Filter filter="level" group="levels" words={WORDS.warning} />
        <Filter filter="category" group="categories" words={WORDS.category} />
      </Flex>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Call>
          rowKey="id"
          size="middle"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          columns={columns}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
        />
      )}
      <Pages next={data?.next} />
    </>
  );
}

// States that a call has for a moment only are not asked for.
const SHOWN_STATES = ["assessed", "unjudged", "failed", "received", "transcribed", "heard", "inspected"];

function Filter({ filter, group, words }: { filter: Filters; group: string; words: Words }) {
  const t = useSay();
  const name = useName();
  const [chosen, change] = useAddress(filter);
  const values = Object.keys(useWords(group)).filter(
    (value) => group !== "statuses" || SHOWN_STATES.includes(value),
  );
  return (
    <Select
      aria-label={t(words)}
      placeholder={t(words)}
      value={chosen[filter] ?? null}
      onChange={(value) => change({ [filter]: value })}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      style={{ width: 170 }}
      options={values.map((value) => ({ value, label: name(group, value) }))}
    />
  );
}

function useColumns(): ColumnsType<Call> {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  return [
    { title: t(WORDS.call), render: (_, call) => <Link to={String(call.id)}>{call.external_id}</Link> },
    { title: t(WORDS.time), render: (_, call) => moment(call.started_at) },
    { title: t(WORDS.length), align: "right", render: (_, call) => position(call.duration_s) },
    {
      title: t(WORDS.agent),
      render: (_, { agent }) => `${agent.name ?? agent.id ?? "—"} ${agent.team ?? ""}`,
    },
    { title: t(WORDS.customer), render: (_, call) => call.customer.name ?? call.customer.id ?? "—" },
    { title: t(WORDS.score), align: "right", render: (_, { score }) => scored(score) },
    {
      title: t(WORDS.band),
      render: (_, { score, state }) =>
        score?.band ? (
          <Mark tone={TONES[score.band]}>{name("bands", score.band)}</Mark>
        ) : (
          <Mark tone="warn">{name("statuses", state)}</Mark>
        ),
    },
    { title: t(WORDS.found), render: (_, call) => <Found found={call.findings} /> },
    {
      title: t(WORDS.warning),
      render: (_, { warning }) =>
        warning ? <Mark tone={TONES[warning]}>{name("levels", warning)}</Mark> : "—",
    },
  ];
}

function scored(score: Call["score"]): string {
  return score === null ? "—" : `${score.at_most ? "≤ " : ""}${score.total}`;
}

// More than these make rows too high to be looked over.
const MOST_FOUND = 3;

function Found({ found }: { found: Call["findings"] }) {
  const name = useName();
  const entries = Object.entries(found ?? {});
  return (
    <Flex gap={4} wrap>
      {entries.slice(0, MOST_FOUND).map(([category, count]) => (
        <Mark key={category}>
          {name("categories", category)} {count}
        </Mark>
      ))}
      {entries.length > MOST_FOUND && <span>+{entries.length - MOST_FOUND}</span>}
    </Flex>
  );
}
