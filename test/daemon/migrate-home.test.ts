/** A home that the version before experiments wrote: everything in it is there today, in today's form, and no file is lost. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { ended } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { REPOSITORY } from "../support/shared.ts";

const OLD = join(REPOSITORY, "test", "support", "homes", "version-1");

function files(folder: string, prefix = ""): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

describe("daemon: a home of the version before", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    const home = makeHome();
    cpSync(OLD, home.paths.home, { recursive: true });
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  it("keeps its artifacts with what was known of them, and the receipt that one had", async () => {
    const { artifacts } = await client.call("artifact.list");
    const own = (id: string): Wire => artifacts.find((one: Wire) => one.id === id);
    const mine = own("direction/mine");
    assert.deepEqual([mine.tiller, mine.kind, mine.body.site, mine.body.layers.length, mine.problem], [2, "direction", "resid", 2, null]);
    assert.equal(mine.provenance.inputs[0].count, mine.body.pairs + mine.body.heldOut);
    const receipt = ReceiptSchema.parse(mine.receipts[0]);
    assert.equal(receipt.artifact.sha256, mine.hash);
    assert.deepEqual(receipt.control.settings, mine.settings);
    assert.deepEqual(own("direction/imp").body.layers, [3, 4]);
  });

  it("keeps its presets: settings stand under `with`, and those that were ignored are refused by name", async () => {
    const { entry, text } = await client.call("preset.get", { id: "p1" });
    assert.deepEqual(entry.preset.controls.joy.with, { mode: "set", layers: "5-6" });
    assert.deepEqual(entry.preset.controls.mine.with, { site: "resid", layers: [3, 4] });
    assert.match(text, /# a comment that stays/);
    const answer = await client.answer("generate.chat", {
      stream: "s1",
      messages: [{ role: "user", content: "Hello" }],
      steering: { preset: "p1" },
      sampling: { maxTokens: 3 },
    });
    assert.match(answer.steered.summary, /joy 0\.4 \(set\) at layers 5–6, answer only; mine 0\.5 at layers 3–4/);
    const refused = await client.refused("generate.chat", {
      stream: "s2",
      messages: [{ role: "user", content: "Hello" }],
      steering: { preset: "p2" },
    });
    assert.deepEqual([refused.code, refused.body.data!.field], ["bad-preset", "controls.es.with.deactivate"]);
  });

  it("goes on with the jobs that it had not finished, and still lists those that it had", async () => {
    const { jobs } = await client.call("job.list");
    const known = new Map<string, Wire>(jobs.map((job: Wire) => [`${job.experiment} ${job.about}`, job]));
    assert.equal(known.get("directions/from-pairs direction/mine")?.["state"], "done");
    assert.equal(known.get("receipt direction/mine")?.["state"], "done");
    for (const unfinished of ["receipt p1", "directions/from-words direction/short", "directions/from-pairs direction/later"]) {
      const job = known.get(unfinished);
      assert.ok(job !== undefined, unfinished);
      const done = await ended(client, job["id"]);
      assert.equal(done["state"], "done", `${unfinished}: ${done["message"]}`);
    }
    const { receipts } = await client.call("artifact.get", { id: "direction/mine" });
    assert.deepEqual(
      receipts.map(({ preset }: Wire) => preset),
      ["p1", null],
      "a preset's receipt and one of the artifact stand side by side",
    );
  });

  it("has lost no file", () => {
    const now = new Set(files(daemon.home.paths.home));
    for (const name of files(OLD)) {
      const lost = !now.has(name) && !name.endsWith(".part.json");
      assert.ok(!lost, name);
      if (name.startsWith("presets/")) assert.deepEqual(readFileSync(join(daemon.home.paths.home, name)), readFileSync(join(OLD, name)));
    }
  });
});
