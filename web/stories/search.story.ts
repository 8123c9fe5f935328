import { expect, test } from "vitest";
import { Visitor } from "./browser";

test.each(["zh", "en"] as const)(
  "a complaint officer looks for what was said, and keeps the search (%s)",
  async (lang) => {
    const zh = lang === "zh";
    const visitor = await Visitor.signIn("officer", lang, "/app/search");
    const { page } = visitor;
    await page.getByRole("searchbox").fill("投诉");
    await page.getByRole("searchbox").press("Enter");
    await page.waitForURL("**/search?q=**");
    await page.locator(".hit mark").first().waitFor();
    expect(await page.locator(".hit mark").first().textContent()).toBe("投诉");
    await page.getByRole("button", { name: zh ? "保存此检索" : "Keep this search" }).click();
    await page.getByLabel(zh ? "名称" : "Name").fill(`投诉 ${lang}`);
    await page.locator(".ant-modal .ant-btn-primary").click();
    await page.getByRole("link", { name: `投诉 ${lang}` }).waitFor();
    await page.locator(".ant-modal").waitFor({ state: "hidden" });
    await visitor.everybodyCanUseIt();
    await visitor.picture(`search-${lang}`);

    await page.goto("/app/search?q=%E6%8A%95%E8%AF%89&until=2020-01-01");
    await page.getByText(zh ? "没有通话提到这些话。" : "In no call was that said.").waitFor();
    await page.getByRole("link", { name: `投诉 ${lang}` }).click();
    await page.locator(".hit mark").first().waitFor();
    await visitor.close();
  },
);
