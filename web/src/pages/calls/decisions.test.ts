import { expect, test } from "vitest";
import { allows, decisions } from "./decisions";
import type { Review } from "./types";

const said = (finding: number | null, verdict: string, by: string) => ({ finding, verdict, by });

test("the last decision on a finding counts; what was missed is none of the machine's findings", () => {
  const reviews = [
    { decisions: [said(1, "true", "ann"), said(null, "true", "ann")] },
    { decisions: [said(1, "false", "ben"), said(2, "unsure", "ben")] },
  ];
  const found = decisions({ ticket: { reviews } } as unknown as Review);
  expect([...found]).toEqual([
    [1, { by: "ben", verdict: "false" }],
    [2, { by: "ben", verdict: "unsure" }],
  ]);
});

test("an action that is refused is not allowed, nor one of a call without a ticket", () => {
  const actions = [
    { action: "take", refusal: null },
    { action: "share", refusal: { code: "ticket.undecided" } },
  ];
  const review = { actions, ticket: null } as unknown as Review;
  expect([allows(review, "take"), allows(review, "share"), allows(review, "decide")]).toEqual([
    true,
    false,
    false,
  ]);
  expect(decisions(review).size).toBe(0);
});
