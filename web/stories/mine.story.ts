import { expect, test } from "vitest";
import { Visitor } from "./browser";

/** Reviews everything found in a call and shares it with the collector. */
async function share(call: number): Promise<void> {
  const reviewer = await Visitor.signIn("second", "zh", "/app/tickets");
  // Which number its ticket has depends on which call was judged first.
  const ticket = await reviewer.page.evaluate(async (call) => {
    const { items } = await (await fetch("/api/v1/tickets?limit=100")).json();
    return items.find((each: { call_id: number }) => each.call_id === call).id as number;
  }, call);
  await reviewer.act(ticket, "take");
  const findings = await reviewer.page.evaluate(
    async (ticket) => (await (await fetch(`/api/v1/tickets/${ticket}`)).json()).findings,
    ticket,
  );
  for (const { id } of findings) {
    await reviewer.act(ticket, "decide", { finding: id, verdict: "true" });
  }
  await reviewer.act(ticket, "share", { words: "请注意拨打时段" });
  await reviewer.close();
}

test("a collector hears the clip, reads the better wording and appeals", async () => {
  await share(5);
  const visitor = await Visitor.signIn("A122", "zh", "/app/mine");
  const { page } = visitor;
  await page.getByRole("heading", { name: "我的趋势" }).waitFor();
  await page.getByText("近 52 周").click();
  await page.locator(".chart").waitFor(); // the sample calls are of May 2026
  await visitor.everybodyCanUseIt();
  await visitor.picture("mine-zh");
  await page.getByRole("link", { name: "S05-dispute-ignored" }).click();
  await page.locator("audio").first().waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture("feedback-zh");
  await page
    .getByPlaceholder(/不同意/)
    .first()
    .fill("客户先挂断了电话，我没有继续催收");
  await page.getByRole("button", { name: "提交申诉" }).click();
  await page.locator(".ant-tag", { hasText: "申诉中" }).first().waitFor();
  await page.getByRole("button", { name: "提交申诉" }).waitFor({ state: "detached" });
  await visitor.close();

  const lead = await Visitor.signIn("lead", "zh", "/app/calls/5");
  await lead.page.getByRole("button", { name: "裁决申诉" }).click();
  const form = lead.page.getByRole("dialog");
  await form.getByText("客户先挂断了电话").waitFor();
  await form.getByRole("radio", { name: "推翻" }).check();
  await form.getByLabel(/理由/).fill("录音中客户先挂断");
  await lead.everybodyCanUseIt();
  await lead.picture("appeal-zh");
  await form.getByRole("button", { name: /确\s?定/ }).click();
  await lead.page.locator(".ant-tag", { hasText: "已定稿" }).first().waitFor();
  await lead.close();
});

test("a collector accepts with one click, and sees no call of others", async () => {
  await share(4);
  const visitor = await Visitor.signIn("A105", "en", "/app/mine");
  const { page } = visitor;
  await page.getByRole("link", { name: "S04-off-hours" }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.locator(".ant-tag", { hasText: "acknowledged" }).first().waitFor();
  expect(await page.getByText("S02-abuse").count()).toBe(0);
  await visitor.everybodyCanUseIt();
  await visitor.picture("feedback-en");
  await visitor.close();
});
