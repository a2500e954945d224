import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { foundDirection } from "../support/artifact.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended, finishedArms, measure, QUICK_SPEC, until } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { artifactStore } from "../support/store.ts";

const SPEC = { ...QUICK_SPEC, title: "words", judge: { id: "length", value: "words" }, seeds: 3 };
const ID = "direction/mine";

describe("daemon: what changes while it is measured", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: Wire;
  beforeEach(async () => {
    daemon = await startTestDaemon({ home: makeHome() });
    client = await connect(daemon.url, { token: daemon.token });
    model = (await client.call("model.list")).models.find((one: Wire) => one.embedded);
    save(0.5);
  });
  afterEach(async () => {
    await client.close();
    await daemon.dispose();
  });

  const save = (value: number): void => {
    const { layers, width, architecture, fingerprint, quantisation } = model;
    const found = foundDirection({ id: ID, layers, width, value, used: [3], model: { architecture, fingerprint, quantisation } });
    artifactStore(daemon.home.paths).save(found);
  };
  const start = async (params: Parameters<typeof asked>[1]): Promise<string> =>
    (await client.call("experiment.start", asked("receipt", params))).id;
  const arms = (id: string, count: number): Promise<void> => until(() => finishedArms(daemon.home, id).length >= count);
  const part = (id: string): string => join(daemon.home.paths.jobs, `${id}.part.json`);

  it("an artifact: no receipt is signed for numbers that did not give its figures", async () => {
    const id = await start({ artifact: ID, spec: SPEC });
    await arms(id, 1);
    save(-0.7);
    const job = await ended(client, id);
    assert.equal(job.state, "failed", job.message);
    assert.deepEqual([job.error.code, job.error.message], ["conflict", `${ID} was changed while it was measured`]);
    assert.equal((await client.call("artifact.get", { id: ID })).receipts[0] ?? null, null);

    client.notifications.length = 0;
    await client.call("job.retry", { job: id });
    const done = await ended(client, id);
    assert.equal(done.message, `done (from the start again: ${ID} changed since its first answers)`);
    const { receipts, hash } = await client.call("artifact.get", { id: ID });
    const [receipt] = receipts;
    assert.equal(receipt.artifact.sha256, hash);
    assert.equal(receipt.hash, (await measure(client, { artifact: ID, spec: SPEC })).hash);
  });

  it("a part of another build is not gone on from", async () => {
    const id = await start({ artifact: ID, spec: SPEC });
    await arms(id, 1);
    await daemon.stop();
    const kept = JSON.parse(readFileSync(part(id), "utf8"));
    assert.match(kept.receipt.identity.Tiller, /^[0-9a-f]+$/);
    writeFileSync(part(id), JSON.stringify({ receipt: { ...kept.receipt, identity: { ...kept.receipt.identity, Tiller: "another" } } }));
    daemon = await startTestDaemon({ home: daemon.home });
    client = await connect(daemon.url, { token: daemon.token });
    const job = await ended(client, id);
    assert.equal(job.message, "done (from the start again: Tiller changed since its first answers)");
    assert.ok(client.of("job.changed").some(({ message }) => /without steering/.test(message)));
  });

  it("a preset that is edited while a job waits changes nothing that was asked for", async () => {
    const text = (use: string): string => `tiller: 1\nname: mine\ncontrols: { mine: { use: ${use} } }\n`;
    await client.call("preset.save", { id: "mine", text: text(ID) });
    const first = await start({ artifact: "direction/joy", spec: { ...SPEC, seeds: 50 } });
    const second = await start({ preset: "mine", spec: SPEC });
    await client.call("preset.save", { id: "mine", text: text("direction/spanish") });
    const third = await start({ preset: "mine", spec: SPEC });
    assert.notEqual(third, second);
    await client.call("job.cancel", { job: first });
    await client.call("job.cancel", { job: third });
    const job = await ended(client, second);
    assert.deepEqual([job.state, job.result], ["done", ID], job.message);
  });
});
