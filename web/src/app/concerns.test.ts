import { expect, test } from "vitest";
import { concerns } from "./concerns";

const at = (path: string) => ["get", `/api/v1${path}`, {}];

test("a changed ticket concerns tickets, not cases", () => {
  expect(concerns("ticket", at("/tickets/{ticket_id}"))).toBe(true);
  expect(concerns("ticket", at("/cases"))).toBe(false);
});

test("a kind of a later version concerns everything but who is signed in", () => {
  expect(concerns("recording", at("/cases"))).toBe(true);
  expect(concerns("recording", at("/session"))).toBe(false);
});
