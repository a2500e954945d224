/** The starts of docs/clients, as they stand there, on a running daemon. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { REPOSITORY, skip } from "../support/shared.ts";

const PAGES = join(REPOSITORY, "docs", "clients");
const OWN = join(REPOSITORY, "test", "clients", ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const INSTALL = "python3 -m venv test/clients/.venv && test/clients/.venv/bin/pip install -r test/clients/requirements.txt";

const INTERPRETERS = {
  python: (text: string): [string, string[]] => [OWN, ["-c", text]],
  sh: (text: string): [string, string[]] => ["sh", ["-ec", text]],
  js: (text: string): [string, string[]] => [process.execPath, ["--input-type=module", "-e", text]],
};

describe("clients: each start in docs/clients", () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await startTestDaemon();
  });
  after(() => daemon.dispose());

  function run(command: string, args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const path = `${dirname(OWN)}${delimiter}${process.env["PATH"] ?? ""}`;
    const env = { ...process.env, PATH: path, TILLER_URL: daemon.url, TILLER_TOKEN: daemon.token, TILLER_HOME: daemon.home.paths.home };
    // some read what is piped to them until it ends
    const child = spawn(command, args, { cwd: REPOSITORY, env, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  }

  for (const page of readdirSync(PAGES)) {
    const blocks = [...readFileSync(join(PAGES, page), "utf8").matchAll(/^```(python|sh|js)\n(.*?)^```$/gms)];
    it(`${page} has a start`, () => assert.ok(blocks.length > 0));
    blocks.forEach(([, language, text], i) => {
      it(`${page}, ${i + 1}: runs and prints an answer`, async function () {
        if (
          (language === "python" || text!.includes("llm ")) &&
          (!existsSync(OWN) || spawnSync(OWN, ["-c", "import openai, ollama, litellm, langchain_openai, llm, lm_eval"]).status !== 0)
        )
          skip(this, `needs the clients' packages: ${INSTALL}`);
        const { code, out, err } = await run(...INTERPRETERS[language as keyof typeof INTERPRETERS](text!));
        assert.equal(code, 0, err);
        assert.ok(out.trim().length > 3, out);
      });
    });
  }
});
