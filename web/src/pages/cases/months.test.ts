import { expect, test } from "vitest";
import { causesOf, monthsBefore } from "./months";

test("causes stand in one list, the most frequent first", () => {
  const causes = { process: [{ kind: "夜间来电", count: 1 }], staff: [{ kind: null, count: 3 }] };
  expect(causesOf(causes).map(({ dimension, kind, count }) => [dimension, kind, count])).toEqual([
    ["staff", "—", 3],
    ["process", "夜间来电", 1],
  ]);
});

test("months before others, also over the turn of a year", () => {
  expect([monthsBefore("2026-03", 6), monthsBefore("2026-12", 0)]).toEqual(["2025-09", "2026-12"]);
});
