import { expect, test } from "vitest";
import { changes, matching } from "./matching";

const PEOPLE = [
  { id: "A101", name: "林晓", team: "T1" },
  { id: "boss2", name: "孔主管", team: null },
];

test("people are found by name, id and team", () => {
  expect(matching(PEOPLE, "a10")).toEqual([PEOPLE[0]]);
  expect(matching(PEOPLE, " 孔 ")).toEqual([PEOPLE[1]]);
  expect(matching(PEOPLE, "t1")).toEqual([PEOPLE[0]]);
  expect(matching(PEOPLE, "")).toEqual(PEOPLE);
  expect(matching(PEOPLE, "x")).toEqual([]);
});

test("only what was changed is sent", () => {
  const before = { name: "林晓", team: "T1", roles: ["collector"] };
  expect(changes(before, { ...before })).toEqual({});
  expect(changes(before, { ...before, roles: ["supervisor"], team: "" })).toEqual({
    roles: ["supervisor"],
    team: "",
  });
});
