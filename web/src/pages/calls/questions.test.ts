import { expect, test } from "vitest";
import { questionsOf } from "./questions";
import type { Review } from "./types";

const findings = [
  { id: 41, category: "threat" },
  { id: 42, category: "abuse" },
];

test("a ruling speaks of everything that was appealed", () => {
  const appeal = {
    grounds: [
      { finding: 41, missed: null, reason: "是客户先说的" },
      { finding: null, missed: 1, reason: "没有说过" },
    ],
  };
  const reviews = [{ missed: [{ missed: 1, category: "rude" }] }];
  const review = { findings, ticket: { appeal, reviews, collector_id: "A1" } } as unknown as Review;
  expect(questionsOf("decide_appeal", review)).toEqual([
    { item: { finding: 41 }, category: "threat", said: [{ by: "A1", text: "是客户先说的" }] },
    { item: { missed: 1 }, category: "rude", said: [{ by: "A1", text: "没有说过" }] },
  ]);
});

test("a third person decides on what two saw differently", () => {
  const said = (by: string, finding: number, verdict: string, comment: string | null = null) => ({
    by,
    finding,
    missed: null,
    verdict,
    comment,
  });
  const reviews = [
    { decisions: [said("qc1", 41, "true"), said("qc1", 42, "true")] },
    { decisions: [said("qc2", 41, "false", "玩笑话"), said("qc2", 42, "true")] },
  ];
  const review = { findings, ticket: { reviews } } as unknown as Review;
  expect(questionsOf("adjudicate", review)).toEqual([
    {
      item: { finding: 41 },
      category: "threat",
      said: [
        { by: "qc1", text: "true" },
        { by: "qc2", text: "false: 玩笑话" },
      ],
    },
  ]);
  expect(questionsOf("share", review)).toBe(null);
});
