import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { bodyOf } from "../../daemon/methods/directions/body.ts";
import { ArtifactEntrySchema } from "../../daemon/protocol/api/library.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended } from "../support/evaluation.ts";
import { connect, type RpcClient } from "../support/rpc.ts";

describe("daemon: a slider from words, on the embedded model", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon({ home: makeHome() });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });
  const make = async (params: Parameters<typeof asked>[1]) => {
    const { id } = await client.call("experiment.start", asked("directions/from-words", params));
    return ended(client, id);
  };

  it("writes its own pairs, keeps those that the judge sees, and has a quick verdict that says what it does", async () => {
    const job = await make({ id: "direction/own-spanish", from: "Answer in Spanish.", judge: { id: "language", label: "es" } });
    assert.equal(job.state, "done", job.message);
    const artifact = ArtifactEntrySchema.parse(await client.call("artifact.get", { id: "direction/own-spanish" }));
    assert.match(artifact.description, /\d+ of 64 pairs of the model's own answers, kept by the judge 'language'/);
    assert.ok(bodyOf(artifact).quality.some(({ auroc }) => auroc > 0.9));
    const [receipt] = artifact.receipts;
    // Whether it works is this small model's affair: on prompts of six kinds the strengths that its answers bear do little.
    assert.notEqual(receipt!.verdict, "no usable strength", receipt!.summary);
    assert.ok(receipt!.points.find(({ strength }) => strength === receipt!.best)!.effect.value >= 0, receipt!.summary);
    assert.ok(receipt!.quick !== null && receipt!.kinds.length === 6);
    assert.equal(receipt!.artifact.sha256, artifact.hash);
  });

  it("without a judge makes the direction alone, against what it is told to be the opposite", async () => {
    const job = await make({ id: "direction/own-brief", from: "Answer briefly.", opposite: "Answer at length." });
    assert.equal(job.state, "done", job.message);
    const artifact = ArtifactEntrySchema.parse(await client.call("artifact.get", { id: "direction/own-brief" }));
    assert.match(artifact.description, /unjudged/);
    assert.deepEqual(artifact.receipts, []);
  });

  it("says so when the model cannot do what the words ask for", async () => {
    const job = await make({ id: "direction/none", from: "xyzzy", judge: { id: "language", label: "ja" } });
    assert.equal(job.state, "failed");
    assert.match(job.message, /hardly shows this: only 0 of 64 pairs of answers differ as asked, 10 are needed$/);
    assert.equal((await client.refused("artifact.get", { id: "direction/none" })).code, "not-found");
    const error = await client.refused("experiment.start", asked("directions/from-words", { id: "direction/none", from: "  " }));
    assert.equal(error.code, "invalid-params");
  });
});
