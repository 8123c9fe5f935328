/** The items of a scorecard (docs/sampling.md), and how they were rated. */

import type { Review } from "./types";

export type Rating = number | "n/a";
export type Item = {
  id: string;
  title: Record<string, string>;
  /** The highest rating; 1 for what is met or not. */
  best: number;
  critical: boolean;
  notApplicable: boolean;
};

type Written = {
  id: string;
  title: Record<string, string>;
  best?: number;
  critical?: boolean;
  not_applicable?: boolean;
};

/** All items of all sections, in order; none without a card. */
export function itemsOf(card: Review["scorecard"]): Item[] {
  const sections = (card?.document.sections ?? []) as { items: Written[] }[];
  return sections
    .flatMap(({ items }) => items)
    .map(({ id, title, best, critical, not_applicable }) => ({
      id,
      title,
      best: best ?? 1,
      critical: critical ?? false,
      notApplicable: not_applicable ?? false,
    }));
}

/** The ratings that the reader may see; a later review counts over an earlier one. */
export function ratingsOf(review: Review): Readonly<Record<string, Rating>> {
  const reviews = (review.ticket?.reviews ?? []) as { ratings?: Record<string, Rating> }[];
  return Object.assign({}, ...reviews.map(({ ratings }) => ratings ?? {}));
}
