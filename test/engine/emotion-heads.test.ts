/** The shortcut that weighs a head without running the model again, against running it again with that head masked. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { planOfOps } from "../../daemon/compiler/ops-plan.ts";
import type { CompileModel } from "../../daemon/compiler/types.ts";
import { HeadSums } from "../../daemon/methods/emotion-circuits/heads.ts";
import { READ_SITES, shapeOf, Weights } from "../../daemon/methods/emotion-circuits/model-parts.ts";
import { normal } from "../../daemon/methods/shared/random.ts";
import type { Scope } from "../../daemon/protocol/preset.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { makeModel } from "../support/models/make.ts";

const TEXTS = ["The dog ran after the red ball.", "It rained for three days.", "He opened the door and nobody was there."];

describe("heads of emotion circuits on an engine", function () {
  this.timeout(300_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-heads-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const architecture of ["llama", "gemma3", "qwen3"] as const)
    it(`weigh as much as the model says that runs without them: ${architecture}`, async () => {
      const engine = await EngineUnderTest.load(makeModel(join(folder, `${architecture}.gguf`), { architecture }));
      try {
        const { facts, sites } = engine.model!;
        const model: CompileModel = { id: "m", fingerprint: `sha256:${"0".repeat(64)}`, quantisation: "F32", facts, sites };
        const shape = shapeOf(model);
        const weights = new Weights({ model, weights: (request) => engine.request("weights", request) }, shape);
        const layers = Array.from({ length: shape.layers }, (_, layer) => layer);
        const { width: d, heads: H, headDim } = shape;
        const v = Array.from({ length: d }, normal(9));
        const asked = { render: "raw", layers, readAt: "prompt-end" } as const;
        const plain = await engine.request("collect", {
          id: "plain",
          texts: TEXTS,
          site: "resid",
          also: [...READ_SITES.slice(1)],
          ...asked,
        });
        const [added, mlp, , z] = plain.also;
        const row = ({ data, width }: { data: Float32Array; width: number }, text: number, layer: number): Float32Array =>
          data.subarray((text * shape.layers + layer) * width, (text * shape.layers + layer + 1) * width);
        for (const layer of layers) {
          const attention = await weights.attention(layer);
          const sums = new HeadSums(H, d);
          TEXTS.forEach((_, text) => {
            const attn = row(plain, text, layer).map((value, i) => value - row(mlp!, text, layer)[i]!);
            sums.add(attn, row(added!, text, layer), row(z!, text, layer), attention);
          });
          const got = sums.importance(v);
          const input = (attn: Float32Array): number => {
            const scale = 1 / Math.sqrt(attn.reduce((sum, value) => sum + value * value, 0) / d + attention.epsilon);
            return attn.reduce((sum, value, i) => sum + value * scale * attention.norm[i]! * v[i]!, 0);
          };
          for (let h = 0; h < H; h++) {
            const indices = Int32Array.from({ length: headDim }, (_, k) => h * headDim + k);
            const base = { kind: "element", mode: "scale", site: "attn.heads", layer, control: "mask", amount: 1 } as const;
            const plan = (scope: Scope) => planOfOps([{ ...base, scope, indices, values: new Float32Array(headDim) }], model);
            // at all positions, as the study masks: each prompt runs again from its first token
            const each = await Promise.all(
              TEXTS.map(async (prompt, text) => {
                const tap = await engine.request("tap", {
                  ...{ client: "t", prompt, tokens: null, logits: false, layers: [layer], sites: ["resid", "mlp.add"] },
                  plan: plan("all"),
                });
                const last = (at: number): Float32Array => tap.sites[at]!.data.subarray(-d);
                const masked = last(0).map((value, i) => value - last(1)[i]!);
                const before = row(plain, text, layer).map((value, i) => value - row(mlp!, text, layer)[i]!);
                return input(before) - input(masked);
              }),
            );
            const wanted = each.reduce((sum, value) => sum + value / each.length, 0);
            assert.ok(Math.abs(got[h]! - wanted) <= 1e-4, `layer ${layer} head ${h}: ${got[h]} and ${wanted}`);
            // and the same read under a plan at the last token alone
            const read = await engine.request("collect", {
              ...{ id: `masked ${layer} ${h}`, texts: TEXTS, site: "resid", also: ["mlp.add"] },
              ...{ ...asked, layers: [layer] },
              ...{ plans: [plan("writing")], planOf: TEXTS.map(() => 0) },
            });
            const again = TEXTS.map((_, text) => {
              const masked = read.data.slice(text * d, (text + 1) * d).map((value, i) => value - read.also[0]!.data[text * d + i]!);
              const before = row(plain, text, layer).map((value, i) => value - row(mlp!, text, layer)[i]!);
              return input(before) - input(masked);
            });
            assert.ok(Math.abs(again.reduce((sum, value) => sum + value / again.length, 0) - wanted) <= 1e-4);
          }
        }
      } finally {
        await engine.stop();
      }
    });
});
