/** What the call page shows, as `GET /calls/{id}/review` says it; `result` is described by docs/schema. */

import type { Schemas } from "../../api/client";

export type Review = Schemas["ReviewOut"];
export type Finding = Schemas["ReviewFinding"];
export type Ticket = Schemas["TicketDetail"];

/** `[text, start s, end s, confidence 0–1]` */
export type Word = readonly [string, number, number, number];

export type Utterance = {
  id: number;
  speaker: string;
  side: number;
  start: number;
  end: number;
  text: string;
  as_heard: string | null;
  words: readonly Word[];
};

type Result = {
  transcript?: { utterances?: readonly Utterance[]; roles?: { how?: string } };
  voice?: { seconds?: Record<string, readonly (number | null)[]> };
};

/** What was said, in order; empty where nothing could be written down. */
export function utterancesOf(review: Review): readonly Utterance[] {
  return (review.call.result as Result | null)?.transcript?.utterances ?? [];
}

/** How excited each speaker's voice is above its own calm, second by second, in standard deviations. */
export function voicesOf(review: Review): Record<string, readonly (number | null)[]> {
  return (review.call.result as Result | null)?.voice?.seconds ?? {};
}
