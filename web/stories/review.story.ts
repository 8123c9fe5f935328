import { expect, test } from "vitest";
import { Visitor } from "./browser";
import { listen } from "./player";

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

test("a reviewer loops a clip, hears it faster, takes a verdict back and adds what was missed", async () => {
  const visitor = await Visitor.signIn("reviewer", "zh", "/app/calls/1");
  const { page } = visitor;
  await listen(page);
  await page.goto("/app/calls/7");
  await page.getByRole("button", { name: "领取" }).click();
  await page.locator(".decision button").first().waitFor();

  await page.keyboard.press("j");
  const clip = await page.locator(".finding.chosen").getAttribute("data-span");
  const [start, end] = (clip ?? "").split("-").map(Number) as [number, number];
  await page.keyboard.press("]");
  await page.locator(".ant-segmented-item-selected", { hasText: "1.25×" }).waitFor();
  await page.keyboard.press("l");
  const [first, last, turns] = await page.evaluate(async () => {
    const audio = window.played[0] as HTMLMediaElement;
    let [first, last, turns, before] = [audio.currentTime, 0, 0, audio.currentTime];
    while (turns < 2) {
      await new Promise(requestAnimationFrame);
      turns += audio.currentTime < before ? 1 : 0;
      before = audio.currentTime;
      [first, last] = [Math.min(first, before), Math.max(last, before)];
    }
    return [first, last, turns];
  });
  expect(turns).toBe(2);
  expect(first).toBeGreaterThan(start - 0.1);
  expect(last).toBeLessThan(end + 0.2); // a frame or two on a busy machine
  await page.keyboard.press(" ");

  await page.keyboard.press("1");
  await page.locator(".finding.chosen .decision button[aria-pressed=true]", { hasText: "属实" }).waitFor();
  await page.keyboard.press("2");
  await page.locator(".finding.chosen .decision button[aria-pressed=true]", { hasText: "误判" }).waitFor();
  await page.keyboard.press("u");
  await page.locator(".finding.chosen .decision button[aria-pressed=true]", { hasText: "属实" }).waitFor();

  await page.keyboard.press("m");
  const form = page.getByRole("dialog");
  await form.getByLabel("从（秒）").fill("3.5");
  await form.getByLabel("到（秒）").fill("6");
  await form.getByLabel("类别").click();
  await page.keyboard.type("辱骂");
  await page.keyboard.press("Enter");
  await form.getByLabel("说明").fill("语气恶劣");
  await visitor.everybodyCanUseIt();
  await visitor.picture("missed-zh");
  await form.getByRole("button", { name: /确\s?定/ }).click();
  await form.waitFor({ state: "detached" });
  await page.getByText("语气恶劣").first().waitFor();
  await visitor.close();
});

test("what was missed is drawn on the waveform", async () => {
  const visitor = await Visitor.signIn("lead", "zh", "/app/calls/8");
  const { page } = visitor;
  await page.getByRole("button", { name: "领取" }).click();
  await page.locator(".decision button").first().waitFor();
  const box = await page.locator("figure.waveform canvas").first().boundingBox();
  const { x, y, width } = box as { x: number; y: number; width: number };
  await page.mouse.move(x + width * 0.02, y + 20);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.1, y + 20, { steps: 8 });
  await page.mouse.up();
  const form = page.getByRole("dialog");
  await form.waitFor();
  const [from, to] = [
    await form.getByLabel("从（秒）").inputValue(),
    await form.getByLabel("到（秒）").inputValue(),
  ];
  expect(Number(to)).toBeGreaterThan(Number(from) + 1);
  await page.keyboard.press("Escape");
  await visitor.close();
});

test("a reviewer swaps the speakers, and the call is judged again", async () => {
  const visitor = await Visitor.signIn("lead", "zh", "/app/calls/2");
  const { page } = visitor;
  await page.getByRole("button", { name: "对调双方" }).click();
  await page.getByLabel("原因").fill("听过录音，左右声道相反");
  await page.getByRole("button", { name: /确\s?定/ }).click();
  await page.getByText(/谁是坐席：人工/).waitFor();
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
