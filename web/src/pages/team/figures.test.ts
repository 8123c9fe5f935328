import { expect, test } from "vitest";
import { type Cell, callsBehind, hoursShown, lastDays, points } from "./figures";

const cell = (weekday: number, hour: number, calls: number, outside = 0) =>
  ({ weekday, hour, calls, outside, filters: {} }) as Cell;

test("a figure leads to the calls behind it", () => {
  const filters = { since: "2026-05-01T00:00:00+08:00", category: "threat", team: null };
  expect(callsBehind(filters)).toBe("/calls?since=2026-05-01T00%3A00%3A00%2B08%3A00&category=threat");
});

test("a call at night widens the clock, and says that it was outside of the permitted hours", () => {
  const cells = [cell(1, 10, 3), cell(7, 22, 2, 2)];
  expect(hoursShown(cells).at(-1)).toBe(22);
  expect(hoursShown([])).toHaveLength(14);
  expect(points(cells).map(({ value, label }) => [value, label.formatter])).toEqual([
    [[2, 0, 3], "3"],
    [[14, 6, 2], "2 ⚠2"],
  ]);
});

test("the days before one", () => {
  expect(lastDays("2026-03-01", 30)).toEqual({ first: "2026-01-31", last: "2026-03-01" });
});
