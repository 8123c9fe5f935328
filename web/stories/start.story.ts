import { expect, test } from "vitest";
import { Visitor } from "./browser";

test.each(["zh", "en"] as const)("a reviewer signs in and out (%s)", async (lang) => {
  const visitor = await Visitor.signIn("reviewer", lang);
  const heading = visitor.page.getByRole("heading", { level: 1 });
  expect(await heading.textContent()).toBe(lang === "zh" ? "您好，何质检" : "Hello, 何质检");
  await visitor.page.locator(".waiting li").first().waitFor(); // how many depends on what others did before
  await visitor.everybodyCanUseIt();
  await visitor.picture(`start-${lang}`);
  await visitor.page.getByRole("button", { name: "何质检" }).click();
  await visitor.page.getByText(lang === "zh" ? "退出登录" : "Sign out").click();
  await visitor.page.waitForURL("**/sign-in");
  await visitor.close();
});

test("a complaint officer and an administrator see what waits for them", async () => {
  const officer = await Visitor.signIn("officer", "zh");
  await officer.page.getByText("48 小时内到期或已超时的投诉").waitFor();
  await officer.everybodyCanUseIt();
  await officer.close();
  const admin = await Visitor.signIn("admin", "zh");
  await admin.page.getByText("未能处理的通话").waitFor();
  await admin.everybodyCanUseIt();
  await admin.picture("start-admin-zh");
  await admin.close();
});

test("the language is changed on the page and stays", async () => {
  const visitor = await Visitor.signIn("reviewer", "zh");
  await visitor.page.getByText("English").click();
  expect(await visitor.page.locator("html").getAttribute("lang")).toBe("en");
  expect(await visitor.page.getByRole("heading", { level: 1 }).textContent()).toBe("Hello, 何质检");
  await visitor.close();
});

test("an address that no page has is said to be so", async () => {
  const visitor = await Visitor.signIn("reviewer", "en", "/app/nowhere");
  expect(await visitor.page.locator("#content").textContent()).toContain("There is no such page.");
  await visitor.close();
});
