import { Card, Table } from "antd";
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import { api } from "../../api/client";
import { useClock } from "../../app/session";
import { Chart } from "../../shared/Chart";
import { Mark } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { type Asked, asked, type Cell, callsBehind, hoursShown, points } from "./figures";

const WORDS = {
  title: {
    zh: "按星期和小时的通话（{zone}）；⚠ 为债务人当地允许时段之外的通话",
    en: "Calls by day and hour ({zone}); ⚠ those outside of the hours permitted where the debtor is",
  },
  none: { zh: "这段时间没有已质检的通话。", en: "No call of these days was judged." },
  day: { zh: "星期", en: "Day" },
  hour: { zh: "时段", en: "Hour" },
  calls: { zh: "通话", en: "Calls" },
  outside: { zh: "时段之外", en: "Outside" },
} satisfies Record<string, Words>;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Calls by hour and day of the week against the permitted hours; each opens its calls. */
export function Hours({ query }: { query: Asked }) {
  const t = useSay();
  const go = useNavigate();
  const { zone } = useClock();
  const days = useDays();
  const found = api.useQuery("get", "/api/v1/figures/calls", { params: { query: asked(query) } });
  const cells = found.data?.items;
  const option = useMemo(() => optionOf(cells ?? [], days), [cells, days]);
  const title = t(WORDS.title, { zone });
  return (
    <Card title={title} className="block">
      {found.error ? <Failed error={found.error} retry={found.refetch} /> : cells ? null : <Loading />}
      {cells?.length === 0 && <Nothing words={WORDS.none} />}
      {cells && cells.length > 0 && (
        <Chart
          label={title}
          option={option}
          height={280}
          onOpen={(place) => {
            const cell = cells[place];
            if (cell) {
              go(callsBehind(cell.filters));
            }
          }}
        >
          <Table<Cell>
            rowKey={(cell) => `${cell.weekday} ${cell.hour}`}
            size="small"
            pagination={false}
            dataSource={cells}
            columns={[
              { title: t(WORDS.day), render: (_, cell) => days[cell.weekday - 1] },
              { title: t(WORDS.hour), render: (_, cell) => `${cell.hour}:00–${cell.hour}:59` },
              {
                title: t(WORDS.calls),
                align: "right",
                render: (_, cell) => <Link to={callsBehind(cell.filters)}>{cell.calls}</Link>,
              },
              {
                title: t(WORDS.outside),
                align: "right",
                render: (_, cell) => (cell.outside > 0 ? <Mark tone="bad">{cell.outside}</Mark> : 0),
              },
            ]}
          />
        </Chart>
      )}
    </Card>
  );
}

function useDays(): string[] {
  const { lang } = useLanguage();
  return useMemo(() => {
    const said = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
      weekday: "short",
      timeZone: "UTC",
    });
    return Array.from({ length: 7 }, (_, day) => said.format(new Date(MONDAY + day * DAY_MS)));
  }, [lang]);
}

function optionOf(cells: readonly Cell[], days: readonly string[]) {
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: hoursShown(cells).map((hour) => `${hour}:00`) },
    yAxis: { type: "category", data: days, inverse: true },
    visualMap: {
      show: false,
      min: 0,
      max: Math.max(1, ...cells.map((cell) => cell.calls)),
      inRange: { color: ["#f0f5ff", "#adc6ff"] },
    },
    series: [{ type: "heatmap", label: { show: true, color: "#141414" }, data: points(cells) }],
  };
}
