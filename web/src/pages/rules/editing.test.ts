import { expect, test } from "vitest";
import { atStage, lineSpan, nextVersion, stageOf, template } from "./editing";

const RULE = "- id: house.scolds\n  version: 3\n  status: shadow\n  category: dismissive\n";

test("a rule moves from stage to stage", () => {
  expect(stageOf(RULE)).toBe("shadow");
  expect(stageOf(atStage(RULE, "stable"))).toBe("stable");
  expect(atStage(RULE, "stable")).toBe(RULE.replace("shadow", "stable"));
});

test("a rule that names no stage is stable, and can be given one", () => {
  const silent = RULE.replace("  status: shadow\n", "");
  expect(stageOf(silent)).toBe("stable");
  expect(atStage(silent, "draft")).toBe(RULE.replace("shadow", "draft"));
});

test("a changed rule has the next version", () => {
  expect(nextVersion(RULE)).toBe(RULE.replace("version: 3", "version: 4"));
});

test("a line of a text is found by its number", () => {
  expect(lineSpan("ab\ncde\nf", 2)).toEqual([3, 6]);
  expect(lineSpan("ab\ncde\nf", 1)).toEqual([0, 2]);
  expect(lineSpan("ab", 9)).toEqual([2, 2]);
});

test("a new rule is a draft", () => {
  expect(stageOf(template("cn-base"))).toBe("draft");
});
