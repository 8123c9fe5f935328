/** Figures of supervisors, as charts take them, and the calls behind every one. Pure. */

import type { Schemas } from "../../api/client";

export type Figure = Schemas["FigureOut"];
export type Cell = Schemas["CellOut"];

/** The address of the calls that a figure counts, by the filters that the server names with it. */
export function callsBehind(filters: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== null && value !== undefined) {
      query.set(name, String(value));
    }
  }
  return `/calls?${query}`;
}

/** The hours of the clock that are shown: those of a working day, and all in which there was a call. */
export function hoursShown(cells: readonly Cell[]): number[] {
  const hours = [8, 21, ...cells.map((cell) => cell.hour)];
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}

/** Points of a chart of hours and days; what lies outside of the permitted hours says so in its words. */
export function points(cells: readonly Cell[]) {
  const first = hoursShown(cells)[0] ?? 0;
  return cells.map((cell) => ({
    value: [cell.hour - first, cell.weekday - 1, cell.calls],
    label: { formatter: cell.outside > 0 ? `${cell.calls} ⚠${cell.outside}` : String(cell.calls) },
    ...(cell.outside > 0 ? { itemStyle: { borderColor: "#a8071a", borderWidth: 3 } } : {}),
  }));
}

/** The days from so many before `today` to it (`2026-03-05`), both included. */
export function lastDays(today: string, days: number): { first: string; last: string } {
  const first = new Date(Date.parse(`${today}T00:00Z`) - (days - 1) * 86_400_000);
  return { first: first.toISOString().slice(0, 10), last: today };
}

export type Asked = { first: string; last: string; team?: string | undefined };

/** The question as the API takes it: without a team, all of them. */
export function asked({ first, last, team }: Asked): { first: string; last: string; team?: string } {
  return team ? { first, last, team } : { first, last };
}
