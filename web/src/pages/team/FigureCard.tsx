import { Card, Table, Typography } from "antd";
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import { Chart } from "../../shared/Chart";
import { percent } from "../../shared/numbers";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { callsBehind, type Figure } from "./figures";

const WORDS = {
  none: { zh: "这段时间没有已质检的通话。", en: "No call of these days was judged." },
  what: { zh: "项目", en: "What" },
  calls: { zh: "数量", en: "Count" },
  whole: { zh: "总数", en: "Of" },
  share: { zh: "占比", en: "Share" },
  others: { zh: "含该类违规的通话", en: "Calls with it" },
  first: {
    zh: "图中为前 {count} 项，表格中有全部 {all} 项。",
    en: "The chart shows the first {count}, the table all {all}.",
  },
} satisfies Record<string, Words>;

const BARS = 20; // more would be a page of bars that nobody reads
const ROWS = 50;

type Props = {
  title: string;
  found: { error: unknown; refetch: () => unknown };
  figures: readonly Figure[] | undefined;
  nameOf?: ((key: string) => string) | undefined;
  /** A line over time instead of bars. */
  line?: boolean;
  /** The filters lead to the calls that are not counted. */
  others?: boolean;
};

/** Figures as a chart with their table behind it; each opens the calls it counts. */
export function FigureCard({ title, found, figures, nameOf = String, line = false, others = false }: Props) {
  const t = useSay();
  const go = useNavigate();
  const drawn = useMemo(() => (line ? figures : figures?.slice(0, BARS)) ?? [], [figures, line]);
  const option = useMemo(() => optionOf(drawn, nameOf, line), [drawn, nameOf, line]);
  const columns = [
    { title: t(WORDS.what), render: (_: unknown, each: Figure) => nameOf(each.key) },
    {
      title: t(WORDS.calls),
      align: "right" as const,
      render: (_: unknown, each: Figure) =>
        others ? each.count : <Link to={callsBehind(each.filters)}>{each.count}</Link>,
    },
    {
      title: t(WORDS.whole),
      align: "right" as const,
      render: (_: unknown, each: Figure) => each.whole ?? "—",
    },
    {
      title: t(WORDS.share),
      align: "right" as const,
      render: (_: unknown, each: Figure) => percent(each.share),
    },
    ...(others
      ? [
          {
            title: t(WORDS.others),
            align: "right" as const,
            render: (_: unknown, each: Figure) => (
              <Link to={callsBehind(each.filters)}>{(each.whole ?? 0) - each.count}</Link>
            ),
          },
        ]
      : []),
  ];
  return (
    <Card title={title} className="block">
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {!figures && !found.error ? <Loading /> : null}
      {figures?.length === 0 && <Nothing words={WORDS.none} />}
      {figures && drawn.length < figures.length && (
        <Typography.Paragraph type="secondary">
          {t(WORDS.first, { count: drawn.length, all: figures.length })}
        </Typography.Paragraph>
      )}
      {figures && figures.length > 0 && (
        <Chart
          label={title}
          option={option}
          height={line ? 220 : Math.max(120, drawn.length * 28 + 40)}
          onOpen={(place) => {
            const each = drawn[place];
            if (each) {
              go(callsBehind(each.filters));
            }
          }}
        >
          <Table<Figure>
            rowKey="key"
            size="small"
            pagination={figures.length > ROWS && { pageSize: ROWS, showSizeChanger: false }}
            dataSource={[...figures]}
            columns={columns}
            scroll={{ x: "max-content" }}
          />
        </Chart>
      )}
    </Card>
  );
}

function optionOf(figures: readonly Figure[], nameOf: (key: string) => string, line: boolean) {
  const names = { type: "category", data: figures.map((each) => nameOf(each.key)), inverse: !line };
  const counts = { type: "value", minInterval: 1 };
  const data = figures.map((each) => ({
    value: each.count,
    label: { formatter: each.share === null ? "{c}" : `{c} (${percent(each.share)})` },
  }));
  return {
    grid: { left: 8, right: 72, top: 24, bottom: 8, containLabel: true },
    xAxis: line ? names : counts,
    yAxis: line ? counts : names,
    series: [
      {
        type: line ? "line" : "bar",
        barMaxWidth: 18,
        itemStyle: { color: "#1554ad" },
        label: { show: true, position: line ? "top" : "right", color: "#262626" },
        data,
      },
    ],
  };
}
