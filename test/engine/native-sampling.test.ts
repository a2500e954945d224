/** The token that is chosen from a row of logits, and its log-probability, against the same in float64. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeContext, SamplerConfig } from "../../daemon/engine/model/native.ts";
import { ensureModel } from "../support/models/index.ts";
import { GREEDY, type OpenModel, openNative } from "../support/native.ts";
import { TOKENS } from "../support/native-rack.ts";

interface Chosen {
  readonly logits: Float32Array;
  readonly token: number;
  readonly logprob: number;
}

function argMax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

function logSumExp(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const max = Math.max(...list);
  return max + Math.log(list.reduce((sum, value) => sum + Math.exp(value - max), 0));
}

describe("native core: the choice of a token", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-native-"));
  let model: OpenModel;
  let context: NativeContext;
  let vocabulary: number;

  before(async () => {
    // whole blocks of 256, and a rest
    model = await openNative(
      ensureModel(join(folder, "llama.gguf"), { architecture: "llama", type: "F32", seed: 11, size: { vocabulary: 700 } }),
    );
    vocabulary = model.model.facts().vocabulary;
    context = model.context();
  });
  after(async () => {
    await model?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const choose = async (changes: Partial<SamplerConfig>): Promise<Chosen[]> => {
    const sampler = context.createSampler({ ...GREEDY, ...changes });
    context.seqRemove(0, -1, -1);
    const n = TOKENS.length;
    const { logits, sampled, logprobs } = await context.decode({
      tokens: Int32Array.from(TOKENS),
      positions: Int32Array.from(TOKENS.keys()),
      sequences: new Int32Array(n),
      outputs: new Uint8Array(n).fill(2),
      samplers: new Int32Array(n).fill(sampler),
      capture: null,
      classes: null,
    });
    context.freeSampler(sampler);
    return TOKENS.map((_, row) => ({
      logits: logits.slice(row * vocabulary, (row + 1) * vocabulary),
      token: sampled[row]!,
      logprob: logprobs[row]!,
    }));
  };

  it("is the largest logit; its log-probability agrees with float64 to 1e-5", async () => {
    const rows = await choose({});
    assert.ok(new Set(rows.map(({ token }) => token)).size > 1, "the rows choose different tokens");
    for (const { logits, token, logprob } of rows) {
      assert.equal(token, argMax([...logits]));
      assert.ok(Math.abs(logits[token]! - logSumExp(logits) - logprob) < 1e-5);
    }
  });

  it("is the largest of logit and biases, which add up, and the log-probability stays the model's own", async () => {
    const plain = await choose({});
    const favourites = [...new Set(plain.map(({ token }) => token))];
    const ban = { token: favourites[0]!, bias: Number.NEGATIVE_INFINITY };
    const logitBias = [
      ...favourites.slice(1).map((token) => ({ token, bias: -100 })),
      ...[vocabulary - 1, 0, 5].flatMap((token) => [
        { token, bias: 0.75 },
        { token, bias: 0.5 },
      ]),
      ban,
    ];
    const rows = await choose({ logitBias });
    const chain = await choose({ logitBias, repeatPenalty: 1 + 1e-6, penaltyLastN: 1 });
    rows.forEach(({ logits, token, logprob }, row) => {
      const biased = [...logits];
      for (const { token: of, bias } of logitBias) biased[of]! += bias;
      assert.equal(token, argMax(biased));
      assert.equal(token, chain[row]!.token, "llama.cpp's chain of samplers");
      assert.ok(Math.abs(logits[token]! - logSumExp(logits) - logprob) < 1e-5);
    });
  });

  it("is none where all are forbidden", async () => {
    const logitBias = Array.from({ length: vocabulary }, (_, token) => ({ token, bias: Number.NEGATIVE_INFINITY }));
    for (const { token, logprob } of await choose({ logitBias })) assert.deepEqual([token, logprob], [-1, Number.NEGATIVE_INFINITY]);
  });

  it("is the first of equals", async () => {
    const [plain] = await choose({});
    // a bias beside which single precision keeps nothing of a logit
    const lifted = (tokens: readonly number[]) => tokens.map((token) => ({ token, bias: 2 ** 40 }));
    for (const tokens of [[40, 7], [699, 300, 301], Array.from({ length: 300 }, (_, i) => 350 + i)]) {
      assert.equal(new Set(tokens.map((token) => Math.fround(plain!.logits[token]! + 2 ** 40))).size, 1);
      const [chosen] = await choose({ logitBias: lifted(tokens) });
      assert.equal(chosen!.token, Math.min(...tokens));
    }
  });
});
