import { expect, test } from "vitest";
import { inOrder, neighbour, overlaps, sayingAt, silences } from "./timeline";
import type { Finding, Utterance } from "./types";

const said = (start: number, end: number, side = 0) => ({ start, end, side }) as Utterance;
const found = (id: number, start: number | null) => ({ id, start }) as Finding;

test("silence is where nobody speaks for two seconds", () => {
  expect(silences([said(2.5, 4), said(3, 8, 1), said(9.5, 10)], 12)).toEqual([
    { start: 0, end: 2.5 },
    { start: 10, end: 12 },
  ]);
});

test("overlap is where both sides speak, not where turns touch", () => {
  expect(overlaps([said(0, 5), said(4, 4.5, 1), said(4.9, 8, 1), said(6, 7, 1)])).toEqual([
    { start: 4, end: 4.5 },
  ]);
});

test("between two turns the last one is shown", () => {
  const turns = [said(1, 2), said(4, 5)];
  expect([0, 1.5, 3, 4, 9].map((second) => sayingAt(turns, second))).toEqual([-1, 0, 0, 1, 1]);
});

test("findings follow each other as they are heard; one of the whole call is last", () => {
  const findings = inOrder([found(1, null), found(2, 30), found(3, 12)]);
  expect(findings.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect([neighbour(findings, null, 1), neighbour(findings, 3, 1), neighbour(findings, 1, 1)]).toEqual([
    3, 2, 1,
  ]);
  expect(neighbour([], null, 1)).toBeNull();
});
