import { useQueryClient } from "@tanstack/react-query";
import { Button, Descriptions, Flex, InputNumber, Progress, Table, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { useMay } from "../../app/session";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "回测", en: "Back-test" },
  calls: { zh: "最近多少通", en: "How many of the newest calls" },
  start: { zh: "开始回测", en: "Begin" },
  again: { zh: "重新回测", en: "Once more" },
  none: { zh: "还没有回测。", en: "It has not been tried on stored calls yet." },
  looked: {
    zh: "检查 {calls} 通，{changed} 通结果不同",
    en: "{calls} calls looked at, {changed} come out otherwise",
  },
  people: { zh: "涉及人员", en: "People concerned" },
  affected: { zh: "{collectors} 名坐席，{debtors} 名客户", en: "{collectors} collectors, {debtors} debtors" },
  hours: { zh: "复核工时", en: "Hours of review" },
  more: { zh: "{old} → {new}（变化 {more}）", en: "{old} → {new} (change {more})" },
  precision: { zh: "已有人判定的发现", en: "Findings that people decided on" },
  stand: { zh: "{stand} / {all} 成立（旧 {before}）", en: "{stand} of {all} stand ({before} before)" },
  rule: { zh: "规则", en: "Rule" },
  gained: { zh: "新增命中", en: "Gained" },
  lost: { zh: "减少命中", en: "Lost" },
  surer: { zh: "更确定", en: "More certain" },
  doubtful: { zh: "更存疑", en: "Less certain" },
  before: { zh: "现版", en: "Now" },
  after: { zh: "新版", en: "Then" },
  changed: { zh: "结果不同的通话", en: "Calls that come out otherwise" },
  call: { zh: "通话 {id}", en: "Call {id}" },
} satisfies Record<string, Words>;

const EVERY_MS = 1_000;
const CALLS = 500;

type Report = NonNullable<Schemas["BacktestOut"]["report"]>;

/** What a proposed version would change: asked for, watched, and read. */
export function Backtest({ pack, proposal }: { pack: string; proposal: number }) {
  const t = useSay();
  const may = useMay();
  const queries = useQueryClient();
  const [calls, setCalls] = useState<number | null>(CALLS);
  const params = { path: { pack, proposal } };
  const address = "/api/v1/packs/{pack}/proposals/{proposal}/backtest";
  const { data, error, refetch } = api.useQuery(
    "get",
    address,
    { params },
    {
      refetchInterval: ({ state }) =>
        state.data?.state === "waiting" || state.data?.state === "running" ? EVERY_MS : false,
    },
  );
  const ask = api.useMutation("post", address, {
    onSuccess: () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === address }),
  });
  const running = data?.state === "waiting" || data?.state === "running";
  const never = (error as unknown) instanceof Problem && (error as unknown as Problem).status === 404;
  return (
    <>
      <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
      {may("rules.propose") && (
        <Flex gap="small" align="center" wrap>
          <label htmlFor="calls">{t(WORDS.calls)}</label>
          <InputNumber id="calls" min={1} max={5000} precision={0} value={calls} onChange={setCalls} />
          <Button
            loading={ask.isPending || running}
            disabled={calls === null}
            onClick={() => ask.mutate({ params, body: { calls: calls ?? CALLS } })}
          >
            {t(data ? WORDS.again : WORDS.start)}
          </Button>
        </Flex>
      )}
      {ask.error && <Failed error={ask.error} />}
      {error && !never && <Failed error={error} retry={refetch} />}
      {never && <p>{t(WORDS.none)}</p>}
      {running && (
        <Progress
          percent={Math.round((100 * data.done) / (data.total ?? data.calls))}
          aria-label={t(WORDS.title)}
        />
      )}
      {data?.state === "failed" && <p role="alert">{data.message}</p>}
      {data?.report && !running && <ReportShown report={data.report} />}
    </>
  );
}

function ReportShown({ report }: { report: Report }) {
  const t = useSay();
  const { review, decided, people } = report;
  const [beforeStand = 0, afterStand = 0] = decided.stand;
  const afterAll = afterStand + (decided.overturned[1] ?? 0);
  const items = [
    {
      label: t(WORDS.title),
      children: t(WORDS.looked, { calls: report.calls, changed: report.changed_calls }),
    },
    { label: t(WORDS.people), children: t(WORDS.affected, people) },
    {
      label: t(WORDS.hours),
      children: t(WORDS.more, { old: review.hours_old, new: review.hours_new, more: review.hours_more }),
    },
    {
      label: t(WORDS.precision),
      children: t(WORDS.stand, { stand: afterStand, all: afterAll, before: beforeStand }),
    },
  ].map((item, key) => ({ ...item, key }));
  const rows = Object.entries(report.rules).map(([rule, counts]) => ({ rule, ...counts }));
  return (
    <>
      <Descriptions column={1} size="small" items={items} className="block" />
      <Table
        rowKey="rule"
        size="small"
        pagination={false}
        dataSource={rows}
        scroll={{ x: "max-content" }}
        columns={[
          {
            title: t(WORDS.rule),
            render: (_, { rule }) => <Link to={`/rules/find/${encodeURIComponent(rule)}`}>{rule}</Link>,
          },
          { title: t(WORDS.gained), dataIndex: "gained", align: "right" },
          { title: t(WORDS.lost), dataIndex: "lost", align: "right" },
          { title: t(WORDS.surer), dataIndex: "more_certain", align: "right" },
          { title: t(WORDS.doubtful), dataIndex: "less_certain", align: "right" },
          { title: t(WORDS.before), dataIndex: "old", align: "right" },
          { title: t(WORDS.after), dataIndex: "new", align: "right" },
        ]}
      />
      {report.changed.length > 0 && <Typography.Title level={3}>{t(WORDS.changed)}</Typography.Title>}
      <ul className="sheet">
        {report.changed.map((each) => (
          <li key={each.call_id} className="item">
            <Link to={`/calls/${each.call_id}`}>{t(WORDS.call, { id: each.call_id })}</Link>{" "}
            {each.gained.map((rule) => `+${rule}`).join(" ")} {each.lost.map((rule) => `−${rule}`).join(" ")}
          </li>
        ))}
      </ul>
    </>
  );
}
