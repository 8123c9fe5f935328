import { expect, test } from "vitest";
import { Visitor } from "./browser";

const SAID = {
  zh: {
    level: "等级",
    high: "高",
    overdue: "仅超时",
    board: "看板",
    note: "备注",
    text: "备注内容",
    months: "月度归因",
  },
  en: {
    level: "Level",
    high: "High",
    overdue: "Overdue only",
    board: "Board",
    note: "add a note",
    text: "Note",
    months: "Months",
  },
} as const;

test.each(["zh", "en"] as const)("a complaint officer's morning (%s)", async (lang) => {
  const said = SAID[lang];
  const visitor = await Visitor.signIn("officer", lang, "/app/cases");
  const { page } = visitor;
  await page.locator('tbody a[href^="/app/cases/"]').first().waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`ledger-${lang}`);

  await page.goto("/app/cases?level=high&open=yes&sort=amount&order=desc");
  // Which number a case has depends on which call was judged first.
  const high = page.locator('tbody a[href^="/app/cases/"]').first();
  const address = await high.getAttribute("href");
  const rows = await page.locator("tbody tr.ant-table-row").allInnerTexts();
  expect(rows.filter((row) => !row.includes(said.high))).toEqual([]);
  const sheet = page.waitForEvent("download");
  await page.locator('a[download][href*="xlsx"]').click();
  expect((await sheet).suggestedFilename()).toMatch(/\.xlsx$/);

  await page.getByRole("menuitem", { name: said.board }).getByRole("link").click();
  await page.locator(".board a").first().waitFor();
  expect(await page.locator(".board section").count()).toBe(6);
  await visitor.everybodyCanUseIt();
  await visitor.picture(`board-${lang}`);

  await page.locator(`.board a[href="${address}"]`).click();
  await page.locator("#actions").waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`case-${lang}`);
  const evidence = page.waitForEvent("download");
  await page.locator('a[download][href*="/evidence"]').first().click();
  expect((await evidence).suggestedFilename()).toMatch(/\.zip$/);

  await page
    .getByRole("button", { name: said.note, exact: lang === "en" })
    .last()
    .click();
  await page.getByLabel(said.text, { exact: true }).fill("已与客户约定周三回访");
  await visitor.everybodyCanUseIt();
  await visitor.picture(`case-form-${lang}`);
  await page.locator(".ant-drawer button[type=submit]").click();
  await page.locator(".ant-timeline").getByText("已与客户约定周三回访").first().waitFor();

  await page.getByRole("menuitem", { name: said.months }).getByRole("link").click();
  await page.locator(".chart svg").waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`months-${lang}`);
  await visitor.close();
});

test("of two who act on one case the second is told, and keeps what they wrote", async () => {
  const officer = await Visitor.signIn("officer", "en", "/app/cases/5");
  const lead = await Visitor.signIn("control", "en", "/app/cases/5");
  for (const visitor of [officer, lead]) {
    await visitor.page.getByRole("button", { name: "add a note" }).click();
    await visitor.page.getByLabel("Note", { exact: true }).waitFor();
  }
  await lead.page.getByLabel("Note", { exact: true }).fill("first");
  await officer.page.getByLabel("Note", { exact: true }).fill("second");
  await lead.page.locator(".ant-drawer button[type=submit]").click();
  await lead.page.locator(".ant-timeline").getByText("first").waitFor();
  await officer.page.locator(".ant-drawer button[type=submit]").click();
  await officer.page.getByText("Somebody else has just changed this").waitFor();
  expect(await officer.page.locator(".ant-timeline").getByText("second").count()).toBe(0);
  expect(await officer.page.getByLabel("Note", { exact: true }).inputValue()).toBe("second");
  await officer.page.getByRole("button", { name: "I have looked" }).click();
  await officer.page.locator(".ant-drawer button[type=submit]").click();
  await officer.page.locator(".ant-timeline").getByText("second").waitFor();
  await lead.close();
  await officer.close([/409/]);
});

test("a case that is not there is said to be so", async () => {
  const visitor = await Visitor.signIn("officer", "en", "/app/cases/999");
  expect(await visitor.page.getByRole("alert").first().textContent()).toContain("It does not exist");
  await visitor.close([/404/]);
});
