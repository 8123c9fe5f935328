import { expect, test } from "vitest";
import { Visitor } from "./browser";

const DAYS = "first=2026-05-01&last=2026-05-31";

test.each(["zh", "en"] as const)("a supervisor's morning (%s)", async (lang) => {
  const zh = lang === "zh";
  const visitor = await Visitor.signIn("boss1", lang, `/app/team?${DAYS}`);
  const { page } = visitor;
  await page.locator(".chart svg").nth(6).waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`team-${lang}`);
  await page.locator(".figures").scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2));
  await visitor.picture(`team-figures-${lang}`);

  // The call at night, found by the table behind the chart of hours.
  const hours = page.locator("figure.chart").first();
  await hours.locator("summary").click();
  await visitor.everybodyCanUseIt();
  await hours
    .locator("tr", { has: page.locator(".mark-bad") })
    .getByRole("link")
    .first()
    .click();
  await page.waitForURL(/\/app\/calls\?since=.*&hour=22/);
  const calls = page.locator('tbody a[href^="/app/calls/"]');
  await calls.first().waitFor();
  expect(await calls.count()).toBe(1);

  await page.goto("/app/team/coaching");
  await page.getByRole("button", { name: zh ? "布置辅导" : "Set a task" }).click();
  const dialog = page.getByRole("dialog");
  const choices = dialog.getByRole("combobox");
  for (const [place, typed] of ["A105", zh ? "恐吓" : "threat"].entries()) {
    await choices.nth(place).fill(typed);
    await page.locator(".ant-select-item-option-active").locator("visible=true").first().waitFor();
    await choices.nth(place).press("Enter");
  }
  await dialog.getByLabel(zh ? "目标" : "Goal").fill("开场先说明身份");
  await dialog.getByLabel(zh ? "期限" : "Due").fill("2030-01-31");
  await page.locator(".ant-modal .ant-btn-primary").click();
  await page.getByText("开场先说明身份").locator("visible=true").first().waitFor();
  await page.locator(".ant-modal").waitFor({ state: "hidden" });
  await visitor.everybodyCanUseIt();
  await visitor.picture(`coaching-${lang}`);
  await visitor.close();
});
