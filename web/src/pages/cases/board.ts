/** The board: open cases by where their handling stands, the most urgent first. Pure. */

import type { Schemas } from "../../api/client";

export type Case = Schemas["CaseOut"];
export type Deadline = Schemas["DeadlineOut"];
export type Entry = { readonly case: Case; readonly next: Deadline | null };
export type Column = { readonly states: readonly string[]; readonly key: string; readonly entries: Entry[] };

/** Columns of the board; states that wait for the same people stand together. */
export const COLUMNS: readonly (readonly [string, readonly string[]])[] = [
  ["report", ["reported", "returned"]],
  ["team", ["reviewed", "collected"]],
  ["plan", ["teamed", "analysed"]],
  ["talk", ["planned", "contacting"]],
  ["follow", ["resolved", "tracking"]],
  ["close", ["evaluated"]],
];

/** Every open case in its column with its next deadline: what is due first stands first, without one last. */
export function board(cases: readonly Case[], deadlines: readonly Deadline[]): Column[] {
  const next = nextOf(deadlines);
  return COLUMNS.map(([key, states]) => ({
    key,
    states,
    entries: cases
      .filter((each) => states.includes(each.state))
      .map((each) => ({ case: each, next: next.get(each.id) ?? null }))
      .sort((one, other) => due(one) - due(other) || one.case.id - other.case.id),
  }));
}

function due({ next }: Entry): number {
  return next?.due_at ? Date.parse(next.due_at) : Number.MAX_SAFE_INTEGER; // after every date
}

/** The deadline of each case that is due first; one that is paused is not awaited. */
function nextOf(deadlines: readonly Deadline[]): Map<number, Deadline> {
  const next = new Map<number, Deadline>();
  for (const each of deadlines) {
    const known = next.get(each.case_id);
    if (
      each.due_at !== null &&
      (known === undefined || Date.parse(each.due_at) < Date.parse(known.due_at ?? ""))
    ) {
      next.set(each.case_id, each);
    }
  }
  return next;
}
