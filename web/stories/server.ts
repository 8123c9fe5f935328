/** One house with its server for all stories: what `tests/web/house.py` makes, copied anew for every run. */

import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

const ROOT = resolve(import.meta.dirname, "../..");
const PYTHON = process.env.STORIES_PYTHON ?? join(ROOT, ".venv/bin/python");
// Listening to the sample calls takes minutes: the house is kept for the next run.
const HOUSE = process.env.STORIES_HOUSE ?? join(ROOT, "var/stories");
const TOKEN = randomBytes(32).toString("hex");
const STARTS_WITHIN_MS = 180_000;

export type Server = { url: string; stop: () => Promise<void>; start: () => Promise<void> };

declare module "vitest" {
  export interface ProvidedContext {
    url: string;
  }
}

function environment(data: string): NodeJS.ProcessEnv {
  // Settings of the house where the stories are told would change them.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("DITING_"));
  return {
    ...Object.fromEntries(own),
    PYTHONPATH: `${ROOT}:${join(ROOT, "warnings")}`,
    OMP_NUM_THREADS: "1",
    DITING_DATA_DIR: data,
    DITING_RULE_FOLDERS: join(data, "rules"),
    DITING_API_TOKEN: TOKEN, // without one, this machine is let in with every role
  };
}

function makeHouse(): void {
  const ready = join(HOUSE, "ready");
  if (existsSync(ready)) {
    return;
  }
  mkdirSync(HOUSE, { recursive: true });
  execFileSync(PYTHON, ["-m", "tests.web.house"], { cwd: ROOT, env: environment(HOUSE), stdio: "inherit" });
  writeFileSync(ready, "");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return address !== null && typeof address === "object" ? address.port : 0;
}

/** Serve a data folder, with these settings besides; comes back when the server answers. */
export async function serve(data: string, settings: NodeJS.ProcessEnv = {}): Promise<Server> {
  const listening = await freePort();
  const url = `http://127.0.0.1:${listening}`;
  const run = () =>
    spawn(PYTHON, ["-m", "api.cli", "serve", "--port", String(listening)], {
      cwd: ROOT,
      env: { ...environment(data), ...settings },
      stdio: process.env.STORIES_LOG ? "inherit" : "ignore",
    });
  let running = run();
  const stop = async () => {
    const ended = new Promise((done) => running.once("exit", done));
    running.kill("SIGTERM");
    await ended;
  };
  const start = async () => {
    running = run();
    await answers(url);
  };
  await answers(url).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, stop, start };
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) {
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the server at ${url} does not answer; STORIES_LOG=1 shows what it says`);
}

/** A copy of the house that a story may change; its folder. */
export function copyOfHouse(): string {
  const data = mkdtempSync(join(tmpdir(), "diting-stories-"));
  cpSync(HOUSE, data, { recursive: true });
  return data;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  makeHouse();
  const data = copyOfHouse();
  const server = await serve(data);
  project.provide("url", server.url);
  return async () => {
    await server.stop();
    rmSync(data, { recursive: true });
  };
}
