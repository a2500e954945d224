/**
 * Runs inside a real VS Code's extension host, as its `extensionTestsPath`: mocha over the suites here, and what came of them as a file
 * for the test outside, which opened the window (test/host/extension-host.test.ts).
 */
import { writeFileSync } from "node:fs";

/** Given when this is bundled: mocha's module, a URL, and the file for what came of the tests. */
declare const MOCHA: string;
declare const RESULTS: string;

export interface HostResults {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
}

export async function run(): Promise<void> {
  const results = await tests().catch((error: unknown) => ({ passed: [], failed: [{ title: "mocha", error: textOf(error) }] }));
  writeFileSync(RESULTS, JSON.stringify(results));
}

async function tests(): Promise<HostResults> {
  const { default: Mocha } = (await import(MOCHA)) as { default: new (options: Mocha.MochaOptions) => Mocha };
  const mocha = new Mocha({ ui: "bdd", timeout: 0 });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./api.ts");
  const passed: string[] = [];
  const failed: { title: string; error: string }[] = [];
  return new Promise((resolve) => {
    mocha
      .run(() => resolve({ passed, failed }))
      .on("pass", (test) => passed.push(test.fullTitle()))
      .on("fail", (test, error) => failed.push({ title: test.fullTitle(), error: textOf(error) }));
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
