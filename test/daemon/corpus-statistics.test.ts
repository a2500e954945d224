/** `corpus-statistics` of a text file on a model with random weights, against values tapped token by token. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { windowsOf } from "../../daemon/methods/shared/counts.ts";
import type { Report } from "../../daemon/protocol/report.ts";
import { countPlainly } from "../support/counts.ts";
import { addModel, makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { asked, ended } from "../support/evaluation.ts";
import { makeModel } from "../support/models/make.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";

const TEXT = Array.from({ length: 60 }, (_, i) => `Line ${i}: the quick brown fox jumps over ${i % 7} lazy dogs.\n`).join("");
const WINDOW = 100;

describe("daemon: statistics over a text", function () {
  this.timeout(300_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: { readonly id: string; readonly path: string };
  before(async () => {
    const home = makeHome();
    model = await addModel(home, makeModel(join(home.paths.home, "random.gguf"), { architecture: "llama" }));
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client?.close();
    await daemon?.dispose();
  });
  const params = (more: object = {}) =>
    asked("corpus-statistics", { model: model.id, file: Buffer.from(TEXT).toString("base64"), window: WINDOW, ...more });
  const run = async (more: object = {}): Promise<Wire> => ended(client, (await client.call("experiment.start", params(more))).id);

  it("tells of each neuron what its values at the tokens give", async () => {
    const job = await run();
    assert.equal(job["state"], "done", job["message"]);
    const report: Report = await client.call("report.get", { job: job["id"] });
    const engine = await EngineUnderTest.load(model.path);
    try {
      const { tokens } = await engine.request("encode", { texts: [TEXT] });
      const windows = windowsOf(tokens, WINDOW, true);
      const wanted = await countPlainly(
        engine,
        ["mlp.act"],
        windows,
        windows.map(() => 0),
        1,
      );
      const tables = report.blocks.flatMap((block) => (block.type === "table" ? [block] : []));
      assert.deepEqual(
        tables.map(({ id, rows }) => [id, rows.length]),
        wanted.map(({ layer, width }) => [`layer-${layer}`, width]),
      );
      const { pieces } = await engine.request("pieces", { tokens: [...tokens[0]!] });
      let [flips, moved] = [0, 0];
      wanted.forEach((place, index) => {
        const n = place.tokens[0]!;
        tables[index]!.rows.forEach((row, j) => {
          const mean = place.sum[j]! / n;
          const variance = place.sumSquares[j]! / n - mean ** 2;
          flips += Math.abs(Number(row["count"]) - place.positive[j]!);
          assert.ok(Math.abs(Number(row["mean"]) - mean) < 1e-4, `mean of ${index}:${j}`);
          assert.ok(Math.abs(Number(row["variance"]) - variance) < 1e-3, `variance of ${index}:${j}`);
          assert.ok(Math.abs(Number(row["max"]) - place.max[j]!) < 1e-3, `max of ${index}:${j}`);
          // the token that the report names is the one in the text at its window and position
          assert.equal(row["token"], pieces[Number(row["window"]) * WINDOW + Number(row["position"])]);
          if (row["window"] !== place.maxText[j] || row["position"] !== place.maxPosition[j]) moved++;
        });
      });
      // the daemon's model computes with a cache in another type, so single values lie on the other side
      assert.ok(flips < 20 && moved < 20, `${flips} counts and ${moved} maxima differ`);
    } finally {
      await engine.stop();
    }
  });

  it("says what it costs, and refuses what does not fit by name", async () => {
    const cost = await client.call("experiment.estimate", params());
    assert.ok(cost.tokens > 500 && cost.bytes === 3 * 160 * 72, JSON.stringify(cost));
    const both = await client.refused("experiment.start", params({ texts: ["one"] }));
    assert.match(both.message, /exactly one of texts and file/);
    const job = await run({ layers: [99] });
    assert.deepEqual([job["state"], job["error"].code], ["failed", "out-of-range"], job["message"]);
  });
});
