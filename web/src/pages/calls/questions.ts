/** What a third person has to answer: every finding that was appealed, or that two reviewers saw differently. */

import type { Review, Ticket } from "./types";

type Item = { finding: number | null; missed: number | null };
export type Said = { by: string | null; text: string };
export type Question = { item: Partial<Record<keyof Item, number>>; category: string; said: Said[] };

type Decision = Item & { verdict: string; by: string; comment: string | null };
type Missed = { missed: number; category: string };

/** The questions of an action; null where it asks none of this kind. */
export function questionsOf(action: string, review: Review): Question[] | null {
  const { ticket } = review;
  if (ticket === null) {
    return null;
  }
  if (action === "decide_appeal") {
    const grounds = (ticket.appeal as { grounds?: (Item & { reason: string })[] } | null)?.grounds ?? [];
    return grounds.map((each) =>
      question(each, review, ticket, [{ by: ticket.collector_id, text: each.reason }]),
    );
  }
  return action === "adjudicate" ? differing(review, ticket) : null;
}

/** What two reviewers decided differently, with both of their words. */
function differing(review: Review, ticket: Ticket): Question[] {
  const found = new Map<string, Decision[]>();
  for (const decision of reviewsOf(ticket).flatMap(({ decisions }) => decisions ?? [])) {
    const key = `${decision.finding ?? ""}/${decision.missed ?? ""}`;
    found.set(key, [...(found.get(key) ?? []), decision]);
  }
  return [...found.values()]
    .filter((both) => new Set(both.map(({ verdict }) => verdict)).size > 1)
    .map((both) =>
      question(
        both[0] as Decision,
        review,
        ticket,
        both.map(({ by, verdict, comment }) => ({ by, text: [verdict, comment].filter(Boolean).join(": ") })),
      ),
    );
}

function question({ finding, missed }: Item, review: Review, ticket: Ticket, said: Said[]): Question {
  const missedOnes = reviewsOf(ticket).flatMap((each) => each.missed ?? []);
  return {
    item: finding != null ? { finding } : { missed: missed as number },
    category:
      (finding != null
        ? review.findings.find(({ id }) => id === finding)?.category
        : missedOnes.find((each) => each.missed === missed)?.category) ?? "",
    said,
  };
}

function reviewsOf(ticket: Ticket) {
  return ticket.reviews as { decisions?: Decision[]; missed?: Missed[] }[];
}
