import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, it } from "mocha";
import { DAEMON_MAIN, makeHome, TestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";

describe("daemon: no room left", () => {
  it("keeps the old preset, says so, and goes on", async function () {
    if (process.platform === "win32") skip(this, "needs ulimit");
    const home = makeHome();
    // A limit on file size makes a write fail half way, as a full disk does. 200 blocks are 100 or 200 kB.
    const child = spawn("sh", ["-c", `ulimit -f 200; exec "${process.execPath}" "${DAEMON_MAIN}" --home "${home.paths.home}"`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
      child.once("close", (code, signal) => resolve({ code, signal })),
    );
    const line = await new Promise<string>((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const daemon = new TestDaemon(home, JSON.parse(line), child, exited, () => log);
    try {
      const client = await connect(daemon.url, { token: daemon.token });
      const old = "tiller: 1\nname: old\n";
      await client.call("preset.save", { id: "kept", text: old });
      const error = await client.refused("preset.save", { id: "kept", text: `tiller: 1\nname: new\n# ${"x".repeat(500_000)}\n` });
      assert.equal(error.code, "storage-failed");
      assert.match(error.message, /unchanged/);
      assert.ok(!error.message.includes(home.paths.home));
      assert.equal((await client.call("preset.get", { id: "kept" })).text, old);
      assert.deepEqual((await client.call("preset.save", { id: "small", text: old })).id, "small");
      await client.close();
    } finally {
      await daemon.dispose();
    }
  });
});
