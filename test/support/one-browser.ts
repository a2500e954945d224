/** For mocha's --require: one Chromium for all files of a run, also when they run in processes of their own. */
import { type BrowserServer, chromium } from "playwright-core";
import { BROWSER_ENDPOINT, chromiumPath, launchOptions } from "./chromium.ts";

let server: BrowserServer | null = null;

export async function mochaGlobalSetup(): Promise<void> {
  const path = chromiumPath();
  if (path === null) return;
  server = await chromium.launchServer({ ...launchOptions(path), host: "127.0.0.1" });
  // the workers are forked later and inherit it
  process.env[BROWSER_ENDPOINT] = server.wsEndpoint();
}

export async function mochaGlobalTeardown(): Promise<void> {
  await server?.close();
}
