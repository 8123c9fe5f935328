import { expect, test } from "vitest";
import { Visitor } from "./browser";

test.each(["zh", "en"] as const)("an administrator's morning (%s)", async (lang) => {
  const zh = lang === "zh";
  const visitor = await Visitor.signIn("admin", lang, "/app/people");
  const { page } = visitor;
  await page.getByText("高强").waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`people-${lang}`);

  await page.getByRole("button", { name: zh ? "添加人员" : "Add a person" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(zh ? /^工号/ : /^Id/).fill(`new-${lang}`);
  await form.getByLabel(zh ? "姓名" : "Name").fill("钱新人");
  await form.getByLabel(zh ? "角色" : "Roles", { exact: true }).click();
  await page.keyboard.type(zh ? "质检员" : "reviewer");
  await page.keyboard.press("Enter");
  await form.getByLabel(zh ? "团队" : "Team", { exact: true }).fill("T2");
  await visitor.everybodyCanUseIt();
  await visitor.picture(`person-${lang}`);
  await form.getByRole("button", { name: /确\s?定|OK/ }).click();
  await form.waitFor({ state: "detached" });

  await page.getByRole("searchbox").fill(`new-${lang}`);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /钱新人/ }).click();
  await page.getByLabel(zh ? "新口令" : "New password").fill("短");
  await page.getByRole("button", { name: zh ? "设置口令" : "Set the password" }).click();
  await page.getByRole("alert").first().waitFor(); // too short, says why
  await page.getByLabel(zh ? "新口令" : "New password").fill("一只橙色的鲸鱼住在图书馆里");
  await page.getByRole("button", { name: zh ? "设置口令" : "Set the password" }).click();
  await page.getByText(zh ? "口令已设置" : "The password is set").waitFor();
  await page.getByRole("button", { name: zh ? "修改资料与权限" : "Change data and roles" }).click();
  const change = page.getByRole("dialog").last();
  await change.getByRole("switch").click();
  await change.getByRole("button", { name: /确\s?定|OK/ }).click();
  await page.getByText(zh ? "没有这样的人员" : "There is nobody like that").waitFor();
  await visitor.close([/422|400/]);
});

test.each(["zh", "en"] as const)("an auditor's morning (%s)", async (lang) => {
  const zh = lang === "zh";
  const visitor = await Visitor.signIn("auditor", lang, "/app/audit");
  const { page } = visitor;
  await page.locator("tbody tr").nth(10).waitFor();
  await page.getByRole("button", { name: zh ? "核验完整性" : "Check that it is whole" }).click();
  await page.getByText(zh ? "日志完整" : "The log is whole").waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`audit-${lang}`);
  await page.getByRole("searchbox").nth(1).fill("person.*");
  await page.keyboard.press("Enter");
  await page.waitForURL(/action=person/);
  await page.getByText("person.added").first().waitFor();

  await page.goto("/app/calls/1");
  await page.locator(".turn").first().waitFor();
  await page
    .getByRole("button", { name: zh ? /^播放/ : /^Play \(/ })
    .first()
    .click();
  await page.waitForFunction(() => /^0:0[1-9]/.test(document.querySelector(".clock")?.textContent ?? ""));
  await page.goto("/app/audit/views");
  await page.getByText("api:auditor").first().waitFor();
  expect(await page.locator("tbody .mark-good").count()).toBeGreaterThan(0);
  await visitor.everybodyCanUseIt();
  await visitor.picture(`views-${lang}`);
  await visitor.close();
});
