import { expect, test } from "vitest";
import { Visitor } from "./browser";

const DAYS = "first=2026-05-01&last=2026-05-31";

test.each(["zh", "en"] as const)("a supervisor's morning (%s)", async (lang) => {
  const visitor = await Visitor.signIn("boss1", lang, `/app/team?${DAYS}`);
  const { page } = visitor;
  await page.locator(".chart svg").nth(6).waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`team-${lang}`);
  await page.locator(".figures").scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 2000);
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
  await visitor.close();
});
