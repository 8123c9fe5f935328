import { Card, Col, Input, Row, Statistic, Table, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { VALUES, wordsOf } from "../../app/forms/words";
import { useClock } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Chart } from "../../shared/Chart";
import { percent } from "../../shared/numbers";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { causesOf, monthsBefore } from "./months";

const WORDS = {
  title: { zh: "月度归因", en: "What a month teaches" },
  month: { zh: "月份", en: "Month" },
  complaints: { zh: "收到投诉", en: "Complaints received" },
  closed: { zh: "已结案", en: "Closed" },
  open: { zh: "月末未结", en: "Open at the end" },
  oneTime: { zh: "一次性解决率", en: "Resolved at the first attempt" },
  inTime: { zh: "按时答复率", en: "Answered in time" },
  settled: { zh: "按时办结率", en: "Settled in time" },
  repeats: { zh: "重复投诉率", en: "Complained again" },
  attributed: { zh: "已归因", en: "Attributed" },
  of: { zh: "{part} / {whole}", en: "{part} of {whole}" },
  causes: { zh: "原因", en: "Causes" },
  dimension: { zh: "维度", en: "Kind of cause" },
  cause: { zh: "原因", en: "Cause" },
  count: { zh: "件数", en: "Cases" },
  noCauses: { zh: "本月没有已归因的结案。", en: "No case closed in this month was attributed." },
  flow: { zh: "进出情况", en: "Opened and closed" },
  carriedIn: { zh: "上月结转", en: "Carried in" },
  opened: { zh: "新立案", en: "Opened" },
  carriedOut: { zh: "结转下月", en: "Carried out" },
} satisfies Record<string, Words>;

const BACK = 6; // months shown beside the one asked for

/** The figures of a month: how complaints were handled, where they came from, and how cases flow. */
export default function Months() {
  const t = useSay();
  const { zone } = useClock();
  const [{ month: asked }, change] = useAddress("month");
  const now = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit" });
  const month = asked ?? now.format(new Date());
  const found = api.useQuery("get", "/api/v1/learning/months/{month}", { params: { path: { month } } });
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Input
        type="month"
        aria-label={t(WORDS.month)}
        value={month}
        onChange={(event) => change({ month: event.target.value })}
        style={{ width: 200 }}
      />
      {found.error ? <Failed error={found.error} retry={found.refetch} /> : found.data ? null : <Loading />}
      {found.data && <Figures month={found.data} />}
      <Flow month={month} />
    </>
  );
}

type Month = Schemas["MonthOut"];

function Figures({ month }: { month: Month }) {
  const t = useSay();
  const rates = [
    ["oneTime", month.one_time],
    ["inTime", month.answered_in_time],
    ["settled", month.settled_in_time],
    ["repeats", month.repeats],
    ["attributed", month.attributed],
  ] as const;
  const counts = [
    ["complaints", month.complaints],
    ["closed", month.closed],
    ["open", month.open_at_end],
  ] as const;
  const causes = causesOf(month.causes);
  return (
    <>
      <Row gutter={[12, 12]} className="block">
        {counts.map(([key, value]) => (
          <Col key={key} xs={12} md={6} xl={3}>
            <Card size="small">
              <Statistic title={t(WORDS[key])} value={value} />
            </Card>
          </Col>
        ))}
        {rates.map(([key, rate]) => (
          <Col key={key} xs={12} md={6} xl={3}>
            <Card size="small">
              <Statistic title={t(WORDS[key])} value={percent(rate.share)} />
              <Typography.Text type="secondary">
                {t(WORDS.of, { part: rate.part, whole: rate.whole })}
              </Typography.Text>
            </Card>
          </Col>
        ))}
      </Row>
      <Card title={t(WORDS.causes)} className="block">
        {causes.length === 0 ? (
          <Nothing words={WORDS.noCauses} />
        ) : (
          <Table
            rowKey="key"
            size="small"
            pagination={false}
            dataSource={causes}
            columns={[
              { title: t(WORDS.dimension), render: (_, each) => t(wordsOf(VALUES, each.dimension)) },
              { title: t(WORDS.cause), dataIndex: "kind" },
              { title: t(WORDS.count), dataIndex: "count", align: "right" },
            ]}
          />
        )}
      </Card>
    </>
  );
}

function Flow({ month }: { month: string }) {
  const t = useSay();
  const first = monthsBefore(month, BACK);
  const { data, error, refetch } = api.useQuery("get", "/api/v1/ledger/summary", {
    params: { query: { first, last: month } },
  });
  if (error || !data) {
    return error ? <Failed error={error} retry={refetch} /> : <Loading />;
  }
  const series = [
    ["opened", "#1554ad"],
    ["closed", "#8c8c8c"],
  ] as const;
  return (
    <Card title={t(WORDS.flow)} className="block">
      <Chart
        label={t(WORDS.flow)}
        option={{
          grid: { left: 40, right: 16, top: 24, bottom: 28 },
          xAxis: { type: "category", data: data.months.map((each) => each.month) },
          yAxis: { type: "value", minInterval: 1 },
          series: series.map(([key, color]) => ({
            type: "bar",
            name: t(WORDS[key]),
            itemStyle: { color },
            label: { show: true, position: "top", formatter: `${t(WORDS[key])} {c}` },
            data: data.months.map((each) => each[key]),
          })),
        }}
      >
        <Table<(typeof data.months)[number]>
          rowKey="month"
          size="small"
          pagination={false}
          dataSource={data.months}
          columns={[
            {
              title: t(WORDS.month),
              render: (_, each) => <Link to={`/cases?since=${each.month}-01`}>{each.month}</Link>,
            },
            { title: t(WORDS.carriedIn), dataIndex: "carried_in", align: "right" },
            { title: t(WORDS.opened), dataIndex: "opened", align: "right" },
            { title: t(WORDS.closed), dataIndex: "closed", align: "right" },
            { title: t(WORDS.carriedOut), dataIndex: "carried_out", align: "right" },
          ]}
        />
      </Chart>
    </Card>
  );
}
