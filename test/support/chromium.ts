/** Finds and starts Chromium for the tests of the page. It reaches this machine's loopback and nothing else. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** What the summary of `npm test` says without it. */
export const INSTALL_CHROMIUM = "needs Chromium: apt-get install chromium, or set CHROMIUM to its path";

/** `CHROMIUM` where it is set, else the first of the usual names on the PATH. */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string | null {
  const given = env["CHROMIUM"];
  if (given !== undefined && given !== "") return existsSync(given) ? given : null;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** The environment variable by which the lane's one browser is found, see one-browser.ts. */
export const BROWSER_ENDPOINT = "TILLER_TEST_BROWSER";

const ARGUMENTS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Playwright would add the switch of the old headless mode. */
export function launchOptions(executablePath: string): { executablePath: string; headless: boolean; args: string[] } {
  return { executablePath, headless: false, args: ARGUMENTS };
}

/** The lane's browser, seen by a connection of its own; for a file that runs alone, one that is started for it. */
export function openChromium(executablePath: string): Promise<Browser> {
  const endpoint = process.env[BROWSER_ENDPOINT];
  return endpoint === undefined ? chromium.launch(launchOptions(executablePath)) : chromium.connect(endpoint);
}
