// Opens each page in an empty browser several times; prints the median milliseconds until it can be used.
import { chromium } from "playwright-core";

const [base, calls, times] = process.argv.slice(2);
const middle = Math.round(Number(calls) / 2);
const PAGES = {
  calls: "/app/calls",
  "calls, critical": "/app/calls?band=critical",
  "one call": `/app/calls/${middle}`,
  "search, rare": "/app/search?q=清河路 超市",
  "search, common": "/app/search?q=还款",
  teams: "/app/team?first=2026-06-01&last=2026-06-30",
  queue: "/app/tickets",
  cases: "/app/cases",
  start: "/app/",
};

const browser = await chromium.launch({
  executablePath: process.env.STORIES_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** The heading stands, something is under it, and nothing is on its way any more. */
function usable() {
  const content = document.querySelector("#content");
  return (
    content?.querySelector("h1") != null &&
    content.querySelector("output.state, .ant-spin-spinning, .ant-skeleton") === null &&
    content.querySelector("td, canvas, .hit, .ant-empty, .waiting, svg") !== null
  );
}

const found = {};
for (const [name, address] of Object.entries(PAGES)) {
  const taken = [];
  for (let time = 0; time < Number(times); time += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(base + address, { waitUntil: "commit" });
    await page.waitForFunction(usable, undefined, { polling: "raf", timeout: 60_000 });
    // Able to answer, too: the next idle moment of the page.
    taken.push(
      await page.evaluate(() => new Promise((done) => requestIdleCallback(() => done(performance.now())))),
    );
    await context.close();
  }
  taken.sort((one, other) => one - other);
  found[name] = Math.round(taken[Math.floor(taken.length / 2)]);
  process.stderr.write(`${name}: ${taken.map(Math.round).join(" ")} ms\n`);
}
await browser.close();
process.stdout.write(JSON.stringify(found));
