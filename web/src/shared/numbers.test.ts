import { expect, test } from "vitest";
import { percent } from "./numbers";

test("a share of nothing is not zero", () => {
  expect([percent(null), percent(0), percent(0.9166)]).toEqual(["—", "0 %", "91.7 %"]);
});
