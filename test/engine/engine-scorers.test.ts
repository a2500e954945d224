/** Prefix scorers in the decode loop, on a trained model: their values, the distribution that they tilt, and the blocks that they choose. */
import assert from "node:assert/strict";
import type { Reward } from "../../daemon/protocol/decoding.ts";
import { type EngineDecoding, type EngineScorer, OWN_STREAM } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest, idsOf } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { planOf, shiftEdits } from "../support/plans.ts";

const PROMPT = "Once upon a time";
const WIDTH = 64;
const SCORER = "prefix-scorer/test";
const greedy = { temperature: 0, maxTokens: 12, repeatPenalty: 1 };
const free = { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1 };

const wave = (length: number, by: number, size = 1): Float32Array => Float32Array.from({ length }, (_, i) => size * Math.sin(by * (i + 1)));

function scorerOf(vocabulary: number, changes: Partial<EngineScorer> = {}): EngineScorer {
  const rank = 2;
  return {
    ...{ site: "final", layer: 0, rank, rows: wave((rank + 2) * WIDTH, 12.9898, 0.4), tokens: wave(vocabulary * (rank + 1), 78.233) },
    ...{ bias: 0.25, endBias: -0.5, ends: [2], spread: 0.8, cut: null },
    ...changes,
  };
}

/** V as it is written down, in float64. */
function value({ rank, rows, tokens, ends, bias, endBias }: EngineScorer, state: ArrayLike<number>, token: number): number {
  const g = Array.from({ length: rank + 2 }, (_, k) =>
    Array.from({ length: WIDTH }, (_, i) => rows[k * WIDTH + i]! * state[i]!).reduce((a, b) => a + b),
  );
  if (ends.includes(token)) return g[rank + 1]! + endBias;
  const own = tokens.subarray(token * (rank + 1), (token + 1) * (rank + 1));
  return g.slice(0, rank).reduce((sum, x, k) => sum + x * own[k]!, 0) + own[rank]! + g[rank]! + bias;
}

function softmax(row: ArrayLike<number>): number[] {
  const max = Math.max(...Array.from(row));
  const all = Array.from(row, (x) => Math.exp(x - max));
  const sum = all.reduce((a, b) => a + b);
  return all.map((x) => x / sum);
}

