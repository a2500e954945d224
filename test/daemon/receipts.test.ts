import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { foundDirection } from "../support/artifact.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended, measure, prompts, QUICK_SPEC } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { artifactStore } from "../support/store.ts";

describe("daemon: receipts on the embedded model", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: Wire;
  before(async () => {
    daemon = await startTestDaemon({ home: makeHome() });
    client = await connect(daemon.url, { token: daemon.token });
    model = (await client.call("model.list")).models.find((one: Wire) => one.embedded);
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  it("gives the same receipt for the same seed, and keeps it beside the artifact", async () => {
    const params = { preset: "spanish", spec: QUICK_SPEC };
    const first = await measure(client, params);
    const again = await measure(client, params);
    assert.equal(again.hash, first.hash);
    assert.deepEqual({ ...again, created: "" }, { ...first, created: "" });
    assert.notEqual((await measure(client, { ...params, seed: 8 })).hash, first.hash);

    const zero = first.points.find(({ strength }) => strength === 0)!;
    assert.deepEqual(zero.effect, { value: 0, low: 0, high: 0 });
    assert.equal(zero.damage.bitsPerByte, 0);
    assert.deepEqual(zero.damage, first.plain.damage);
    // answers too short for the judge of languages count as no change
    assert.ok(zero.n === 12 && zero.unjudged < 0.5, `${zero.n} ${zero.unjudged}`);
    assert.notEqual(first.verdict, "works", "on twelve answers");
    const steered = first.points.find(({ strength }) => strength === 1.25)!;
    assert.ok(steered.effect.value > 0.2, first.summary);
    assert.ok(steered.damage.bitsPerByte > 0);
    assert.equal(first.model.fingerprint, model.fingerprint);
    assert.equal(first.judge.hash.length, 64);

    const folder = join(daemon.home.paths.artifacts, "direction", "spanish", "receipts");
    // one: same settings, same behaviour, same preset
    assert.equal(readdirSync(folder).length, 1);
    const listed = (await client.call("artifact.list")).artifacts.find((one: Wire) => one.id === "direction/spanish");
    assert.deepEqual([listed.receipts.length, listed.receipts[0].seed], [1, 8]);
    assert.deepEqual(await client.call("artifact.delete", { id: "direction/spanish" }), { deleted: false, receipt: true });
    const shipped = (await client.call("artifact.get", { id: "direction/spanish" })).receipts[0] ?? null;
    assert.deepEqual([shipped.preset, shipped.verdict, shipped.statistics], ["spanish", "works", 1]);
    assert.equal((await client.refused("artifact.delete", { id: "direction/spanish" })).code, "forbidden");
    assert.deepEqual(
      readdirSync(daemon.home.paths.jobs).filter((name) => name.endsWith(".part.json")),
      [],
    );
  });

  it("never says of a direction that is none that it works, nor that it has no effect", async () => {
    const joy = await client.call("artifact.get", { id: "direction/joy" });
    const { layers, width, fingerprint } = model;
    const artifact = foundDirection({ id: "direction/useless", layers, width, model: joy.model, used: [1, 2] });
    assert.equal(joy.model.fingerprint, fingerprint);
    artifactStore(daemon.home.paths).save(artifact);
    const spec = {
      ...QUICK_SPEC,
      title: "words",
      judge: { id: "length", value: "words" },
      strengths: [0.5, 1],
      seeds: 5,
      draws: 10,
      prompts: prompts(40),
    };
    const receipt = await measure(client, { artifact: "direction/useless", spec });
    assert.notEqual(receipt.verdict, "works", receipt.summary);
    assert.match(
      receipt.summary,
      /^(does (nothing that way|less than \S+) beyond random directions|too few answers to tell|no usable strength): /,
    );
    assert.equal(receipt.draws, 10);
    for (const { n, margin } of receipt.points) {
      assert.equal(n, 200);
      assert.ok(margin === null || margin.low <= 0);
    }
  });

  it("measures an artifact with the settings of a slider, named after what the judge looks for", async () => {
    const by = { judge: QUICK_SPEC.judge, asked: "Answer in Spanish.", strengths: [0.5] };
    const settings = { with: { layers: [3] }, scope: "answer" };
    const receipt = await measure(client, { artifact: "direction/spanish", by, settings, n: 16 });
    assert.deepEqual([receipt.control.settings, receipt.control.scope], [{ mode: "add", layers: [3], site: "resid" }, "answer"]);
    assert.deepEqual(
      receipt.points.map(({ strength }) => strength),
      [0, 0.5],
    );
    assert.equal(receipt.title, "language es");
    const refused = await client.refused("experiment.start", asked("receipt", { preset: "spanish", spec: QUICK_SPEC, settings }));
    assert.match(refused.message, /settings of its own/);
  });

  it("finds the strength whose damage meets the bound, when asked", async () => {
    const spec = { ...QUICK_SPEC, bounds: { bitsPerByte: 0.2, repetition: 1, fluency: 10 } };
    const { calibration, points } = await measure(client, { preset: "spanish", spec, calibrate: true });
    assert.equal(calibration!.low, null);
    assert.ok(calibration!.steps > 0);
    const measured = points.find(({ strength }) => strength === 1.25)!;
    assert.equal(measured.damage.bitsPerByte <= 0.2, calibration!.high! >= 1.25);
  });

  it("can be cancelled, and changes no artifact", async () => {
    const before = await client.call("artifact.get", { id: "direction/joy" });
    const spec = { ...QUICK_SPEC, seeds: 200, strengths: [0.1, 0.2, 0.3, 0.4] };
    const { id } = await client.call("experiment.start", asked("receipt", { artifact: "direction/joy", spec }));
    await client.until(() => client.of("job.changed").find((job) => job.id === id && job.fraction > 0));
    await client.call("job.cancel", { job: id });
    assert.equal((await ended(client, id)).state, "cancelled");
    assert.deepEqual(await client.call("artifact.get", { id: "direction/joy" }), before);
  });

  it("refuses what it cannot measure, each by name", async () => {
    const refused = async (params: Parameters<typeof asked>[1]): Promise<{ code: string; message: string }> =>
      client.refused("experiment.start", asked("receipt", params));
    const spec = QUICK_SPEC;
    const use = (id: string, names: string) => client.call("preset.save", { id, text: `tiller: 1\nname: ${id}\ncontrols: { ${names} }\n` });
    await use("two", "x: { use: direction/joy }, y: { use: direction/spanish }");
    await use("gone", "x: { use: direction/nowhere }");
    const cases: [Parameters<typeof asked>[1], string, RegExp][] = [
      [{ spec }, "invalid-params", /exactly one of preset and artifact/],
      [{ preset: "none", spec }, "not-found", /preset 'none'/],
      [{ artifact: "direction/none", spec }, "not-found", /direction\/none/],
      [{ artifact: "direction/useless" }, "not-found", /no evaluation of direction\/useless/],
      [{ preset: "spanish", spec: { ...spec, judge: { id: "nobody", label: "es" } } }, "not-found", /no judge 'nobody'/],
      [{ preset: "spanish", spec: { ...spec, judge: { id: "length", value: "colour" } } }, "invalid-params", /no value 'colour'/],
      [{ artifact: "direction/joy", spec, by: { judge: spec.judge, asked: "x" } }, "invalid-params", /at most one of spec and by/],
      [{ preset: "spanish", by: { judge: spec.judge, asked: "x" } }, "invalid-params", /not a preset/],
      [{ preset: "spanish", spec: { ...spec, strengths: [0] } }, "invalid-params", /strength other than 0/],
      [{ preset: "spanish", spec: { ...spec, unknown: 1 } }, "invalid-params", /unknown/],
      [{ preset: "spanish", spec: { ...spec, prompts: [...spec.prompts, { language: "de", text: "Hallo" }] } }, "invalid-params", /'de'/],
      [{ preset: "spanish", spec: { ...spec, control: "other" } }, "unknown-control", /unknown control 'other'/],
      [{ preset: "two", spec }, "invalid-params", /has 2 controls; the evaluation must name one/],
      [{ preset: "gone", spec }, "not-found", /controls\.x\.use: there is no artifact 'direction\/nowhere'/],
      [
        { preset: "spanish", spec: { ...spec, prompts: spec.prompts.map((one) => ({ ...one, language: "sw" })), baseline: { sw: "x" } } },
        "not-supported",
        /does not judge 'sw'/,
      ],
    ];
    const { jobs } = await client.call("job.list");
    for (const [params, code, pattern] of cases) {
      const error = await refused(params);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, pattern);
    }
    assert.equal((await client.call("job.list")).jobs.length, jobs.length);
  });

  it("asks its engine again and again without a warning in the log", () => {
    assert.doesNotMatch(daemon.log, /MaxListeners|Warning/);
  });
});
