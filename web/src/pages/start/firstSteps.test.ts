import { expect, test } from "vitest";
import { firstSteps } from "./firstSteps";

test("a new house connects its recorder and invites its people", () => {
  expect(firstSteps({ people: 1, sources: 0, calls: 0 })).toEqual([
    { key: "recordings", done: false },
    { key: "people", done: false },
  ]);
});

test("what is done stays in sight until all is", () => {
  expect(firstSteps({ people: 1, sources: 0, calls: 10 })).toEqual([
    { key: "recordings", done: true },
    { key: "people", done: false },
  ]);
  expect(firstSteps({ people: 2, sources: 1, calls: 0 })).toEqual([]);
});
