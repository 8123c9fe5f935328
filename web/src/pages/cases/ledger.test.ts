import { expect, test } from "vitest";
import { asked, exportOf } from "./ledger";

const day = (date: string) => `${date}T00:00:00+08:00`;

test("the address becomes the question", () => {
  const shown = { level: "high,medium", team: "T1, east", open: "yes", since: "2026-03-01", sort: "amount" };
  expect(asked(shown, day)).toEqual({
    level: ["high", "medium"],
    team: ["T1, east"],
    open: true,
    since: "2026-03-01T00:00:00+08:00",
    sort: "amount",
  });
});

test("an export holds what the table shows, from its first line", () => {
  expect(exportOf("csv", { level: "high,low", cursor: "c2" }, "en", day)).toBe(
    "/api/v1/ledger/export.csv?lang=en&level=high&level=low",
  );
});
