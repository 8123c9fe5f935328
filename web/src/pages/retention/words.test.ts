import { expect, test } from "vitest";
import { keptFor } from "./words";

test("how long something is kept is said in both languages", () => {
  expect(keptFor("3 years")).toEqual({ zh: "3 年", en: "3 years" });
  expect(keptFor("1 day")).toEqual({ zh: "1 天", en: "1 day" });
  expect(keptFor("forever")).toEqual({ zh: "永久", en: "for good" });
  expect(keptFor("until 2030")).toEqual({ zh: "until 2030", en: "until 2030" });
});
