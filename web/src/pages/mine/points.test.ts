import { expect, test } from "vitest";
import { appealOf, type Point } from "./points";

const point = (finding: number | null, missed: number | null) => ({ finding, missed }) as Point;

test("an appeal holds the points that have a reason, of the machine and of people", () => {
  const points = [point(41, null), point(42, null), point(null, 1)];
  const reasons = { "finding-41": " 客户先骂人 ", "finding-42": "  ", "missed-1": "没说过" };
  expect(appealOf(points, reasons)).toEqual({
    grounds: [
      { finding: 41, reason: "客户先骂人" },
      { missed: 1, reason: "没说过" },
    ],
  });
});

test("without a reason there is no appeal", () => {
  expect(appealOf([point(41, null)], {})).toBeNull();
});
