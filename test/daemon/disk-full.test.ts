import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { makeHome, startLimited } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";

describe("daemon: no room left", () => {
  it("keeps the old preset, says so, and goes on", async function () {
    if (process.platform === "win32") skip(this, "needs ulimit");
    const home = makeHome();
    const daemon = await startLimited(home);
    try {
      const client = await connect(daemon.url, { token: daemon.token });
      const old = "tiller: 1\nname: old\n";
      await client.call("preset.save", { id: "kept", text: old });
      const error = await client.refused("preset.save", { id: "kept", text: `tiller: 1\nname: new\n# ${"x".repeat(250_000)}\n` });
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
