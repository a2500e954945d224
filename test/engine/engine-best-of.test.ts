/** Best of K, by blocks and whole, on a trained model: what is told is what was chosen, and K = 1 is plain sampling. */
import assert from "node:assert/strict";
import type { Reward } from "../../daemon/protocol/decoding.ts";
import type { EngineDecoding } from "../../daemon/protocol/engine-api.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { EngineUnderTest, idsOf } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { planOf, shiftEdits } from "../support/plans.ts";

const PROMPT = "Once upon a time";
const WIDTH = 64;
const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, maxTokens: 40, seed: 11 };
const plan = planOf(
  shiftEdits(
    "resid",
    2,
    Float32Array.from({ length: WIDTH }, (_, i) => 0.5 * Math.sin(i * 78.233)),
  ),
);

type BestOf = NonNullable<EngineDecoding["best"]>;

function best(candidates: number, block: BestOf["block"], rewards: Record<string, Reward>): EngineDecoding {
  return { streams: [], contrast: null, plain: null, best: { candidates, block, rewards }, tilt: null, scorers: {}, text: "test" };
}

const spaces: Record<string, Reward> = { spaces: { is: "pattern", pattern: "e", weight: 1 } };
const long: Record<string, Reward> = { long: { is: "length", weight: 1 } };
const short: Record<string, Reward> = { short: { is: "length", weight: -1, unended: 100 } };

