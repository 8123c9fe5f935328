import { expect, test } from "vitest";
import { changed } from "./address";

test("a filter begins at the first page again, and an empty one leaves the address", () => {
  const before = new URLSearchParams("status=stable&text=%E8%BF%98&cursor=c2");
  expect(changed(before, { text: "" }).toString()).toBe("status=stable");
  expect(changed(before, { status: "shadow" }).toString()).toBe("status=shadow&text=%E8%BF%98");
});

test("the next page keeps the filters", () => {
  expect(changed(new URLSearchParams("status=stable"), { cursor: "c3" }).toString()).toBe(
    "status=stable&cursor=c3",
  );
});
