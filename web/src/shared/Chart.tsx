/** A chart for those who see it; whoever does not reads the table that stands behind it. */

import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useSay, type Words } from "./words";

echarts.use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  SVGRenderer,
]);

const TABLE: Words = { zh: "以表格查看", en: "Show as a table" };

type Props = {
  /** Options of ECharts. */
  option: Record<string, unknown>;
  /** What the chart shows, for those who do not see it. */
  label: string;
  height?: number;
  /** What a part of the chart leads to, by the series' index of it. */
  onOpen?: (place: number) => void;
  /** The same figures as a table, with a link behind every number. */
  children: ReactNode;
};

export function Chart({ option, label, height = 260, onOpen, children }: Props) {
  const t = useSay();
  const [opened, setOpened] = useState(false); // hundreds of rows take longer than the chart
  const place = useRef<HTMLDivElement>(null);
  const open = useRef(onOpen);
  open.current = onOpen;
  const chart = useRef<echarts.ECharts | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) {
      return undefined;
    }
    const made = echarts.init(element, null, { renderer: "svg" });
    made.on("click", (event) => open.current?.(event.dataIndex));
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    // Tooltips are drawn, not written as HTML: the policy of the page allows no inline styles.
    const tooltip = { renderMode: "richText", confine: true };
    chart.current?.setOption({ animation: false, tooltip, ...option }, { notMerge: true });
  }, [option]);
  return (
    <figure className="chart" aria-label={label}>
      <div ref={place} style={{ height }} aria-hidden="true" />
      <details onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>{t(TABLE)}</summary>
        {opened && children}
      </details>
    </figure>
  );
}
