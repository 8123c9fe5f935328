/** What people decided about findings, and whether one may decide now. */

import type { Review } from "./types";

export type Verdict = "true" | "false" | "unsure";
export type Decided = { by: string; verdict: Verdict };

type Said = { finding: number | null; verdict: string; by: string };

const VERDICTS: readonly string[] = ["true", "false", "unsure"];

/** The decision that counts for each finding: the last one that the reader may see. */
export function decisions(review: Review): Map<number, Decided> {
  const found = new Map<number, Decided>();
  const reviews = (review.ticket?.reviews ?? []) as { decisions?: readonly Said[] }[];
  for (const { finding, verdict, by } of reviews.flatMap((each) => each.decisions ?? [])) {
    if (finding != null && VERDICTS.includes(verdict)) {
      found.set(finding, { by, verdict: verdict as Verdict });
    }
  }
  return found;
}

/** Whether the reader may do something with the ticket now. */
export function allows(review: Review, action: string): boolean {
  return review.actions.some((each) => each.action === action && each.refusal === null);
}
