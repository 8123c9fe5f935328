import { expect, test } from "vitest";
import { Visitor } from "./browser";
import { hearFor, listen, second } from "./player";

test("a call of an hour scrolls and plays without a gap", async () => {
  const visitor = await Visitor.signIn("lead", "zh", "/app/calls");
  const { page } = visitor;
  await listen(page);
  await page.reload();
  await page.getByRole("link", { name: "S99-an-hour" }).click();
  await page.locator("figure.waveform canvas").first().waitFor();
  await page.locator(".turn").nth(500).waitFor({ state: "attached" });

  await page.getByText("正在准备录音").waitFor({ state: "detached", timeout: 120_000 });

  // From the words of the fiftieth minute, as somebody who scrolled there.
  const late = page.locator(".turn").filter({ has: page.getByText(/^50:/) });
  await late.first().scrollIntoViewIfNeeded();
  await late.first().locator(".at").click();
  await page.waitForFunction(() => (window.played[0]?.currentTime ?? 0) > 3001);
  const { heard, waited } = await hearFor(page, 6);
  expect(waited).toBe(0);
  expect(heard).toBeGreaterThan(0.97);
  expect(heard).toBeLessThan(1.03);
  await page.locator(".turn[aria-current=true]").waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture("call-hour-zh");

  // To the end, and the waveform comes along.
  await page.locator(".turn .at").last().click();
  await page.waitForFunction(() => (window.played[0]?.currentTime ?? 0) > 3580);
  expect(await second(page)).toBeLessThan(3600);
  await visitor.close();
});
