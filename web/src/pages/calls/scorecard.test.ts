import { expect, test } from "vitest";
import { itemsOf, ratingsOf } from "./scorecard";
import type { Review } from "./types";

test("items come in order, met or not where nothing else is said", () => {
  const title = { zh: "尊重", en: "Respectful" };
  const sections = [
    { items: [{ id: "respectful", title, critical: true }] },
    { items: [{ id: "solution", title, best: 2, not_applicable: true }] },
  ];
  const card = { name: "short", version: 1, document: { sections } } as Review["scorecard"];
  expect(itemsOf(card)).toEqual([
    { id: "respectful", title, best: 1, critical: true, notApplicable: false },
    { id: "solution", title, best: 2, critical: false, notApplicable: true },
  ]);
  expect(itemsOf(null)).toEqual([]);
});

test("the last rating of an item counts", () => {
  const reviews = [{ ratings: { respectful: 0, solution: "n/a" } }, { ratings: { respectful: 1 } }, {}];
  expect(ratingsOf({ ticket: { reviews } } as unknown as Review)).toEqual({ respectful: 1, solution: "n/a" });
});
