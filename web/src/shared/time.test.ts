import { expect, test } from "vitest";
import { distance, moment, position } from "./time";

test("a moment is shown by the clock of the house, with its zone", () => {
  expect(moment("2026-03-05T02:30:00Z", "Asia/Shanghai", "zh")).toBe("2026-03-05 10:30 GMT+8");
  expect(moment("2026-03-05T02:30:00Z", "UTC", "en")).toBe("2026-03-05 02:30 GMT+0");
});

test("a moment that nobody knows is not now", () => {
  expect(moment(null, "Asia/Shanghai", "zh")).toBe("时间不明");
  expect(moment("soon", "Asia/Shanghai", "en")).toBe("time unknown");
});

test("a place in a recording", () => {
  expect([0, 187.9, 3723].map(position)).toEqual(["0:00", "3:07", "1:02:03"]);
});

test("how far away a moment is", () => {
  const now = new Date("2026-03-05T00:00:00Z");
  expect(distance("2026-03-05T02:00:00Z", now, "en")).toBe("in 2 hours");
  expect(distance("2026-03-02T00:00:00Z", now, "en")).toBe("3 days ago");
});
