import { expect, test } from "vitest";
import { fieldsOf, isPlain } from "./fields";

test("text fields are asked for in order, with what must be given", () => {
  const schema = { properties: { reviewer: {}, second_reviewer: {}, comment: {} }, required: ["reviewer"] };
  expect(fieldsOf(schema).map(({ name, required, long }) => [name, required, long])).toEqual([
    ["reviewer", true, false],
    ["second_reviewer", false, false],
    ["comment", false, true],
  ]);
  expect(isPlain(schema)).toBe(true);
});

test("rulings of an appeal are no text", () => {
  expect(isPlain({ properties: { rulings: {} }, required: ["rulings"] })).toBe(false);
  expect(fieldsOf({})).toEqual([]);
});
