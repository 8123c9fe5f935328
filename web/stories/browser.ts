/** Chromium as one person of the house uses it: signs in, looks, takes pictures, and checks that all may use a page. */

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import axe from "axe-core";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject } from "vitest";

export const PASSWORD = "紫色的灯塔与三只企鹅正在唱歌"; // of everybody in tests/web/house.py
const PICTURES = resolve(import.meta.dirname, "../../docs/images/web");
const EXECUTABLE = process.env.STORIES_CHROMIUM ?? "/usr/bin/chromium";

const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ["--no-sandbox"] });

const DESK = { width: 1440, height: 900 };

export type Lang = "zh" | "en";

/** A browser of one person. Whatever its pages complain about, also of their policy, fails the story by `close`. */
export class Visitor {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly complaints: string[],
  ) {}

  /** Signs in by the page, and arrives where they wanted to go, or are `led` first. `deaf`: never hears what others
   * change. */
  static async signIn(
    person: string,
    lang: Lang,
    path = "/app/",
    { size = DESK, deaf = false, base = inject("url"), led = path } = {},
  ) {
    const context = await browser.newContext({
      baseURL: base,
      viewport: size,
      reducedMotion: "reduce", // colours on their way from one to another are none to judge
      timezoneId: "Asia/Shanghai",
    });
    if (deaf) {
      await context.route("**/api/v1/events", (route) => route.abort());
    }
    await context.addInitScript((chosen) => localStorage.setItem("diting.lang", chosen), lang);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    const visitor = new Visitor(page, context, complaints);
    await page.goto(path);
    await page.waitForURL("**/sign-in?**");
    await page.fill("#person", person);
    await page.fill("#password", PASSWORD);
    await page.click("button[type=submit]");
    await page.waitForURL(`**${led}`);
    await page.locator("#content, main").first().waitFor();
    complaints.length = 0; // the question who asks was refused before, as it should be
    return visitor;
  }

  /** Does something with a ticket as this person, beside the page. */
  async act(ticket: number, action: string, document: Record<string, unknown> = {}): Promise<void> {
    const said = await this.page.evaluate(
      async ([ticket, action, document]) => {
        const { csrf } = await (await fetch("/api/v1/session")).json();
        const { version } = await (await fetch(`/api/v1/tickets/${ticket}`)).json();
        const headers = {
          "X-CSRF-Token": csrf,
          "If-Match": `"${version}"`,
          "Content-Type": "application/json",
        };
        const body = JSON.stringify({ document });
        const address = `/api/v1/tickets/${ticket}/actions/${action}`;
        const answer = await fetch(address, { method: "POST", headers, body });
        return answer.ok ? "" : answer.text();
      },
      [ticket, action, document] as const,
    );
    expect(said).toBe("");
  }

  /** Keeps a picture in docs/images/web; the first in a story is looked at by people. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.settled();
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
  }

  /** Nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => document.querySelector("output.state") === null);
  }

  /** axe finds nothing serious or critical in the page as it stands. */
  async everybodyCanUseIt(): Promise<void> {
    await this.settled();
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(async () => {
      const results = await (window as unknown as { axe: typeof axe }).axe.run(document);
      return results.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
    });
    expect(found).toEqual([]);
  }

  /** Ends the visit; `expected` are the refusals that the story is about. */
  async close(expected: readonly RegExp[] = []): Promise<void> {
    await this.context.close();
    expect(this.complaints.filter((each) => !expected.some((known) => known.test(each)))).toEqual([]);
  }
}
