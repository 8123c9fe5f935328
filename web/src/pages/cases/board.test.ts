import { expect, test } from "vitest";
import { board, type Case, type Deadline } from "./board";

const one = (id: number, state: string) => ({ id, state }) as Case;
const due = (case_id: number, due_at: string | null) => ({ case_id, due_at }) as Deadline;

test("cases stand where their handling stands, what is due first on top", () => {
  const columns = board(
    [one(1, "reported"), one(2, "returned"), one(3, "planned"), one(4, "reported"), one(5, "closed")],
    [
      due(2, "2026-03-05T10:00:00Z"),
      due(1, "2026-03-06T10:00:00Z"),
      due(1, "2026-03-05T11:00:00Z"),
      due(4, null),
    ],
  );
  expect(columns.map(({ key, entries }) => [key, entries.map((entry) => entry.case.id)])).toEqual([
    ["report", [2, 1, 4]],
    ["team", []],
    ["plan", []],
    ["talk", [3]],
    ["follow", []],
    ["close", []],
  ]);
  expect(columns[0]?.entries[1]?.next?.due_at).toBe("2026-03-05T11:00:00Z");
});