describe("engine: prefix scorers", () => {
  let engine: EngineUnderTest;
  let vocabulary: number;

  before(async () => {
    engine = await EngineUnderTest.load(storiesOrTwin(), { sequences: 8 });
    vocabulary = engine.model!.facts.vocabulary;
  });
  after(async () => {
    await engine?.stop();
  });

  const tilted = (strength: number, changes: Partial<EngineDecoding> = {}, plausibility = 0): EngineDecoding => ({
    ...{ streams: [], contrast: null, plain: null, best: null, text: "test", scorers: { [SCORER]: scorerOf(vocabulary) } },
    tilt: { strength, plausibility, weights: { [SCORER]: 1 } },
    ...changes,
  });

  /** State and logits behind the prompt and each of these tokens. */
  const read = async (written: readonly number[], content = PROMPT) => {
    const { tokens: prompt } = await engine.request("tokenize", { content, addSpecial: true, parseSpecial: true });
    const tap = await engine.request("tap", {
      ...{ client: "owner/1", prompt: null, tokens: [...prompt, ...written], sites: ["final"], layers: null, logits: true, plan: null },
    });
    const at = (k: number, width: number, data: Float32Array) => {
      const row = prompt.length - 1 + k;
      return data.subarray(row * width, (row + 1) * width);
    };
    return {
      state: (k: number) => at(k, WIDTH, tap.sites[0]!.data),
      logits: (k: number) => at(k, vocabulary, tap.logits!),
    };
  };
  /** π(z)·exp(λ·V(z)/σ), normalised. */
  const distribution = (state: ArrayLike<number>, logits: ArrayLike<number>, strength: number): number[] => {
    const scorer = scorerOf(vocabulary);
    return softmax(Array.from(logits, (x, token) => x + (strength * value(scorer, state, token)) / scorer.spread));
  };

  it("choose by log π(z) + λ·V(z), from readings of the very row, and tell the exact divergence", async () => {
    for (const strength of [0.7, 2.5, -1.5]) {
      const answer = await engine.generate({ prompt: PROMPT, sampling: greedy, decoding: tilted(strength, { plain: OWN_STREAM }) });
      const ids = idsOf(answer);
      const { state, logits } = await read(ids);
      for (const [k, token] of answer.tokens.entries()) {
        const p = distribution(state(k), logits(k), strength);
        assert.equal(token.id, p.indexOf(Math.max(...p)), `token ${k} at ${strength}`);
        const q = softmax(logits(k));
        const kl = p.reduce((sum, share, z) => sum + (share > 0 ? share * Math.log(share / q[z]!) : 0), 0);
        assert.ok(Math.abs(token.kl! - kl) < 1e-4 * Math.max(1, kl), `${token.kl} ${kl}`);
      }
      assert.match(answer.decoding!.text, /test/);
    }
    const plain = await engine.generate({ prompt: PROMPT, sampling: greedy });
    const other = await engine.generate({ prompt: PROMPT, sampling: greedy, decoding: tilted(2.5) });
    assert.notDeepEqual(idsOf(other), idsOf(plain), "or nothing was tested");
  });

  it("draw from π(z)·exp(λ·V(z)): a χ² test of the first token", async () => {
    const open = "There was a";
    const { state, logits } = await read([], open);
    const p = distribution(state(0), logits(0), 0.5);
    const draws = 600;
    const counts = new Map<number, number>();
    for (let from = 0; from < draws; from += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          engine.generate({
            id: `owner/1:${from + i}`,
            prompt: open,
            sampling: { ...free, maxTokens: 1, seed: from + i },
            decoding: tilted(0.5),
          }),
        ),
      );
      for (const answer of answers) for (const id of idsOf(answer)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // ends give no token; cells of at least five expected draws, and one for all others
    const cells = p.map((share, id) => ({ id, expected: share * draws })).filter(({ id, expected }) => expected >= 5 && id !== 2);
    assert.ok(cells.length >= 5, `${cells.length} cells`);
    const rest = draws - cells.reduce((sum, { expected }) => sum + expected, 0);
    const restSeen = draws - cells.reduce((sum, { id }) => sum + (counts.get(id) ?? 0), 0);
    const chi = cells.reduce(
      (sum, { id, expected }) => sum + ((counts.get(id) ?? 0) - expected) ** 2 / expected,
      (restSeen - rest) ** 2 / Math.max(rest, 1),
    );
    // mean k and deviation √2k of a χ² of k degrees; five deviations
    assert.ok(chi < cells.length + 5 * Math.sqrt(2 * cells.length), `χ² ${chi} of ${cells.length}`);
  });

  it("keep to what is plausible, to grammars and to bans, and follow a topology that changes under them", async () => {
    const kept = await engine.generate({ prompt: PROMPT, sampling: greedy, decoding: tilted(50, {}, 1) });
    assert.deepEqual(idsOf(kept), idsOf(await engine.generate({ prompt: PROMPT, sampling: greedy })), "only the likeliest token is left");
    const ruled = await engine.generate({
      prompt: PROMPT,
      sampling: { ...free, maxTokens: 6, seed: 4 },
      grammar: 'root ::= " a"+',
      decoding: tilted(3),
    });
    assert.match(ruled.text, /^( a)+$/);

    const alone = await engine.generate({
      id: "owner/1:alone",
      prompt: PROMPT,
      sampling: { ...greedy, maxTokens: 60 },
      decoding: tilted(2),
    });
    const steered = planOf(shiftEdits("resid", 1, wave(WIDTH, 3.3)));
    const [beside] = await Promise.all([
      engine.generate({ id: "owner/1:beside", prompt: PROMPT, sampling: { ...greedy, maxTokens: 60 }, decoding: tilted(2) }),
      ...Array.from({ length: 4 }, (_, i) =>
        engine.generate({
          ...{ id: `owner/2:${i}`, prompt: "The", plan: steered, sampling: { ...greedy, maxTokens: 10 + 5 * i } },
          probes: [{ id: "p", site: "resid", layer: i % 3, vector: wave(WIDTH, i + 1) }],
        }),
      ),
    ]);
    assert.equal(beside!.text, alone.text);
    assert.ok(
      beside!.tokens.every(({ probes }) => probes === undefined),
      "its readings are not the caller's",
    );
  });

  it("stand for the reward of blocks that go on; what ended is judged, and what a limit cut off earns what was said", async () => {
    const rewards: Record<string, Reward> = { r: { is: "length", weight: 2, unended: { scorer: SCORER } } };
    const best = (block: number | null, cut: number | null, candidates = 3): EngineDecoding => ({
      ...{ streams: [], contrast: null, plain: null, tilt: null, text: "test", scorers: { [SCORER]: scorerOf(vocabulary, { cut }) } },
      best: { candidates, block, rewards },
    });
    const answer = await engine.generate({ prompt: PROMPT, sampling: { ...free, maxTokens: 12, seed: 5 }, decoding: best(4, -7) });
    const { blocks } = answer.decoding!.best!;
    assert.equal(blocks.length, 3);
    const ids = idsOf(answer);
    const { state } = await read(ids);
    for (const [b, block] of blocks.slice(0, -1).entries()) {
      const last = 4 * (b + 1) - 1;
      const expected = value(scorerOf(vocabulary), state(last), ids[last]!);
      assert.ok(Math.abs(block.rewards["r"]! - expected) < 1e-3, `${block.rewards["r"]} ${expected}`);
      assert.ok(Math.abs(block.totals[block.chosen]! - 2 * expected) < 2e-3);
      assert.equal(block.totals[block.chosen], Math.max(...block.totals));
    }
    assert.deepEqual(blocks.at(-1)!.rewards, { r: -7 }, "of an answer that is cut off");
    const single = { ...free, maxTokens: 12, seed: 5 };
    const one = await engine.generate({ prompt: PROMPT, sampling: single, decoding: best(4, -7, 1) });
    assert.equal(
      one.text,
      (await engine.generate({ prompt: PROMPT, sampling: single })).text,
      "of one candidate there is nothing to choose",
    );
    const first = one.decoding!.best!.blocks[0]!.rewards["r"]!;
    const seen = await read(idsOf(one));
    assert.ok(Math.abs(first - value(scorerOf(vocabulary), seen.state(3), idsOf(one)[3]!)) < 1e-3, "and its value is told all the same");

    const judged = await engine.generate({ prompt: PROMPT, sampling: single, decoding: best(4, null) });
    assert.ok(Math.abs(judged.decoding!.best!.blocks.at(-1)!.rewards["r"]! - Math.log(12 / 1024)) < 1e-6);
  });
});
