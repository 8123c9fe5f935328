import { expect, test } from "vitest";
import type { Schemas } from "../../api/client";
import { addressOf, asked, filtersOf } from "./filters";

const ZONE = "Asia/Shanghai";

test("days begin by the clock of the house, and numbers are numbers", () => {
  const shown = {
    q: "投诉",
    band: "major",
    since: "2026-05-01",
    score_max: "60",
    sort: "relevance",
    cursor: "c2",
  };
  expect(filtersOf(shown, ZONE)).toEqual({
    band: "major",
    since: "2026-04-30T16:00:00.000Z",
    score_max: 60,
  });
  expect(asked(shown, ZONE)).toMatchObject({ band: "major", sort: "relevance", cursor: "c2" });
});

test("a search that was kept opens as it was", () => {
  const saved = {
    q: "投诉",
    sort: "time",
    filters: { team: "T1", hour: 0, band: null, since: "2026-04-30T16:00:00Z" },
  };
  expect(addressOf(saved as unknown as Schemas["SavedOut"], ZONE)).toBe(
    "/search?q=%E6%8A%95%E8%AF%89&sort=time&team=T1&hour=0&since=2026-05-01",
  );
});
