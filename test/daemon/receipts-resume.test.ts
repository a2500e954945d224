import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { makeHome, startTestDaemon } from "../support/daemon.ts";
import { asked, ended, finishedArms, measure, QUICK_SPEC, until } from "../support/evaluation.ts";
import { connect, type RpcClient } from "../support/rpc.ts";

/** Slow enough to be interrupted between two arms: reading the held-out text alone takes a while. */
const SPEC = { ...QUICK_SPEC, seeds: 3 };
const PARAMS = { preset: "spanish", spec: SPEC };

describe("daemon: an evaluation that is interrupted", () => {
  it("goes on from its finished points after SIGKILL and after SIGTERM, to the receipt that it would have been", async function () {
    this.timeout(600_000);
    const home = makeHome();
    let daemon = await startTestDaemon({ home });
    try {
      let client: RpcClient = await connect(daemon.url, { token: daemon.token });
      const undisturbed = await measure(client, PARAMS);
      const { id } = await client.call("experiment.start", asked("receipt", PARAMS));

      await until(() => finishedArms(home).length >= 2);
      daemon.process.kill("SIGKILL");
      await daemon.exited;
      const afterKill = finishedArms(home);
      assert.ok(afterKill.includes("plain"));

      daemon = await startTestDaemon({ home });
      client = await connect(daemon.url, { token: daemon.token });
      await until(() => finishedArms(home).length > afterKill.length);
      await daemon.stop();
      const afterTerm = finishedArms(home);
      assert.deepEqual(afterTerm.slice(0, afterKill.length), afterKill);

      daemon = await startTestDaemon({ home });
      client = await connect(daemon.url, { token: daemon.token });
      const job = await ended(client, id);
      assert.equal(job.state, "done", job.message);
      const messages = client.of("job.changed").map((one) => one.message as string);
      assert.ok(!messages.some((message) => message.includes("without steering")), messages.join("; "));
      const [receipt] = (await client.call("artifact.get", { id: job.result })).receipts;
      assert.equal(receipt.hash, undisturbed.hash);
      assert.notEqual(receipt.created, undisturbed.created);
      assert.deepEqual(finishedArms(home), []);
      await client.close();
    } finally {
      await daemon.dispose();
    }
  });
});
