/** An attention sink is known by its norm wherever it stands, and left out of what is read. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { EngineCollect } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest, relativeError } from "../support/engine.ts";
import { makeModel, SMALL } from "../support/models/index.ts";

const SINK = 77;
const LAYERS = [0, 1, 2];
const width = SMALL.d;

describe("engine: attention sinks", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-sinks-"));
  let engine: EngineUnderTest;
  before(async () => {
    engine = await EngineUnderTest.load(makeModel(join(folder, "sink.gguf"), { architecture: "llama", sink: SINK }));
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const tap = async (tokens: number[]) => {
    const { sites } = await engine.request("tap", {
      client: "test",
      prompt: null,
      tokens,
      sites: ["resid", "mlp.out"],
      layers: LAYERS,
      logits: false,
      plan: null,
    });
    return (site: string, layer: number, position: number): Float32Array =>
      sites.find((one) => one.site === site && one.layer === layer)!.data.subarray(position * width, (position + 1) * width);
  };
  const collect = (texts: number[][], readAt: EngineCollect["readAt"], site: "resid" | "mlp.out" = "resid") =>
    engine.request("collect", { id: `sinks:${readAt}:${site}`, texts, render: "raw", site, layers: LAYERS, readAt });

  it("has a planted one: a residual a hundred times the others', at every layer", async () => {
    const tokens = [40, 41, SINK, 43, 44];
    const at = await tap(tokens);
    for (const layer of LAYERS) {
      const norms = tokens.map((_, position) => Math.hypot(...at("resid", layer, position)));
      assert.ok(norms[2]! > 50 * norms[3]!, `layer ${layer}: ${norms}`);
    }
  });

  for (const [place, tokens, own] of [
    ["in the middle", [40, 41, SINK, 43, 44], [1, 3, 4]],
    ["at the end", [40, 41, 42, 43, SINK], [1, 2, 3]],
    ["twice", [40, SINK, 42, 43, SINK, 45, 46], [2, 3, 5, 6]],
    ["nowhere", [40, 41, 42, 43], [1, 2, 3]],
  ] as const)
    it(`is left out of the mean and is not the last token, ${place}`, async () => {
      const at = await tap([...tokens]);
      for (const site of ["resid", "mlp.out"] as const) {
        const mean = await collect([[...tokens]], "mean", site);
        const last = await collect([[...tokens]], "last", site);
        for (const layer of LAYERS) {
          const expected = Array.from({ length: width }, (_, i) => own.reduce((sum, p) => sum + at(site, layer, p)[i]!, 0) / own.length);
          assert.ok(relativeError(mean.data.subarray(layer * width, (layer + 1) * width), expected) < 1e-4, `${site} ${layer}`);
          assert.ok(relativeError(last.data.subarray(layer * width, (layer + 1) * width), at(site, layer, own.at(-1)!)) < 1e-4);
        }
        assert.deepEqual(mean.texts[0]!.sinks, tokens.length - 1 - own.length);
      }
    });

  it("counts like any token where all are asked for", async () => {
    const tokens = [40, SINK, 42];
    const at = await tap(tokens);
    const { data, texts } = await collect([tokens], "all");
    const expected = Array.from({ length: width }, (_, i) => tokens.reduce((sum, _, p) => sum + at("resid", 2, p)[i]!, 0) / 3);
    assert.ok(relativeError(data.subarray(2 * width, 3 * width), expected) < 1e-4);
    assert.equal(texts[0]!.sinks, 0);
  });

  it("the usual norm of a layer is that of ordinary tokens", async () => {
    const tokens = [40, 41, SINK, 43, 44, 45];
    const at = await tap(tokens);
    const { norms } = await collect([tokens], "mean");
    for (const layer of LAYERS) {
      const ordinary = [1, 3, 4, 5].map((position) => Math.hypot(...at("resid", layer, position)));
      assert.ok(norms[layer]! >= Math.min(...ordinary) - 1e-3 && norms[layer]! <= Math.max(...ordinary) + 1e-3);
    }
  });
});
