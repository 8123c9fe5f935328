import { expect, test } from "vitest";
import { Visitor } from "./browser";

test.each(["zh", "en"] as const)("an administrator looks after teams and notices (%s)", async (lang) => {
  const zh = lang === "zh";
  const visitor = await Visitor.signIn("admin", lang, "/app/people/teams");
  const { page } = visitor;
  await page.getByRole("button", { name: zh ? "添加团队" : "Add a team" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(zh ? /^编号/ : /^Name/).fill(`N-${lang}`);
  await form.getByLabel(zh ? "名称" : "Title").fill("早期催收组");
  await visitor.everybodyCanUseIt();
  await form.getByRole("button", { name: /确\s?定|OK/ }).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("row", { name: new RegExp(`N-${lang}`) }).waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`teams-${lang}`);

  await page.getByRole("button", { name: new RegExp(`N-${lang}$`) }).click();
  await page
    .getByRole("dialog")
    .getByLabel(zh ? "名称" : "Title")
    .fill("后期催收组");
  // Somebody else is faster: the second is told, and nothing is overwritten.
  await page.evaluate(async (team) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const { version } = await (await fetch(`/api/v1/teams/${team}`)).json();
    const headers = { "X-CSRF-Token": csrf, "If-Match": `"${version}"`, "Content-Type": "application/json" };
    await fetch(`/api/v1/teams/${team}`, { method: "PATCH", headers, body: '{"title": "先到的名称"}' });
  }, `N-${lang}`);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /确\s?定|OK/ })
    .click();
  await page.getByText(zh ? "他人刚刚修改过" : "Somebody else has just changed this").waitFor();
  await page.getByRole("row", { name: `N-${lang} 先到的名称` }).waitFor();

  await page.goto("/app/notices");
  await page.getByRole("heading", { name: zh ? "通知渠道" : "Channels" }).waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`notices-${lang}`);
  await visitor.close([/412/]);
});

test.each(["zh", "en"] as const)("a lawyer holds a call, an auditor looks (%s)", async (lang) => {
  const zh = lang === "zh";
  const lawyer = await Visitor.signIn("legal", lang, "/app/retention/holds");
  await lawyer.page.getByRole("button", { name: zh ? "保全一通通话" : "Hold a call" }).click();
  const form = lawyer.page.getByRole("dialog");
  await form.getByLabel(zh ? "通话编号" : "Number of the call").fill(zh ? "2" : "3");
  await form.getByLabel(zh ? /^依据/ : /^Reason/).fill("函-2026-17");
  await form.getByRole("button", { name: /确\s?定|OK/ }).click();
  await lawyer.page.getByText("函-2026-17").first().waitFor();
  await lawyer.everybodyCanUseIt();
  await lawyer.picture(`holds-${lang}`);
  await lawyer.page
    .getByRole("button", { name: new RegExp(zh ? "解除通话 2" : "Release call 3") })
    .first()
    .click();
  await form.getByLabel(zh ? /^依据/ : /^Reason/).fill("函-2026-18");
  await form.getByRole("button", { name: /确\s?定|OK/ }).click();
  await form.waitFor({ state: "detached" });
  await lawyer.page.getByRole("switch").click();
  await lawyer.page.getByText("函-2026-18").first().waitFor();
  await lawyer.close();

  const auditor = await Visitor.signIn("auditor", lang, "/app/retention");
  await auditor.page.locator("tbody tr").nth(6).waitFor();
  await auditor.everybodyCanUseIt();
  await auditor.picture(`retention-${lang}`);
  await auditor.page.goto("/app/retention/proof");
  await auditor.page.getByRole("searchbox").fill("1");
  await auditor.page.keyboard.press("Enter");
  await auditor.page.getByText(zh ? "没有删除，或仍有残留" : "It was not deleted").waitFor();
  expect(auditor.page.url()).toContain("call=1");
  await auditor.everybodyCanUseIt();
  await auditor.picture(`proof-${lang}`);
  await auditor.close();
});

test.each(["zh", "en"] as const)(
  "a lawyer answers what a person asks about their data (%s)",
  async (lang) => {
    const zh = lang === "zh";
    const lawyer = await Visitor.signIn("legal", lang, "/app/retention/people");
    const { page } = lawyer;
    await page.getByRole("button", { name: zh ? /^导\s?出$/ : "Export" }).click();
    await page.getByText(zh ? "请填写客户标识或电话号码之一。" : "Give the key or the number").waitFor();
    await page.getByLabel(zh ? /^客户标识/ : /^Key of the person/).fill("customer:C5001");
    await page.getByLabel(zh ? /^依据/ : /^Reason/).fill("DSR-2026-17");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: zh ? /^导\s?出$/ : "Export" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("personal-data.zip");

    await page.getByRole("button", { name: zh ? "申请删除" : "Order erasure" }).click();
    await page
      .getByRole("tooltip")
      .getByRole("button", { name: /确\s?定|OK/ })
      .click();
    // Nobody agrees to what they ordered themselves.
    await page
      .getByRole("row", { name: /DSR-2026-17/ })
      .getByText(zh ? "须由他人批准" : "another person agrees")
      .first()
      .waitFor();
    await lawyer.everybodyCanUseIt();
    await lawyer.picture(`subjects-${lang}`);
    await lawyer.close();
  },
);
