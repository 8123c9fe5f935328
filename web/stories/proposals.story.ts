import { expect, test } from "vitest";
import { Visitor } from "./browser";

test("a rule is changed by one person, tried on stored calls, and approved by another", async () => {
  const lead = await Visitor.signIn("lead", "zh", "/app/rules/house/house.scolds");
  const { page } = lead;
  await page.getByRole("button", { name: "修改规则" }).click();
  const text = page.getByLabel("规则原文");
  await page.getByText("2 处问题").waitFor(); // a stable rule wants three examples of each kind
  const written = await text.inputValue();

  await text.fill(written.replace("detect:", "detct:"));
  await page.locator("[aria-live] .ant-list-item", { hasText: "detct" }).first().waitFor();
  await page
    .locator("[aria-live] .ant-list-item", { hasText: "detct" })
    .first()
    .getByRole("button", { name: /第 \d+ 行/ })
    .click();
  expect(await page.evaluate(() => getSelection()?.toString())).toContain("detct");
  await lead.everybodyCanUseIt();
  await lead.picture("rule-wrong-zh");
  expect(await page.getByRole("button", { name: "提出新版本" }).isDisabled()).toBe(true);

  await text.fill(written.replace("phrase: [", "phrase: [今天必须交, "));
  await page.getByText("试运行", { exact: true }).click();
  expect(await text.inputValue()).toContain("status: shadow");
  await page.getByText("没有问题，示例全部符合预期").waitFor();
  await lead.everybodyCanUseIt();
  await page.getByRole("button", { name: "提出新版本" }).click();
  await page.waitForURL(/proposals/);
  const address = new URL(page.url()).pathname;

  await page.getByRole("button", { name: "开始回测" }).click();
  await page.getByText("复核工时").waitFor({ timeout: 120_000 });
  expect(await page.getByText("您提出的版本须由另一人批准").count()).toBe(1);
  await lead.everybodyCanUseIt();
  await lead.picture("proposal-zh");
  await lead.close([/404/]);

  const second = await Visitor.signIn("legal", "en", address);
  await second.page.getByText("Hours of review").waitFor();
  await second.everybodyCanUseIt();
  await second.picture("proposal-en");
  await second.page.getByRole("button", { name: "Approve" }).click();
  await second.page.getByText("judges now").waitFor();
  await second.close();
});
