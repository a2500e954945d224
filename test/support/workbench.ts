/** Windows of a real VS Code in Chromium, with the packaged extension and the daemon that it starts. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { findDaemon, type Lock } from "../../daemon/store/lock.ts";
import type { AnswerState, State } from "../../webview-ui/store/state.ts";
import { chromiumPath, INSTALL_CHROMIUM, openChromium } from "./chromium.ts";
import type {} from "./page.ts";
import { REPOSITORY, skip } from "./shared.ts";
import { findVsCode, INSTALL_VSCODE, startVsCode, type VsCode } from "./vscode.ts";

export const PACKAGE = join(REPOSITORY, "dist", `tiller-${process.platform}-${process.arch}.vsix`);

/** One window, and the chat in it. */
export class Window {
  readonly page: Page;
  readonly chat: FrameLocator;

  constructor(page: Page) {
    this.page = page;
    this.chat = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  /** Shows Tiller's container by its icon. */
  async openTiller(): Promise<void> {
    await this.page.locator(".activitybar").getByRole("tab", { name: "Tiller" }).click();
    await this.chat.locator("#question").waitFor();
  }

  /** Runs a command by the palette, as a person would. */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
  }

  /** A row of the quick pick that is open. */
  async pick(label: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: label }).first().click();
  }

  /** A native view of the container, by its heading. */
  section(title: string): Locator {
    return this.page.locator(".split-view-view .pane-header").filter({ hasText: title });
  }

  /** A row of a native tree. */
  row(label: string): Locator {
    return this.page.locator(".sidebar .monaco-list-row").filter({ hasText: label });
  }

  /** Opens a file of the workspace by the explorer, as a person would. */
  async openFile(name: string): Promise<void> {
    await this.run("View: Show Explorer");
    await this.page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name }).dblclick();
    await this.page.locator(".tab.active").filter({ hasText: name }).waitFor();
  }

  get status(): Locator {
    return this.page.locator("[id='tiller.tiller.tiller.status']");
  }

  /** What the page knows. */
  async state<T>(read: (state: State) => T): Promise<T> {
    return read(await this.chat.locator("body").evaluate(() => window.tiller.state));
  }

  async until(read: (state: State) => boolean): Promise<void> {
    while (!(await this.state(read).catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async ready(): Promise<void> {
    await this.until((state) => state.link.phase === "open" && state.library.ready);
  }
}

export class Workbench {
  code!: VsCode;
  browser!: Browser;
  /** the daemons that were seen, to end them all */
  readonly #seen = new Set<number>();

  async open(url = this.code.windowUrl()): Promise<Window> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 860 } });
    context.setDefaultTimeout(0);
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(".monaco-workbench .part.statusbar").waitFor();
    return new Window(page);
  }

  /** The user's daemon; null: none runs. */
  async daemon(): Promise<Lock | null> {
    const lock = await findDaemon(join(this.code.home, "daemon.json"));
    if (lock !== null) this.#seen.add(lock.pid);
    return lock;
  }

  /** Processes of daemons on this home. */
  daemonProcesses(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        try {
          const args = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
          return args.includes(this.code.home) && args.some((arg) => arg.endsWith(join("server", "main.js")));
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  /** What the chats of all workspaces keep, as text. */
  kept(): string[] {
    const data = join(this.code.folder, "data");
    return readdirSync(data, { recursive: true, encoding: "utf8" })
      .filter((name) => /tiller\.tiller[\\/]chat[\\/][0-9a-f]+\.json$/.test(name))
      .map((name) => readFileSync(join(data, name), "utf8"));
  }

  /** For pictures that a person looks at: TILLER_PICTURES names the folder. */
  async picture(window: Window, name: string): Promise<void> {
    const folder = process.env["TILLER_PICTURES"];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await window.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async dispose(): Promise<void> {
    await this.daemon();
    for (const pid of this.#seen) {
      try {
        process.kill(pid, "SIGTERM");
      } catch {
        // ended already
      }
    }
    await this.code.dispose();
  }
}

/** Asks in the conversation that is open, and gives the answer when it has ended. */
export async function ask(window: Window, question: string): Promise<AnswerState> {
  const before = await window.state((state) => Object.keys(state.answers));
  await window.chat.locator("#question").fill(question);
  await window.chat.locator("#question").press("Enter");
  const fresh = ({ answers }: State): AnswerState | undefined => Object.values(answers).find(({ stream }) => !before.includes(stream));
  await window.until((state) => fresh(state)?.phase === "ended");
  return (await window.state(fresh))!;
}

/** Registers the hooks of a suite. Without VS Code, Chromium or the package every test of it is skipped by name. */
export function useWorkbench(settings: Record<string, unknown> = {}): Workbench {
  const bench = new Workbench();
  const chromium = chromiumPath();
  const install = findVsCode();
  const lacking =
    chromium === null
      ? INSTALL_CHROMIUM
      : install === null
        ? INSTALL_VSCODE
        : existsSync(PACKAGE)
          ? null
          : "needs the package: npm run package";
  before(async () => {
    if (lacking !== null) return;
    bench.code = await startVsCode(install!, PACKAGE, settings);
    bench.browser = await openChromium(chromium!);
  });
  beforeEach(function () {
    if (lacking !== null) skip(this, lacking);
  });
  afterEach(async () => {
    if (lacking !== null) return;
    for (const context of bench.browser.contexts()) await context.close();
  });
  after(async () => {
    await bench.browser?.close();
    if (lacking === null) await bench.dispose();
  });
  return bench;
}
