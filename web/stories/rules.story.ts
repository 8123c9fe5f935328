import { expect, test } from "vitest";
import { Visitor } from "./browser";

test.each(["zh", "en"] as const)("a QC lead reads a rule and tries words on it (%s)", async (lang) => {
  const visitor = await Visitor.signIn("lead", lang, "/app/rules");
  const { page } = visitor;
  await page
    .getByLabel(lang === "zh" ? "说了什么" : "What was said")
    .fill("你再不还钱我就去你单位闹，让你没脸见人");
  await page.getByRole("button", { name: lang === "zh" ? "试判" : "Judge it" }).click();
  await page.locator("mark").first().waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`rules-${lang}`);

  await page.locator('a[href="/app/rules/cn-base"]').click();
  await page.getByRole("row").nth(5).waitFor();
  await page.getByRole("searchbox").fill("cn.no_identity");
  await page.getByRole("searchbox").press("Enter");
  await page.waitForURL("**/rules/cn-base?text=cn.no_identity");
  await visitor.everybodyCanUseIt();
  await visitor.picture(`rules-pack-${lang}`);

  await page.locator('a[href*="cn.no_identity.opening"]').first().click();
  await page.locator("pre.code").waitFor();
  expect(await page.locator("pre.code").textContent()).toContain("id: cn.no_identity.opening");
  expect(await page.locator(".bad").count()).toBe(0);
  await visitor.everybodyCanUseIt();
  await visitor.picture(`rule-${lang}`);
  await visitor.close();
});

test("a pack that is not there is said to be so", async () => {
  const visitor = await Visitor.signIn("lead", "en", "/app/rules/no-such-pack");
  expect(await visitor.page.getByRole("alert").textContent()).toContain("It does not exist");
  await visitor.close([/404/]);
});
