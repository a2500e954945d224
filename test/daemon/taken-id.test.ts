/** A new artifact does not silently take the place of one that is there: the user's own, a shipped one, or one on its way. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { createdJob, JobStore, newJobId, type StoredJob, StoredJobSchema } from "../../daemon/store/jobs.ts";
import { foundDirection } from "../support/artifact.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended } from "../support/evaluation.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { makeSteeredHome, type SteeredHome } from "../support/steered-home.ts";
import { artifactStore } from "../support/store.ts";

const TEXTS = Array.from({ length: 12 }, (_, i) => `some text number ${i}`);
const TEMPLATES = { positive: "good {}", negative: "bad {}", texts: TEXTS };

describe("daemon: an artifact's id that is taken", function () {
  this.timeout(600_000);
  let steered: SteeredHome;
  let daemon: TestDaemon;
  let client: RpcClient;
  let params: { model: string; templates: typeof TEMPLATES };
  before(async () => {
    steered = await makeSteeredHome();
    params = { model: steered.model.id, templates: TEMPLATES };
    daemon = await startTestDaemon({ home: steered.home });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });
  const sum = async (id: string): Promise<string> => (await client.call("artifact.get", { id })).data.sha256;

  it("is refused to every kind of job and to an import, and nothing changes", async () => {
    const before = await sum("direction/shift");
    const { data } = await client.call("artifact.export", { id: "direction/shift", format: "gguf", options: { layers: [1] } });
    const refusals = [
      await client.refused("experiment.start", asked("directions/from-pairs", { ...params, id: "direction/shift" })),
      await client.refused("experiment.start", asked("directions/from-words", { id: "direction/shift", from: "sarcasm" })),
      await client.refused("experiment.start", asked("directions/import", { id: "direction/shift", data })),
    ];
    for (const error of refusals) {
      assert.deepEqual([error.code, error.message], ["conflict", "there is an artifact 'direction/shift' already"]);
      assert.match(error.body.data!.suggestion!, /^Choose another id, or say `replace: true`\.$/);
    }
    assert.deepEqual((await client.call("job.list")).jobs, []);
    assert.equal(await sum("direction/shift"), before);
  });

  it("is refused where a shipped artifact has it, and says that this one would come back", async () => {
    const error = await client.refused("experiment.start", asked("directions/from-words", { id: "direction/joy", from: "joy" }));
    assert.equal(error.code, "conflict");
    assert.match(error.body.data!.suggestion!, /one of Tiller's own and comes back when yours is deleted/);
    const { artifacts } = await client.call("artifact.list");
    const shipped = Object.fromEntries(artifacts.map((one: { id: string; shipped: boolean }) => [one.id, one.shipped]));
    assert.deepEqual([shipped["direction/joy"], shipped["direction/shift"]], [true, false]);
  });

  it("is given away when that is asked for, and the shipped one comes back after a delete", async () => {
    const shipped = await sum("direction/joy");
    const job = await client.call("experiment.start", asked("directions/from-pairs", { ...params, id: "direction/joy", replace: true }));
    assert.equal(job.about, "direction/joy");
    const done = await ended(client, job.id);
    assert.equal(done.state, "done", done.message);
    assert.ok(Date.parse(done.ended) >= Date.parse(done.created));
    assert.notEqual(await sum("direction/joy"), shipped);
    const { data } = await client.call("artifact.export", { id: "direction/shift", format: "gguf", options: { layers: [1] } });
    const taken = await client.call("experiment.start", asked("directions/import", { id: "direction/joy", data, replace: true }));
    assert.equal((await ended(client, taken.id)).state, "done");
    await client.call("artifact.delete", { id: "direction/joy" });
    assert.equal(await sum("direction/joy"), shipped);
  });

  it("is taken while another job is making it", async () => {
    const texts = Array.from({ length: 400 }, (_, i) => `text ${i} ${"and more words ".repeat(30)}`);
    const slow = { ...params, id: "direction/slow", templates: { ...TEMPLATES, texts } };
    const job = await client.call("experiment.start", asked("directions/from-pairs", slow));
    // The same work asked for again is the same job; other work under the id is not.
    assert.equal((await client.call("experiment.start", asked("directions/from-pairs", slow))).id, job.id);
    const error = await client.refused("experiment.start", asked("directions/from-pairs", { ...slow, seed: 8 }));
    assert.deepEqual([error.code, error.message], ["conflict", "a job that has not ended makes 'direction/slow' already"]);
    await client.call("job.cancel", { job: job.id });
    assert.equal((await ended(client, job.id)).state, "cancelled");
  });

  it("is no conflict for a job that goes on after a restart and had saved it itself, but for one that had not", async () => {
    await client.close();
    await daemon.stop();
    const { home, model } = steered;
    const stored = (id: string): StoredJob => {
      const job = {
        ...createdJob(newJobId(), { id: "directions/from-pairs", title: "Direction from pairs" }, id),
        state: "running" as const,
      };
      return StoredJobSchema.parse({ job, model: model.id, experiment: "directions/from-pairs", params: { id, templates: TEMPLATES } });
    };
    const [own, foreign] = [stored("direction/own"), stored("direction/foreign")];
    const jobs = new JobStore(home.paths.jobs, () => undefined);
    for (const one of [own, foreign]) jobs.add(one);
    const artifacts = artifactStore(home.paths);
    for (const [id, created] of [
      ["direction/own", own.job.created],
      ["direction/foreign", "2026-01-01T00:00:00.000Z"],
    ] as const) {
      const found = foundDirection({ id, layers: model.layers, width: model.width, model });
      artifacts.save({ ...found, meta: { ...found.meta, provenance: { ...found.meta.provenance, created } } });
    }
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
    const kept = await ended(client, own.job.id);
    assert.equal(kept.state, "done", kept.message);
    const refused = await ended(client, foreign.job.id);
    assert.deepEqual([refused.state, refused.message], ["failed", "there is an artifact 'direction/foreign' already"]);
  });
});
