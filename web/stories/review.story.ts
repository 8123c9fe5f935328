import { expect, test } from "vitest";
import { Visitor } from "./browser";

const WORDS = {
  zh: { take: "领取", next: "属实", play: /播放/, threat: "S03-threat", mine: "我的", decided: "何质检" },
  en: {
    take: "take up",
    next: "True",
    play: /^Play/,
    threat: "S02-abuse",
    mine: "Mine",
    decided: "reviewer",
  },
} as const;

test.each(["zh", "en"] as const)("a reviewer takes a call up and decides by keyboard (%s)", async (lang) => {
  const words = WORDS[lang];
  const visitor = await Visitor.signIn("reviewer", lang, "/app/tickets");
  const { page } = visitor;
  await page.getByRole("link", { name: words.threat }).waitFor();
  await visitor.everybodyCanUseIt();
  await visitor.picture(`queue-${lang}`);
  await page.getByRole("link", { name: words.threat }).click();

  await page.locator("figure.waveform canvas").first().waitFor();
  await page.getByRole("button", { name: words.take }).click();
  await page.locator(".decision button").first().waitFor();
  await page.keyboard.press("j");
  await page.locator(".finding.chosen").waitFor();
  for (const key of ["1", "j", "2"]) {
    await page.keyboard.press(key); // faster than the server answers
  }
  await page.waitForFunction(
    () => document.querySelectorAll(".decision button[aria-pressed=true]").length === 2,
  );
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await page.locator(".finding.chosen .decision .ant-tag").textContent()).toContain("何质检");
  await visitor.everybodyCanUseIt();
  await visitor.picture(`call-${lang}`);

  await page.keyboard.press("?");
  await page.locator("dl.keys").waitFor();
  await page.keyboard.press("Escape");
  await visitor.close();
});

test("the recording plays, and the words follow it", async () => {
  const visitor = await Visitor.signIn("reviewer", "zh", "/app/calls/1");
  const { page } = visitor;
  await page.locator(".turn").nth(3).waitFor();
  await page.locator(".turn .at").nth(2).click();
  await page.locator(".turn[aria-current=true]").nth(0).waitFor();
  const start = Number(await page.locator(".turn").nth(2).getAttribute("data-start"));
  await page.waitForFunction((from) => {
    const shown = document.querySelector(".clock")?.textContent ?? "";
    const [minutes, seconds] = shown.split(" / ")[0]?.split(":").map(Number) ?? [];
    return (minutes ?? 0) * 60 + (seconds ?? 0) >= Math.floor(from) + 2;
  }, start);
  expect(await page.locator(".turn[aria-current=true]").count()).toBe(1);
  await visitor.close();
});

test("whoever is slower is told, and nothing is overwritten", async () => {
  const first = await Visitor.signIn("lead", "en", "/app/calls/6");
  const second = await Visitor.signIn("second", "en", "/app/calls/6", { deaf: true });
  await second.page.getByRole("button", { name: "take up" }).waitFor();
  await first.page.getByRole("button", { name: "take up" }).click();
  await first.page.locator(".decision button").first().waitFor();
  await second.page.getByRole("button", { name: "take up" }).click();
  const told = second.page.getByRole("alert");
  await told.waitFor();
  expect(await told.textContent()).toContain("Somebody else has just changed this");
  expect(await first.page.locator(".decision button").count()).toBeGreaterThan(0);
  await first.close();
  await second.close([/412/, /ERR_FAILED/]);
});

test("an unjudged call is not shown as clean", async () => {
  const visitor = await Visitor.signIn("reviewer", "zh", "/app/calls?state=unjudged");
  await visitor.page.getByRole("link", { name: "S10-no-time" }).waitFor();
  expect(await visitor.page.locator(".mark-good").count()).toBe(0);
  expect(await visitor.page.locator("tbody").textContent()).toContain("时间不明");
  await visitor.everybodyCanUseIt();
  await visitor.picture("calls-unjudged-zh");
  await visitor.close();
});
