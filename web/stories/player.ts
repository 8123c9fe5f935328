/** What a page plays, which no element of it shows. */

import type { Page } from "playwright-core";

declare global {
  interface Window {
    played: HTMLMediaElement[];
    waited: number;
  }
}

/** Keeps hold of everything that the page plays from now on; call before the page is opened. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.played = [];
    window.waited = 0;
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      if (!window.played.includes(this)) {
        window.played.push(this);
        // The sound stopped because the next seconds were not there yet.
        this.addEventListener("waiting", () => {
          window.waited += this.seeking || this.readyState >= 3 ? 0 : 1;
        });
      }
      return play.call(this);
    };
  });
}

/** Where the recording is now, in seconds. */
export async function second(page: Page): Promise<number> {
  return page.evaluate(() => window.played[0]?.currentTime ?? 0);
}

/** How many seconds of the recording are heard in some seconds of the clock, and how often it had to wait. */
export async function hearFor(page: Page, seconds: number): Promise<{ heard: number; waited: number }> {
  return page.evaluate(async (seconds) => {
    const audio = window.played[0] as HTMLMediaElement;
    const [from, began, waited] = [audio.currentTime, performance.now(), window.waited];
    await new Promise<void>((done) => {
      const look = () =>
        performance.now() - began >= seconds * 1000 ? done() : void requestAnimationFrame(look);
      look();
    });
    const clock = (performance.now() - began) / 1000;
    return { heard: (audio.currentTime - from) / clock, waited: window.waited - waited };
  }, seconds);
}
