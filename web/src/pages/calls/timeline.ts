/** Where things are in a call: silence, overlap, what is said at a moment, and findings in order. */

import type { Finding, Utterance } from "./types";

export type Span = { start: number; end: number };

/** A span to tenths of a second, as people read and write it. */
export function rounded({ start, end }: Span): Span {
  const tenths = (seconds: number) => Math.round(seconds * 10) / 10;
  return { start: tenths(start), end: tenths(end) };
}

// Shorter gaps are breath.
const SILENCE_S = 2;
// Shorter ones are where turns touch.
const OVERLAP_S = 0.3;

/** Gaps of two seconds and more in which nobody speaks. */
export function silences(utterances: readonly Span[], duration: number): Span[] {
  const found: Span[] = [];
  let end = 0;
  for (const each of [...utterances].sort(byStart)) {
    if (each.start - end >= SILENCE_S) {
      found.push({ start: end, end: each.start });
    }
    end = Math.max(end, each.end);
  }
  return duration - end >= SILENCE_S ? [...found, { start: end, end: duration }] : found;
}

/** Where two speak at once. */
export function overlaps(utterances: readonly Utterance[]): Span[] {
  const ordered = [...utterances].sort(byStart);
  return ordered.flatMap((one, index) =>
    ordered
      .slice(index + 1)
      .filter((other) => other.side !== one.side && Math.min(one.end, other.end) - other.start >= OVERLAP_S)
      .map((other) => ({ start: other.start, end: Math.min(one.end, other.end) })),
  );
}

/** Place in the list of what is being said at a moment; what was said last where nobody speaks; -1 before. */
export function sayingAt(utterances: readonly Span[], second: number): number {
  return utterances.findLastIndex((each) => each.start <= second);
}

/** Violations and signals in the order in which they are heard; those of the whole call come last. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const last = Number.POSITIVE_INFINITY;
  return [...findings].sort((one, other) => (one.start ?? last) - (other.start ?? last) || one.id - other.id);
}

/** The finding `step` places further; stays at either end. */
export function neighbour(findings: readonly Finding[], chosen: number | null, step: number): number | null {
  const at = findings.findIndex((each) => each.id === chosen);
  const place = at < 0 ? 0 : Math.min(findings.length - 1, Math.max(0, at + step));
  return findings[place]?.id ?? null;
}

function byStart(one: Span, other: Span): number {
  return one.start - other.start;
}
