/** Suites inside the extension host of a real VS Code (test/extension-host): what another extension gets of Tiller. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { describe, it } from "mocha";
import type { HostResults } from "../extension-host/run.ts";
import { REPOSITORY } from "../support/shared.ts";
import { useWorkbench } from "../support/workbench.ts";

describe("VS Code: other extensions", () => {
  const bench = useWorkbench();
  const folder = mkdtempSync(join(tmpdir(), "tiller-extension-host-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("get steered models by the editor's language-model API and by exports", async () => {
    const results = join(folder, "results.json");
    const manifest = { name: "asks-tiller", publisher: "test", version: "1.0.0", engines: { vscode: "^1.104.0" }, main: "run.js" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, activationEvents: [] }));
    await build({
      entryPoints: [join(REPOSITORY, "test", "extension-host", "run.ts")],
      outfile: join(folder, "run.js"),
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["vscode", "file:*"],
      define: {
        MOCHA: JSON.stringify(pathToFileURL(join(REPOSITORY, "node_modules", "mocha", "index.js")).href),
        RESULTS: JSON.stringify(results),
      },
      logLevel: "error",
    });
    const window = await bench.open(bench.code.testsUrl(folder, join(folder, "run.js")));
    const allow = window.page.getByRole("button", { name: "Allow", exact: true });
    while (!existsSync(results)) {
      // the editor asks before one extension may use another's models
      if ((await allow.count()) > 0)
        await allow
          .first()
          .click({ timeout: 1000 })
          .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await bench.picture(window, "extension-host");
    const { passed, failed } = JSON.parse(readFileSync(results, "utf8")) as HostResults;
    assert.deepEqual(failed, []);
    assert.ok(passed.length >= 7, passed.join("\n"));
  });
});
