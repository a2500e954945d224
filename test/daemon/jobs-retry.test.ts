import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { childrenOf, makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended, finishedArms, measure, QUICK_SPEC, until } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";

/** Slow enough to be disturbed between two arms. */
const SPEC = { ...QUICK_SPEC, seeds: 3 };
const PARAMS = { preset: "spanish", spec: SPEC };

describe("daemon: a job that is disturbed keeps what it has finished", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  let hash: string;
  before(async () => {
    daemon = await startTestDaemon({ home: makeHome() });
    client = await connect(daemon.url, { token: daemon.token });
    hash = (await measure(client, PARAMS)).hash;
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  const startAndFinish = async (arms: number): Promise<string> => {
    client.notifications.length = 0;
    const { id } = await client.call("experiment.start", asked("receipt", PARAMS));
    await until(() => finishedArms(daemon.home, id).length >= arms);
    return id;
  };
  const messagesOf = (id: string): string[] =>
    client
      .of("job.changed")
      .filter((job) => job.id === id)
      .map(({ message }) => message);
  const receipt = async (): Promise<Wire> => (await client.call("artifact.get", { id: "direction/spanish" })).receipts[0] ?? null;

  it("goes on by itself once when its model is unloaded, fails the second time, and by job.retry comes to the same receipt", async () => {
    const { id: model } = (await client.call("model.list")).models.find((one: Wire) => one.embedded);
    const id = await startAndFinish(1);
    await client.call("model.unload", { model });
    await client.until(() => client.of("job.changed").some((job) => job.id === id && /the model was unloaded/.test(job.message)));
    assert.equal((await client.call("job.get", { job: id })).error, null);
    await until(() => finishedArms(daemon.home, id).length >= 2);
    await client.call("model.unload", { model });
    const failed = await ended(client, id);
    assert.equal(failed.state, "failed");
    assert.equal(failed.error.code, "engine-failed");
    assert.equal(failed.error.message, "the model was unloaded");
    assert.match(failed.error.suggestion, new RegExp(`tiller jobs retry ${id}`));
    assert.ok(finishedArms(daemon.home, id).length >= 2);

    client.notifications.length = 0;
    const again = await client.call("job.retry", { job: id });
    assert.deepEqual([again.state, again.error], ["queued", null]);
    const done = await ended(client, id);
    assert.equal(done.result, "direction/spanish");
    assert.ok(!messagesOf(id).some((message) => /without steering|prompting baseline/.test(message)), messagesOf(id).join("; "));
    assert.equal((await receipt()).hash, hash);
    const refused = await client.refused("job.retry", { job: id });
    assert.equal(refused.code, "conflict");
    assert.equal((await client.refused("job.retry", { job: "0-00000000" })).code, "not-found");
  });

  it("goes on by itself after its engine was killed", async function () {
    if (process.platform !== "linux") skip(this, "needs /proc");
    const id = await startAndFinish(1);
    for (const pid of childrenOf(daemon.pid)) process.kill(pid, "SIGKILL");
    const job = await ended(client, id);
    assert.equal(job.state, "done", job.message);
    assert.ok(messagesOf(id).some((message) => /goes on: .*ended unexpectedly/.test(message)));
    assert.equal((await receipt()).hash, hash);
  });

  it("keeps the part of one that was cancelled, is one job when it is asked for again, and goes on by job.retry", async () => {
    const id = await startAndFinish(1);
    assert.equal((await client.call("experiment.start", asked("receipt", PARAMS))).id, id);
    await client.call("job.cancel", { job: id });
    const other = await client.call("experiment.start", asked("receipt", PARAMS));
    assert.notEqual(other.id, id);
    assert.equal((await ended(client, id)).state, "cancelled");
    await client.call("job.cancel", { job: other.id });
    await ended(client, other.id);
    assert.ok(finishedArms(daemon.home, id).length >= 1);
    client.notifications.length = 0;
    await client.call("job.retry", { job: id });
    assert.equal((await ended(client, id)).state, "done");
    assert.ok(!messagesOf(id).some((message) => /without steering/.test(message)));
    assert.equal((await receipt()).hash, hash);
  });

  it("puts a job aside that cannot be read, and says so", async () => {
    const id = await startAndFinish(1);
    await client.call("job.cancel", { job: id });
    await ended(client, id);
    const { home } = daemon;
    await daemon.stop();
    const file = join(home.paths.jobs, `${id}.json`);
    assert.ok(finishedArms(home, id).length >= 1);
    writeFileSync(file, '{"job":');
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
    assert.match(daemon.log, new RegExp(`warn the job ${id} cannot be read \\(it is not JSON\\): its file is now ${id}.json.unreadable`));
    assert.ok(existsSync(`${file}.unreadable`));
    assert.deepEqual(finishedArms(home, id), []);
    assert.equal((await client.refused("job.get", { job: id })).code, "not-found");
  });
});
