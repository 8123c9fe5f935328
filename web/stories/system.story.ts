import { expect, test } from "vitest";
import { Visitor } from "./browser";

test.each(["zh", "en"] as const)("an administrator sees how the installation is (%s)", async (lang) => {
  const visitor = await Visitor.signIn("admin", lang, "/app/health");
  const { page } = visitor;
  await page.locator(".mark-good").first().waitFor();
  expect(await page.locator("#content").textContent()).toContain("faster-whisper");
  await visitor.everybodyCanUseIt();
  await visitor.picture(`health-${lang}`);
  await page.goto("/app/imports");
  await page.getByText(lang === "zh" ? "还没有配置来源" : "No source is set up").waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`imports-${lang}`);
  await visitor.close();
});

test("who may not see a page is not led to it", async () => {
  const visitor = await Visitor.signIn("A101", "en", "/app/");
  const menu = visitor.page.getByRole("navigation", { name: "Main menu" });
  await menu.getByRole("link", { name: "My calls" }).waitFor();
  expect(await menu.getByRole("link", { name: "Health" }).count()).toBe(0);
  await visitor.close();
});
