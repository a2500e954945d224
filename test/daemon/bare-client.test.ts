import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "mocha";
import { startTestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { REPOSITORY } from "../support/shared.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

const run = promisify(execFile);

describe("daemon: a script with nothing but ws", () => {
  it("streams a steered answer", async () => {
    const { home, model } = await makeSteeredHome();
    const daemon = await startTestDaemon({ home });
    try {
      const rpc = await connect(daemon.url, { token: daemon.token });
      await rpc.call("model.load", { model: model.id, options: QUICK });
      const script = join(REPOSITORY, "examples", "steered-chat.mjs");
      const env = { ...process.env, TILLER_HOME: home.paths.home };
      const { stdout } = await run(process.execPath, [script, "shift", "shift=6", "hello", model.id], { env });
      assert.match(stdout, /.+\n\[steered: shift 6/s);
      await assert.rejects(run(process.execPath, [script, "none", "shift=6", "hello", model.id], { env }), /there is no preset 'none'/);
    } finally {
      await daemon.dispose();
    }
  });
});
