/** `tiller lsp` as an editor starts it: by itself, beside a daemon, and after that daemon has gone. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "mocha";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import type { Diagnostic } from "vscode-languageserver";
import { Cli, TILLER } from "../support/cli.ts";
import { Editor } from "../support/language.ts";

const TEXT = `tiller: 2
name: Two
controls:
  a: { use: direction/joy, strength: 0.1, with: { mode: set } }
  b: { use: direction/joy, strength: 0.2, with: { mode: set } }
  c: { use: direction/nobody, strength: 0.2 }
`;

describe("tiller lsp", () => {
  const cli = new Cli();
  const started: ChildProcess[] = [];
  after(async () => {
    for (const child of started) child.kill();
    await cli.dispose();
  });

  const start = (...args: string[]): { editor: Editor; child: ChildProcess } => {
    const env = { ...process.env, TILLER_HOME: cli.home.paths.home };
    const child = spawn(process.execPath, [TILLER, "lsp", "--stdio", ...args], { env, stdio: ["pipe", "pipe", "inherit"] });
    started.push(child);
    return {
      editor: new Editor(createMessageConnection(new StreamMessageReader(child.stdout!), new StreamMessageWriter(child.stdin!))),
      child,
    };
  };
  const codes = (found: readonly Diagnostic[]): string[] => found.map(({ code }) => String(code)).sort();

  it("starts no daemon, learns from one that is started, checks with its compiler, and knows the rest after it has gone", async () => {
    const { editor, child } = start();
    const capabilities = await editor.begin();
    assert.ok(capabilities["completionProvider"] !== undefined);
    const { uri } = await editor.open(TEXT);
    assert.deepEqual(codes(await editor.diagnostics(uri)), []);
    assert.equal(cli.daemonPid, null);

    await cli.json(["run", "--max-tokens", "1", "--prompt", "Hello"]);
    await editor.diagnostics(uri, (found) => codes(found).includes("not-found"));
    await editor.change(uri, [{ range: { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } }, newText: "" }]);
    const both = await editor.diagnostics(uri, (found) => codes(found).includes("conflict"));
    assert.match(String(both.find(({ code }) => code === "conflict")!.message), /a and b both constrain the same direction/);

    await cli.run(["stop"]);
    const offline = start("--offline").editor;
    await offline.begin();
    const again = await offline.open(TEXT.replace("nobody", "joi"));
    const kept = await offline.diagnostics(again.uri, (found) => codes(found).includes("not-found"));
    assert.equal(kept.find(({ code }) => code === "not-found")!.severity, 2, "of what is no longer sure it warns");
    assert.ok(existsSync(join(dirname(cli.home.paths.modelCache), "language-server.json")));
    assert.equal(cli.daemonPid, null, "it starts none");

    await editor.connection.sendRequest("shutdown");
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await editor.connection.sendNotification("exit");
    assert.equal(await ended, 0);
  });
});
