import { Card, Descriptions, Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
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
  none: { zh: "近期没有通话。", en: "There are no calls of late." },
} satisfies Record<string, Words>;

type Week = Schemas["TrendOut"]["weeks"][number];

/** How one's own calls come out, week by week. */
export function Trend() {
  const t = useSay();
  const { lang } = useLanguage();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/me/trend");
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
  return (
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
  );
}
