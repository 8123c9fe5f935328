import { expect, test } from "vitest";
import { documentOf, fieldsOf } from "./fields";

const TEAM = {
  $defs: {
    Member: {
      type: "object",
      properties: { person: { type: "string", maxLength: 200 }, function: { enum: ["lead", "legal"] } },
      required: ["person", "function"],
    },
  },
  type: "object",
  properties: {
    handler: { type: "string", maxLength: 200 },
    members: { type: "array", items: { $ref: "#/$defs/Member" } },
    comment: { anyOf: [{ type: "string", maxLength: 4000 }, { type: "null" }], default: null },
  },
  required: ["handler", "members"],
};
const CONTACT = {
  properties: {
    at: { format: "date-time", type: "string" },
    reached: { default: true, type: "boolean" },
    satisfaction: { anyOf: [{ maximum: 5, minimum: 1, type: "integer" }, { type: "null" }] },
    amount: { anyOf: [{ exclusiveMinimum: 0, type: "number" }, { type: "string" }] },
    measures_done: { type: "array", items: { type: "integer" } },
    attribution: { type: "array", items: { enum: ["process", "staff"] } },
  },
};

test("a document becomes a form, named parts and all", () => {
  expect(fieldsOf(TEAM)).toEqual([
    { name: "handler", needed: true, form: "short" },
    {
      name: "members",
      needed: true,
      form: "rows",
      columns: [
        { name: "person", needed: true, form: "short" },
        { name: "function", needed: true, form: "choice", values: ["lead", "legal"] },
      ],
    },
    { name: "comment", needed: false, form: "words" },
  ]);
  expect(fieldsOf(CONTACT).map((field) => field.form)).toEqual([
    "moment",
    "yes",
    "number",
    "money",
    "numbers",
    "choices",
  ]);
});

test("what was typed becomes the document; what is empty is left out", () => {
  const team = documentOf(
    fieldsOf(TEAM),
    { handler: "li", members: [{ person: "li", function: "lead" }], comment: "" },
    "UTC",
  );
  expect(team).toEqual({ handler: "li", members: [{ person: "li", function: "lead" }] });
  const contact = { at: "2026-03-05T10:30", reached: false, amount: 20, measures_done: "1, 3" };
  expect(documentOf(fieldsOf(CONTACT), contact, "Asia/Shanghai")).toEqual({
    at: "2026-03-05T02:30:00.000Z",
    reached: false,
    amount: "20",
    measures_done: [1, 3],
  });
});
