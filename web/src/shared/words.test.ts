import { expect, test } from "vitest";
import { listed, say } from "./words";

const CALLS = { zh: "共 {count} 通", en: "{count} calls" };

test("words are said in either language with their values", () => {
  expect(say(CALLS, "zh", { count: 3 })).toBe("共 3 通");
  expect(say(CALLS, "en", { count: 3 })).toBe("3 calls");
});

test("a value that is not given stays visible as a gap", () => {
  expect(say(CALLS, "en")).toBe("{count} calls");
});

test("names in a row are parted as each language does", () => {
  expect(listed(["T1", "T2"], "zh")).toBe("T1、T2");
  expect(listed(["T1", "T2"], "en")).toBe("T1, T2");
});
