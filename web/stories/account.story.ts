import { expect, test } from "vitest";
import { PASSWORD, Visitor } from "./browser";

test.each(["zh", "en"] as const)("one looks after one's own account (%s)", async (lang) => {
  const zh = lang === "zh";
  const visitor = await Visitor.signIn("reviewer", lang);
  const { page } = visitor;
  await page.getByRole("button", { name: "何质检" }).click();
  await page.getByRole("link", { name: zh ? "我的账户" : "My account" }).click();
  await page.waitForURL("**/app/account");
  await page.getByText(zh ? "本机" : "this one", { exact: true }).waitFor();

  const name = `报表-${lang}`;
  await page.getByLabel(zh ? "用途" : "What it is for").fill(name);
  await page.getByRole("button", { name: zh ? "生成密钥" : "Make a key" }).click();
  const key = await page.locator(".ant-alert code").textContent();
  const row = page.getByRole("row", { name: new RegExp(name) });
  await row.waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`account-${lang}`);
  // The key opens what its owner may open, and nothing once it is revoked.
  const asked = () =>
    page.evaluate(
      async (bearer) =>
        (
          await fetch("/api/v1/tickets?limit=1", {
            headers: { Authorization: `Bearer ${bearer}` },
            credentials: "omit",
          })
        ).status,
      key,
    );
  expect(await asked()).toBe(200);
  await row.getByRole("button", { name: zh ? `吊销 ${name}` : `Revoke ${name}` }).click();
  await page
    .getByRole("tooltip")
    .getByRole("button", { name: /确\s?定|OK/ })
    .click();
  await row.waitFor({ state: "detached" });
  expect(await asked()).toBe(401);

  await page.getByLabel(zh ? "当前口令" : "Present password").fill(PASSWORD);
  await page.getByLabel(zh ? "新口令" : "New password", { exact: true }).fill("另一句足够长的口令用来试一试");
  await page.getByLabel(zh ? "再次输入新口令" : "New password, again").fill("不一样");
  await page.getByRole("button", { name: zh ? /^更\s?改$/ : /^Change$/ }).click();
  await page.getByText(zh ? "两次输入不一致。" : "The two are not the same.").waitFor();
  await visitor.close([/401/]);
});
