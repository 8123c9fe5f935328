import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { KEYS } from "./keys";

const GUIDE = readFileSync(resolve(import.meta.dirname, "../../../../docs/pages.md"), "utf-8");
const NAMES: Record<string, string> = { " ": "space", ArrowLeft: "`←`", ArrowRight: "`→`" };

test("every key stands in the guide", () => {
  const rows = GUIDE.split("\n").filter((line) => line.startsWith("| "));
  const missing = KEYS.flatMap(({ keys }) => keys)
    .map((key) => NAMES[key] ?? `\`${key}\``)
    .filter((name) => !rows.some((row) => row.includes(name)));
  expect(missing).toEqual([]);
});
