import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { afterEach, describe, it } from "mocha";
import { startLimited, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { ended } from "../support/evaluation.ts";
import { connect } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";
import { makeSteeredHome } from "../support/steered-home.ts";

/** Contrasts that take a while to read. */
const LONG_TEXTS = Array.from({ length: 2000 }, (_, i) => `text ${i} ${"and more words ".repeat(10)}`);
const SHORT_TEXTS = Array.from({ length: 12 }, (_, i) => `text ${i}`);

describe("daemon: jobs that cannot be written", function () {
  this.timeout(600_000);
  let daemon: TestDaemon | undefined;
  afterEach(async () => {
    await daemon?.dispose();
    daemon = undefined;
  });
  const asked = (id: string, model: string, texts: readonly string[]) => ({
    id: "directions/from-pairs",
    model,
    params: { id, templates: { positive: "good {}", negative: "bad {}", texts } },
  });

  it("end and follow each other in memory, say that they are not saved, and hold nobody up", async () => {
    const { home, model } = await makeSteeredHome();
    daemon = await startTestDaemon({ home });
    const client = await connect(daemon.url, { token: daemon.token });
    const first = await client.call("experiment.start", asked("direction/first", model.id, LONG_TEXTS));
    const second = await client.call("experiment.start", asked("direction/second", model.id, SHORT_TEXTS));
    await client.until(() => client.of("job.changed").some(({ id, message }) => id === first.id && /reading/.test(message)));
    renameSync(home.paths.jobs, `${home.paths.jobs}.gone`);
    await client.call("job.cancel", { job: first.id });
    const cancelled = await ended(client, first.id);
    assert.equal(cancelled.state, "cancelled");
    assert.match(cancelled.message, /not saved: .*could not be written/);
    const done = await ended(client, second.id);
    assert.deepEqual([done.state, done.result], ["done", "direction/second"], done.message);
    assert.equal((await client.refused("experiment.start", asked("direction/third", model.id, SHORT_TEXTS))).code, "storage-failed");
    assert.equal((await client.call("job.list")).jobs.length, 2);
    assert.match(daemon.log, new RegExp(`job ${first.id}: .*could not be written`));
    await client.close();
  });

  it("do not keep the daemon from starting", async function () {
    if (process.platform === "win32") skip(this, "needs ulimit");
    const { home, model } = await makeSteeredHome();
    const before = await startTestDaemon({ home });
    let client = await connect(before.url, { token: before.token });
    const { id } = await client.call("experiment.start", asked("direction/first", model.id, LONG_TEXTS));
    await before.stop();

    daemon = await startLimited(home);
    client = await connect(daemon.url, { token: daemon.token });
    await client.until(() => client.of("job.changed").some(({ message }) => /reading/.test(message)));
    await client.call("job.cancel", { job: id });
    const job = await ended(client, id);
    assert.equal(job.state, "cancelled");
    assert.match(job.message, /not saved/);
    await client.close();
  });
});
