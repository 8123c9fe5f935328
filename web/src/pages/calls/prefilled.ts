/** What a form of an action begins with: everything that an answer has to speak of stands in it already. */

import type { Review } from "./types";

type Item = { finding: number | null; missed: number | null };

/** The document of an action, as far as the ticket already says it. */
export function prefilled(action: string, review: Review): Record<string, unknown> {
  const { ticket } = review;
  if (action === "decide_appeal") {
    const grounds = (ticket?.appeal as { grounds?: Item[] } | null)?.grounds ?? [];
    return { rulings: grounds.map(item) };
  }
  if (action === "adjudicate") {
    return { decisions: differing(review).map(item) };
  }
  return {};
}

function item({ finding, missed }: Item): Partial<Record<keyof Item, number>> {
  return finding != null ? { finding } : missed != null ? { missed } : {};
}

/** What two reviewers decided differently. */
function differing({ ticket }: Review): Item[] {
  const reviews = (ticket?.reviews ?? []) as { decisions?: (Item & { verdict: string })[] }[];
  const found = new Map<string, { item: Item; verdicts: Set<string> }>();
  for (const { finding = null, missed = null, verdict } of reviews.flatMap(
    ({ decisions }) => decisions ?? [],
  )) {
    const key = `${finding}/${missed}`;
    const entry = found.get(key) ?? { item: { finding, missed }, verdicts: new Set() };
    entry.verdicts.add(verdict);
    found.set(key, entry);
  }
  return [...found.values()].filter(({ verdicts }) => verdicts.size > 1).map((each) => each.item);
}
