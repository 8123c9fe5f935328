import { createHmac } from "node:crypto";
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { Visitor } from "./browser";
import { copyOfHouse, serve } from "./server";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_MS = 30_000;

/** What an authenticator shows for a secret now (RFC 6238). */
function code(secret: string): string {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS)));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = digest.readUInt8(digest.length - 1) & 0xf;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("who has to have a second factor sets it up at the first sign-in", async () => {
  const data = copyOfHouse();
  const server = await serve(data, {
    DITING_SECOND_FACTOR_ROLES: "legal,auditor",
    DITING_SECRET_KEY: "5d41402abc4b2a76b9719d911017c592ae2f6c1b",
  });
  try {
    const visitor = await Visitor.signIn("legal", "zh", "/app/cases", {
      base: server.url,
      led: "/sign-in/second-factor?**",
    });
    const { page } = visitor;
    await visitor.everybodyCanUseIt();
    await page.getByRole("button", { name: "开始" }).click();
    await page.getByRole("img", { name: "二维码" }).waitFor();
    const secret = (await page.locator("main code").textContent()) ?? "";
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await visitor.everybodyCanUseIt();
    await visitor.picture("second-factor");
    await page.getByLabel("验证码").fill("000000");
    await page.getByRole("button", { name: "启用" }).click();
    await page.getByRole("alert").getByText("验证码不正确").waitFor();
    await page.getByLabel("验证码").fill(code(secret));
    await page.getByRole("button", { name: "启用" }).click();
    await page.getByText("恢复码仅显示这一次").waitFor();
    expect(await page.locator("main li").count()).toBeGreaterThan(5);
    await visitor.everybodyCanUseIt();
    await page.getByRole("link", { name: "继续" }).click();
    await page.waitForURL("**/app/cases");
    await page.locator("#content").waitFor();
    await visitor.close([/422/]);
  } finally {
    await server.stop();
    rmSync(data, { recursive: true });
  }
});
