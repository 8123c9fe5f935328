import { Card, Descriptions, Segmented, Table, Typography } from "antd";
import { useMemo } from "react";
import { api, type Schemas } from "../../api/client";
import { useAddress } from "../../shared/address";
import { Chart } from "../../shared/Chart";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "我的趋势", en: "My trend" },
  week: { zh: "周（周一）", en: "Week of" },
  calls: { zh: "通话", en: "Calls" },
  score: { zh: "机检均分", en: "Machine's mean" },
  final: { zh: "定稿均分", en: "Final mean" },
  reviewed: { zh: "已复核", en: "Reviewed" },
  unjudged: { zh: "未能判定", en: "Not judged" },
  found: { zh: "发现最多", en: "Found most" },
  appeals: { zh: "申诉", en: "Appeals" },
  said: {
    zh: "提出 {appealed}，成立 {won}，驳回 {lost}，待裁决 {waiting}",
    en: "{appealed} made, {won} won, {lost} lost, {waiting} waiting",
  },
  coaching: { zh: "辅导任务", en: "Coaching" },
  noCoaching: { zh: "没有辅导任务", en: "None" },
  none: { zh: "这段时间没有通话。", en: "There are no calls in this time." },
  period: { zh: "时段", en: "Period" },
  weeks: { zh: "近 {weeks} 周", en: "{weeks} weeks" },
} satisfies Record<string, Words>;

const PERIODS = [12, 26, 52] as const;

type Week = Schemas["TrendOut"]["weeks"][number];

/** How one's own calls come out, week by week. */
export function Trend() {
  const t = useSay();
  const { lang } = useLanguage();
  const [{ weeks: asked }, change] = useAddress("weeks");
  const period = PERIODS.find((each) => String(each) === asked) ?? PERIODS[0];
  const { data, error, refetch } = api.useQuery("get", "/api/v1/me/trend", {
    params: { query: { weeks: period } },
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  const weeks = data.weeks.filter((week) => week.calls > 0);
  const items = [
    ...data.found.slice(0, 5).map((each) => ({ label: each.title[lang], children: each.calls })),
    { label: t(WORDS.appeals), children: t(WORDS.said, data.appeals) },
    {
      label: t(WORDS.coaching),
      children: data.coaching.length ? data.coaching.map(({ goal }) => goal).join(" ") : t(WORDS.noCoaching),
    },
  ].map((item, key) => ({ ...item, key }));
  return (
    <>
      <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
      <Segmented<number>
        aria-label={t(WORDS.period)}
        value={period}
        onChange={(weeks) => change({ weeks: String(weeks) })}
        options={PERIODS.map((value) => ({ value, label: t(WORDS.weeks, { weeks: value }) }))}
      />
      {weeks.length === 0 ? <Nothing words={WORDS.none} /> : <Weeks weeks={weeks} />}
      <Card size="small" className="block">
        <Descriptions column={1} size="small" items={items} />
      </Card>
    </>
  );
}

function Weeks({ weeks }: { weeks: Week[] }) {
  const t = useSay();
  const mean = (value: number | null) => (value === null ? "—" : value.toFixed(1));
  const option = useMemo(() => optionOf(weeks, t(WORDS.score), t(WORDS.final)), [weeks, t]);
  return (
    <Chart label={t(WORDS.title)} option={option} height={220}>
      <Table<Week>
        rowKey="monday"
        size="small"
        dataSource={weeks}
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { title: t(WORDS.week), dataIndex: "monday" },
          { title: t(WORDS.calls), dataIndex: "calls", align: "right" },
          { title: t(WORDS.score), align: "right", render: (_, week) => mean(week.score) },
          { title: t(WORDS.final), align: "right", render: (_, week) => mean(week.final) },
          { title: t(WORDS.reviewed), dataIndex: "reviewed", align: "right" },
          { title: t(WORDS.unjudged), dataIndex: "not_judged", align: "right" },
        ]}
      />
    </Chart>
  );
}

/** Two lines over the weeks: what the machine says, and what people said in the end. */
function optionOf(weeks: readonly Week[], score: string, final: string) {
  const line = (name: string, values: (number | null)[], type: "solid" | "dashed") => ({
    type: "line",
    name,
    data: values,
    lineStyle: { type },
    symbolSize: 8,
    endLabel: { show: true, formatter: name },
  });
  return {
    grid: { left: 40, right: 110, top: 16, bottom: 28 },
    xAxis: { type: "category", data: weeks.map(({ monday }) => monday) },
    yAxis: { type: "value", min: 0, max: 100 },
    tooltip: { trigger: "axis" },
    series: [
      line(
        score,
        weeks.map((week) => week.score),
        "solid",
      ),
      line(
        final,
        weeks.map((week) => week.final),
        "dashed",
      ),
    ],
  };
}
