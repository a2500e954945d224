/** How a model is computed: what "auto" becomes, what is refused, and answers that are equal to the last bit. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadOptions } from "../../daemon/protocol/api/model.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { type EngineAnswer, EngineUnderTest } from "../support/engine.ts";
import { ensureModel } from "../support/models/index.ts";

const SIZE = { layers: 3, d: 256, f: 512, heads: 4, kvHeads: 2, headDim: 64, context: 1024 };

describe("engine: how a model is computed", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-numerics-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const model = (type: "F32" | "Q8_0" | "F16"): string =>
    ensureModel(join(folder, `${type}.gguf`), { architecture: "llama", type, size: SIZE, seed: 3 });

  async function loaded<T>(path: string, options: Partial<LoadOptions>, work: (engine: EngineUnderTest) => Promise<T>): Promise<T> {
    const engine = await EngineUnderTest.load(path, options);
    try {
      return await work(engine);
    } finally {
      await engine.stop();
    }
  }

  const cases: ["F32" | "Q8_0", Partial<LoadOptions>, boolean][] = [
    ["Q8_0", { kvType: "auto" }, true],
    ["F32", { kvType: "auto" }, false],
    ["F32", { kvType: "f16" }, true],
    ["F32", { kvType: "f32", flashAttention: "on" }, true],
    ["Q8_0", { kvType: "auto", flashAttention: "off" }, false],
    ["Q8_0", { kvType: "auto", exact: true }, false],
    ["Q8_0", { kvType: "q8_0" }, true],
  ];
  for (const [type, options, flashAttention] of cases)
    it(`a model in ${type} with ${JSON.stringify(options)}: flash attention ${flashAttention}, and every answer says so`, () =>
      loaded(model(type), options, async (engine) => {
        assert.equal(engine.model!.numerics.flashAttention, flashAttention);
        const { numerics } = await engine.generate({ id: "a:1", tokens: [1, 300, 301], sampling: { maxTokens: 2 } });
        assert.deepEqual(numerics, engine.model!.numerics);
        assert.equal(numerics!.exact, options.exact === true);
      }));

  it("refuses what cannot be, by the option's name", async () => {
    for (const options of [
      { exact: true, flashAttention: "on" },
      { kvType: "q8_0", flashAttention: "off" },
      { kvType: "q8_0", exact: true },
    ] as const)
      await assert.rejects(EngineUnderTest.load(model("Q8_0"), options), (error: TillerError) => {
        assert.deepEqual([error.code, error.detail.field], ["invalid-params", "flashAttention"]);
        return true;
      });
  });

  for (const type of ["F32", "Q8_0", "F16"] as const)
    it(`exact: an answer of a model in ${type} has the same bits alone, beside seven others, and again`, () =>
      loaded(model(type), { exact: true, kvType: "f16", sequences: 8, threads: 1 }, async (engine) => {
        const prompt = (k: number, length: number): number[] => Array.from({ length }, (_, i) => 270 + ((i * (3 + k)) % 200));
        const ask = (id: string, k: number, length: number): Promise<EngineAnswer> =>
          engine.generate({ id, tokens: prompt(k, length), sampling: { seed: k, temperature: 0.8, maxTokens: 24 } });
        const bits = ({ tokens }: EngineAnswer): [number, number][] => tokens.map(({ id, logprob }) => [id, logprob]);
        const alone = bits(await ask("a:alone", 1, 90));
        assert.ok(alone.length > 0);
        const together = await Promise.all([40, 90, 17, 200, 3, 64, 90, 130].map((length, k) => ask(`b:${k}`, k, length)));
        assert.deepEqual(bits(together[1]!), alone);
        const again = await Promise.all([ask("c:1", 1, 90), ask("c:2", 2, 17)]);
        assert.deepEqual(bits(again[0]!), alone);
        assert.equal(again[0]!.stats.reusedTokens, 0, "nothing is taken from the cache");
      }));
});
