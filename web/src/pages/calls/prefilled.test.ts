import { expect, test } from "vitest";
import { prefilled } from "./prefilled";
import type { Review } from "./types";

test("a ruling speaks of everything that was appealed", () => {
  const appeal = {
    grounds: [
      { finding: 41, missed: null, reason: "…" },
      { finding: null, missed: 1, reason: "…" },
    ],
  };
  const review = { ticket: { appeal } } as unknown as Review;
  expect(prefilled("decide_appeal", review)).toEqual({ rulings: [{ finding: 41 }, { missed: 1 }] });
});

test("a third person decides on what two saw differently", () => {
  const reviews = [
    {
      decisions: [
        { finding: 1, verdict: "true" },
        { finding: 2, verdict: "true" },
      ],
    },
    {
      decisions: [
        { finding: 1, verdict: "false" },
        { finding: 2, verdict: "true" },
      ],
    },
  ];
  const review = { ticket: { reviews } } as unknown as Review;
  expect(prefilled("adjudicate", review)).toEqual({ decisions: [{ finding: 1 }] });
  expect(prefilled("share", review)).toEqual({});
});
