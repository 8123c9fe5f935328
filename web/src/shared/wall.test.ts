import { expect, test } from "vitest";
import { momentOf, wallOf } from "./wall";

test("what is typed is meant by the clock of the house", () => {
  expect(momentOf("2026-03-05T10:30", "Asia/Shanghai")).toBe("2026-03-05T02:30:00.000Z");
  expect(wallOf("2026-03-05T02:30:00Z", "Asia/Shanghai")).toBe("2026-03-05T10:30");
});

test("clocks that are put forward are followed", () => {
  expect(momentOf("2026-03-28T12:00", "Europe/Berlin")).toBe("2026-03-28T11:00:00.000Z");
  expect(momentOf("2026-03-30T12:00", "Europe/Berlin")).toBe("2026-03-30T10:00:00.000Z");
});

test("what says no time is no moment", () => {
  expect(momentOf("", "Asia/Shanghai")).toBeNull();
});
