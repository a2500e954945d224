/** The page in Chromium over a real daemon: one daemon per suite, one browser for the lane, a fresh profile per test. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import type { AnswerState, State } from "../../webview-ui/store/state.ts";
import { chromiumPath, INSTALL_CHROMIUM, openChromium } from "./chromium.ts";
import { makeHome, startTestDaemon, type TestDaemon, type TestHome } from "./daemon.ts";
import { connect, type RpcClient } from "./rpc.ts";
import { skip } from "./shared.ts";
import { QUICK } from "./steered-home.ts";

/** What main.tsx offers to the console. */
declare global {
  interface Window {
    readonly tiller: {
      readonly state: State;
      readonly client: {
        call(method: string, params: object): Promise<unknown>;
        on(name: string, listener: (params: never) => void): void;
      };
    };
  }
}

export interface SiteOptions {
  /** prepares the home before the daemon starts */
  readonly home?: () => Promise<TestHome>;
  readonly context?: BrowserContextOptions;
  /** of the daemon, beside this process's own */
  readonly env?: () => NodeJS.ProcessEnv;
  /** loads the embedded model beforehand, on one thread: quickest where cores are busy */
  readonly loaded?: boolean;
}

/** Everything that a test of the page needs; filled before each test. */
export class Site {
  browser!: Browser;
  daemon!: TestDaemon;
  /** the daemon seen without the page */
  rpc!: RpcClient;
  page!: Page;
  /** addresses outside this daemon that the page asked for, and errors that nobody caught */
  readonly stray: string[] = [];

  async open(options: BrowserContextOptions = {}, token = this.daemon.token): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    // The time limit is mocha's alone.
    context.setDefaultTimeout(0);
    const page = await context.newPage();
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "blob:" && host !== new URL(this.daemon.url).host) this.stray.push(request.url());
    });
    page.on("pageerror", (error) => this.stray.push(`${error.name}: ${error.message}`));
    await page.goto(`${this.daemon.url}/#token=${token}`);
    return page;
  }

  async ready(page = this.page): Promise<void> {
    await page.waitForFunction(() => window.tiller?.state.link.phase === "open" && window.tiller.state.library.ready);
  }

  /** The first shipped preset that suits the chosen model: tests name none. */
  async anyPreset(): Promise<{ id: string; name: string; controls: Record<string, { strength: number; range?: [number, number] }> }> {
    const { presets } = await this.rpc.call("preset.list");
    const entry = presets.find(({ preset, problem }: { preset: unknown; problem: unknown }) => preset !== null && problem === null);
    assert.ok(entry, "no preset suits the model");
    return { id: entry.id, name: entry.preset.name, controls: entry.preset.controls };
  }
}

/** Registers the hooks of a suite. Without Chromium every test of it is skipped by name. */
export function useSite(options: SiteOptions = {}): Site {
  const site = new Site();
  const path = chromiumPath();
  before(async () => {
    if (path === null) return;
    const home = (await options.home?.()) ?? makeHome();
    site.daemon = await startTestDaemon({ home, ...(options.env === undefined ? {} : { env: options.env() }) });
    site.rpc = await connect(site.daemon.url, { token: site.daemon.token });
    site.browser = await openChromium(path);
    if (options.loaded === true) await loadEmbedded(site.rpc);
  });
  beforeEach(async function () {
    if (path === null) skip(this, INSTALL_CHROMIUM);
    site.page = await site.open(options.context);
    await site.ready();
  });
  afterEach(async () => {
    if (path === null) return;
    for (const context of site.browser.contexts()) await context.close();
    assert.deepEqual(site.stray.splice(0), [], "the page stays within its daemon, and no error is left uncaught");
  });
  after(async () => {
    await site.browser?.close();
    await site.rpc?.close();
    await site.daemon?.dispose();
  });
  return site;
}

async function loadEmbedded(rpc: RpcClient): Promise<void> {
  const { models } = await rpc.call("model.list");
  const { id } = models.find(({ embedded }: { embedded: boolean }) => embedded);
  await rpc.call("model.load", { model: id, options: QUICK });
}

/** Writes a message and sends it with the Enter key. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.keyboard.press("Enter");
}

export async function choosePreset(page: Page, id: string): Promise<void> {
  await page.getByRole("combobox", { name: "Preset" }).selectOption(id);
  await page.waitForFunction((chosen) => window.tiller.state.rack.preset === chosen, id);
}

/** Answers token by token, as they were written; else the page shows them as Markdown. */
export async function asTokens(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Tokens", exact: true }).click();
}

export async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? "";
}

/** Sets "Max tokens" in the sampling panel. */
export async function limitAnswers(page: Page, maxTokens: number): Promise<void> {
  const panel = page.getByRole("button", { name: "Sampling", exact: true });
  await panel.click();
  await page.getByRole("spinbutton", { name: "Max tokens" }).fill(String(maxTokens));
  await page.keyboard.press("Tab");
  await panel.click();
}

/** Presses Stop at once: a click waits until the page is still, which it is not while an answer is written. */
export async function stopAnswer(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const stop = [...document.querySelectorAll("button")].find(({ textContent }) => textContent?.trim() === "Stop");
    stop?.click();
    return stop !== undefined;
  });
}

/** The answers of the open conversation that are shown, in their order. */
export function shownAnswers(page: Page): Promise<AnswerState[]> {
  return page.evaluate(() => {
    const { conversations, current, answers } = window.tiller.state;
    const turns = conversations.find(({ id }) => id === current)?.turns ?? [];
    return turns.flatMap((turn) => (turn.role === "assistant" ? [answers[turn.answers[turn.shown] ?? ""]!] : []));
  });
}

/** Waits until `count` answers are shown and all of them have ended. */
export async function answered(page: Page, count = 1): Promise<AnswerState[]> {
  await page.waitForFunction((wanted) => {
    const { conversations, current, answers } = window.tiller.state;
    const turns = conversations.find(({ id }) => id === current)?.turns ?? [];
    const shown = turns.flatMap((turn) => (turn.role === "assistant" ? [answers[turn.answers[turn.shown] ?? ""]] : []));
    return shown.length === wanted && shown.every((answer) => answer?.phase === "ended");
  }, count);
  return shownAnswers(page);
}

/**
 * Adds fields to what the page asks the daemon for, where a proof needs what no control of the page offers (a model of random
 * weights that must not end its answer, forced tokens, logits).
 */
export async function addToCalls(page: Page, method: string, fields: object, as = method): Promise<void> {
  await page.evaluate(
    ({ method, fields, as }) => {
      const { client } = window.tiller;
      const call = client.call.bind(client);
      client.call = (name, params) => (name === method ? call(as, { ...params, ...fields }) : call(name, params));
    },
    { method, fields, as },
  );
}

/** A picture to look at, where `TILLER_SCREENSHOTS` names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["TILLER_SCREENSHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