describe("engine: best of K", () => {
  let engine: EngineUnderTest;

  before(async () => {
    engine = await EngineUnderTest.load(storiesOrTwin(), { sequences: 8 });
  });
  after(async () => {
    await engine?.stop();
  });

  it("with one candidate is plain sampling, whatever the block", async () => {
    const cases = [
      {},
      { stop: ["a"] },
      { sampling: { ...sampling, repeatPenalty: 1.3, penaltyLastN: 64, xtcProbability: 0.5 } },
      { grammar: "root ::= [a-z ]+ [.]" },
      { plan },
      { sampling: { ...sampling, temperature: 0 } },
      { topLogprobs: 3 },
    ];
    for (const changes of cases) {
      // once before, so that all of them find the prompt in the cache: rows that are computed together round otherwise than alone
      await engine.generate({ prompt: PROMPT, sampling, ...changes });
      const plain = await engine.generate({ prompt: PROMPT, sampling, ...changes });
      for (const block of [null, 1, 7, "sentence"] as const) {
        const { decoding, ...one } = await engine.generate({ prompt: PROMPT, sampling, ...changes, decoding: best(1, block, spaces) });
        assert.deepEqual(one.tokens, plain.tokens, JSON.stringify({ changes: Object.keys(changes), block }));
        assert.deepEqual([one.text, one.reason], [plain.text, plain.reason]);
        assert.equal(decoding!.best!.klBound, 0);
      }
    }
  });

  it("tells the candidate with the largest reward, of which each is a sample of its own", async () => {
    const answer = await engine.generate({
      prompt: PROMPT,
      sampling,
      decoding: best(6, null, { a: { is: "pattern", pattern: "^[^t]*$", weight: 1 } }),
    });
    const { blocks, candidates, klBound, passesPerToken } = answer.decoding!.best!;
    assert.equal(blocks.length, 1);
    assert.equal(candidates, 6);
    assert.equal(blocks[0]!.totals.length, 6);
    assert.equal(blocks[0]!.totals[blocks[0]!.chosen], Math.max(...blocks[0]!.totals));
    assert.equal(blocks[0]!.rewards["a"], /^[^t]*$/.test(answer.text) ? 1 : 0);
    assert.ok(Math.abs(klBound - (Math.log(6) - 5 / 6)) < 1e-12);
    assert.ok(passesPerToken > 1);
    assert.equal(answer.tokens.length, blocks[0]!.tokens);
  });

  it("goes on from the chosen block: every sequence holds it, as a plain answer would", async () => {
    const vowel: Record<string, Reward> = { vowel: { is: "pattern", pattern: "[aeiou]$", weight: 1 } };
    const answer = await engine.generate({ prompt: PROMPT, sampling, plan, topLogprobs: 2, decoding: best(5, 4, vowel) });
    const { blocks, klBound, passesPerToken } = answer.decoding!.best!;
    assert.ok(
      blocks.some(({ chosen }) => chosen > 0),
      "or nothing was tested",
    );
    assert.equal(
      blocks.reduce((sum, { tokens }) => sum + tokens, 0),
      answer.tokens.length,
    );
    assert.ok(Math.abs(klBound - blocks.length * (Math.log(5) - 4 / 5)) < 1e-12);
    assert.ok(passesPerToken <= 5 + 1e-9 && passesPerToken > 4);
    // teacher forcing computes each log-probability from a sequence that never was forked
    const forced = await engine.generate({ prompt: PROMPT, plan, forced: idsOf(answer), topLogprobs: 2 });
    for (const [t, token] of answer.tokens.entries()) {
      assert.ok(Math.abs(token.logprob - forced.tokens[t]!.logprob) < 1e-4, `token ${t}: ${token.logprob} ${forced.tokens[t]!.logprob}`);
      assert.deepEqual(
        token.top!.map(({ id }) => id),
        forced.tokens[t]!.top!.map(({ id }) => id),
      );
    }
    const again = await engine.generate({ prompt: PROMPT, sampling, plan, topLogprobs: 2, decoding: best(5, 4, vowel) });
    assert.deepEqual(idsOf(again), idsOf(answer), "and it repeats itself under one seed");
  });

  it("draws blocks that are independent and as likely as plain ones", async () => {
    // one token of five candidates, chosen by nothing: the first of equals is kept, the others are seen in the totals
    const draws = 400;
    const reward: Record<string, Reward> = { one: { is: "pattern", pattern: "^,", weight: 1 } };
    const ask = (seed: number, decoding: EngineDecoding | null) =>
      engine.generate({ prompt: PROMPT, sampling: { ...sampling, maxTokens: 1, seed }, decoding });
    const plain = await Promise.all(Array.from({ length: draws }, (_, seed) => ask(seed, null)));
    const p = plain.filter(({ text }) => text.startsWith(",")).length / draws;
    const answers = await Promise.all(Array.from({ length: draws }, (_, seed) => ask(seed + draws, best(4, null, reward))));
    const hits = answers.flatMap(({ decoding }) => decoding!.best!.blocks[0]!.totals);
    const share = hits.reduce((a, b) => a + b) / hits.length;
    assert.ok(Math.abs(share - p) < 4 * Math.sqrt((p * (1 - p) + 0.01) * (1 / draws + 1 / hits.length)), `${share} against ${p}`);
    for (const k of [1, 2, 3]) {
      const same =
        answers.filter(({ decoding }) => decoding!.best!.blocks[0]!.totals[0] === decoding!.best!.blocks[0]!.totals[k]).length / draws;
      const expected = p * p + (1 - p) * (1 - p);
      assert.ok(
        Math.abs(same - expected) < 4 * Math.sqrt((expected * (1 - expected)) / draws) + 0.03,
        `candidate ${k}: ${same} against ${expected}`,
      );
    }
  });

  it("raises a length, lowers it, and lets only answers that end by themselves earn it", async () => {
    const mean = async (decoding: EngineDecoding | null): Promise<number> => {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, seed) =>
          engine.generate({ prompt: PROMPT, sampling: { ...sampling, maxTokens: 60, seed }, stop: ["."], decoding }),
        ),
      );
      return answers.reduce((sum, { tokens }) => sum + tokens.length, 0) / answers.length;
    };
    const [shorter, plain, longer] = [
      await mean(best(6, null, { s: { is: "length", weight: -1 } })),
      await mean(null),
      await mean(best(6, null, long)),
    ];
    assert.ok(shorter < plain && plain < longer, `${shorter} ${plain} ${longer}`);
    const unended = await engine.generate({ prompt: PROMPT, sampling: { ...sampling, maxTokens: 3 }, decoding: best(3, null, short) });
    assert.deepEqual(unended.decoding!.best!.blocks[0]!.rewards, { short: 100 });
  });

  it("ends blocks with sentences, and answers with stop strings and grammars", async () => {
    const bySentence = await engine.generate({
      prompt: PROMPT,
      sampling: { ...sampling, maxTokens: 120 },
      decoding: best(4, "sentence", long),
    });
    let from = 0;
    for (const { tokens } of bySentence.decoding!.best!.blocks.slice(0, -1)) {
      const text = bySentence.tokens
        .slice(from, from + tokens)
        .map((token) => token.text)
        .join("");
      assert.match(text, /[.!?\n]["')]*\s*$/);
      from += tokens;
    }
    const stopped = await engine.generate({ prompt: PROMPT, sampling, stop: [" a"], decoding: best(4, 5, spaces) });
    assert.ok(!stopped.text.includes(" a"));
    const json = await engine.generate({
      prompt: PROMPT,
      sampling: { ...sampling, maxTokens: 200 },
      grammar: 'root ::= "[" [0-9] ("," [0-9])* "]"',
      decoding: best(4, 3, { json: { is: "json", weight: 1 } }),
    });
    if (json.reason !== "length") assert.doesNotThrow(() => JSON.parse(json.text), json.text);
  });

  it("is cancelled as any answer, leaves room for others, and writes the same beside them", async () => {
    const decoding = best(4, 8, spaces);
    const running = engine.generate({ id: "1:a", prompt: PROMPT, sampling: { ...sampling, maxTokens: 400 }, decoding });
    await engine.event("tokens", ({ id }) => id === "1:a");
    await engine.request("cancel", { id: "1:a" });
    const { reason, decoding: report } = await running;
    assert.ok(reason === "cancelled" || reason === "end", reason);
    assert.ok(report!.best!.blocks.length >= 1);
    const alone = [await engine.generate({ prompt: PROMPT, sampling, decoding }), await engine.generate({ prompt: PROMPT, sampling })];
    const together = await Promise.all([
      engine.generate({ id: "1:b", prompt: PROMPT, sampling, decoding }),
      engine.generate({ id: "1:c", prompt: PROMPT, sampling }),
      engine.generate({ id: "1:d", prompt: PROMPT, sampling, decoding }),
    ]);
    assert.deepEqual([idsOf(together[0]), idsOf(together[1]), idsOf(together[2])], [idsOf(alone[0]!), idsOf(alone[1]!), idsOf(alone[0]!)]);
  });

  it("refuses a pattern that is none, by name", async () => {
    const decoding = best(2, null, { bad: { is: "pattern", pattern: "(", weight: 1 } });
    await assert.rejects(engine.generate({ prompt: PROMPT, sampling, decoding }), (error: TillerError) =>
      /decoding\.best\.rewards\.bad\.pattern/.test(error.message),
    );
  });
});
