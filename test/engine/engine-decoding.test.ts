/** Rules of decoding against what the same engine says of the two streams apart, with its logits and nothing of the rule. */
import assert from "node:assert/strict";
import { type EngineDecoding, OWN_STREAM } from "../../daemon/protocol/engine-api.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { type EngineAnswer, EngineUnderTest, idsOf } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { planOf, shiftEdits } from "../support/plans.ts";

const PROMPT = "Once upon a time";
const WIDTH = 64;
const greedy = { temperature: 0, maxTokens: 24 };

function shifted(seed: number, size: number): SteeringPlan {
  return planOf(
    shiftEdits(
      "resid",
      2,
      Float32Array.from({ length: WIDTH }, (_, i) => size * Math.sin(seed * 12.9898 + i * 78.233)),
    ),
  );
}

function decoding(changes: Partial<EngineDecoding>): EngineDecoding {
  return { streams: [{ plan: null }], contrast: null, plain: null, best: null, tilt: null, scorers: {}, text: "test", ...changes };
}

const contrast = (changes: Partial<NonNullable<EngineDecoding["contrast"]>> = {}) => ({
  ...{ alpha: 1, plausibility: 0.1, topP: 1, toward: OWN_STREAM, against: 0 },
  ...changes,
});

function logSoftmax(row: readonly number[]): number[] {
  const max = Math.max(...row);
  const norm = max + Math.log(row.reduce((sum, value) => sum + Math.exp(value - max), 0));
  return row.map((value) => value - norm);
}

function divergence(p: readonly number[], q: readonly number[]): number {
  const [logP, logQ] = [logSoftmax(p), logSoftmax(q)];
  return logP.reduce((sum, value, i) => (value === Number.NEGATIVE_INFINITY ? sum : sum + Math.exp(value) * (value - logQ[i]!)), 0);
}

/** The rule as the card has it, in float64. */
function scores(
  own: readonly number[],
  toward: readonly number[],
  against: readonly number[],
  rule: ReturnType<typeof contrast>,
): number[] {
  const logP = logSoftmax(own);
  const least = Math.max(...logP) + Math.log(rule.plausibility);
  const plausible = logP.map((value) => value >= least);
  const order = logP.map((value, id) => ({ value, id })).filter(({ id }) => plausible[id]!);
  order.sort((a, b) => b.value - a.value);
  const total = order.reduce((sum, { value }) => sum + Math.exp(value), 0);
  let sum = 0;
  const kept = new Set<number>();
  for (const { value, id } of order) {
    if (sum < rule.topP) kept.add(id);
    sum += Math.exp(value) / total;
  }
  return own.map((value, id) => (kept.has(id) ? value + rule.alpha * (toward[id]! - against[id]!) : Number.NEGATIVE_INFINITY));
}

/** Logits are float32, and the streams' rows stand in other batches than the rows that are compared. */
function near(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) < 1e-5 * Math.max(1, Math.abs(expected)), `${value} ${expected}`);
}

function argMax(row: readonly number[]): number {
  return row.reduce((best, value, id) => (value > row[best]! ? id : best), 0);
}

describe("engine: rules of decoding", () => {
  let engine: EngineUnderTest;

  before(async () => {
    engine = await EngineUnderTest.load(storiesOrTwin());
  });
  after(async () => {
    await engine?.stop();
  });

  const rows = (answer: EngineAnswer): number[][] => answer.tokens.map((token) => token.logits!);
  const forced = async (tokens: number[], plan: SteeringPlan | null): Promise<number[][]> =>
    rows(await engine.generate({ prompt: PROMPT, forced: tokens, logits: true, plan }));

  it("tells the exact divergence from the plain model at every token", async () => {
    const plan = shifted(1, 1);
    const answer = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: decoding({ plain: 0 }) });
    const alone = await engine.generate({ prompt: PROMPT, sampling: greedy, plan });
    assert.deepEqual(idsOf(answer), idsOf(alone), "it is read, not changed");
    const [own, plain] = [await forced(idsOf(answer), plan), await forced(idsOf(answer), null)];
    const expected = own.map((row, t) => divergence(row, plain[t]!));
    for (const [t, token] of answer.tokens.entries()) near(token.kl!, expected[t]!);
    assert.ok(Math.max(...expected) > 0.01, "or nothing was tested");
    const { kl, streams } = answer.decoding!;
    assert.equal(streams, 2);
    assert.equal(kl!.tokens, answer.tokens.length);
    near(
      kl!.total,
      expected.reduce((a, b) => a + b),
    );
    assert.equal(kl!.max, Math.max(...answer.tokens.map((token) => token.kl!)));
    const told = await engine.generate({ prompt: PROMPT, forced: idsOf(answer), plan, decoding: decoding({ plain: 0 }) });
    for (const [t, token] of told.tokens.entries()) near(token.kl!, expected[t]!);
    const none = await engine.generate({ prompt: PROMPT, sampling: greedy, decoding: decoding({ streams: [], plain: OWN_STREAM }) });
    assert.deepEqual(none.decoding!.kl, { total: 0, mean: 0, max: 0, tokens: none.tokens.length });
  });

  it("chooses by z + α·(z_toward − z_against) among the plausible tokens", async () => {
    const [own, other] = [shifted(1, 0.7), shifted(2, 0.7)];
    const cases: [EngineDecoding, SteeringPlan | null, (SteeringPlan | null)[]][] = [
      [decoding({ contrast: contrast() }), own, [own, null]],
      [decoding({ contrast: contrast({ alpha: 3, plausibility: 0.02 }) }), own, [own, null]],
      [decoding({ contrast: contrast({ alpha: -1.5, plausibility: 0.01, topP: 0.9 }), plain: 0 }), own, [own, null]],
      [
        decoding({
          streams: [{ plan: own }, { plan: other }],
          contrast: contrast({ alpha: 2, toward: 0, against: 1, topP: 0.95 }),
          plain: OWN_STREAM,
        }),
        null,
        [own, other],
      ],
    ];
    for (const [rule, plan, [toward, against]] of cases) {
      const answer = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule });
      const ids = idsOf(answer);
      const [base, plus, minus, plain] = [
        await forced(ids, plan),
        await forced(ids, toward!),
        await forced(ids, against!),
        await forced(ids, null),
      ];
      for (const [t, id] of ids.entries()) {
        const expected = scores(base[t]!, plus[t]!, minus[t]!, rule.contrast!);
        const best = expected[argMax(expected)]!;
        assert.ok(expected[id]! >= best - 1e-4, `token ${t}: ${id} has ${expected[id]}, the best ${best}`);
        if (rule.plain !== null) near(answer.tokens[t]!.kl!, divergence(expected, plain[t]!));
      }
      const alone = await engine.generate({ prompt: PROMPT, sampling: greedy, plan });
      assert.notDeepEqual(ids, idsOf(alone), "the rule changes what is written");
    }
  });

  it("draws as often as the rule says", async () => {
    const plan = shifted(1, 0.7);
    const rule = decoding({ contrast: contrast({ alpha: 1, plausibility: 0.05 }) });
    const [own, plain] = [await forced([1], plan), await forced([1], null)];
    const expected = logSoftmax(scores(own[0]!, own[0]!, plain[0]!, rule.contrast!)).map(Math.exp);
    const draws = 600;
    const counts = new Map<number, number>();
    const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, maxTokens: 1 };
    const answers = await Promise.all(
      Array.from({ length: draws }, (_, seed) =>
        engine.generate({ prompt: PROMPT, sampling: { ...sampling, seed }, plan, decoding: rule }),
      ),
    );
    for (const answer of answers) {
      const id = idsOf(answer)[0]!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // rare tokens together, so that the normal approximation holds
    let statistic = 0;
    let cells = 0;
    let [restExpected, restSeen] = [0, 0];
    for (const [id, p] of expected.entries()) {
      const seen = counts.get(id) ?? 0;
      if (p === 0) assert.equal(seen, 0, `token ${id} is ruled out`);
      if (p * draws < 5) {
        restExpected += p * draws;
        restSeen += seen;
        continue;
      }
      statistic += (seen - p * draws) ** 2 / (p * draws);
      cells++;
    }
    if (restExpected >= 5) {
      statistic += (restSeen - restExpected) ** 2 / restExpected;
      cells++;
    }
    assert.ok(cells >= 3, "or nothing was tested");
    // mean cells − 1, variance twice that: seeds are fixed, so this holds or does not, always
    assert.ok(statistic < cells - 1 + 4 * Math.sqrt(2 * (cells - 1)), `χ² ${statistic} with ${cells} cells`);
  });

  it("keeps stop strings, grammar, biases and the limit of tokens", async () => {
    const plan = shifted(1, 0.7);
    const rule = decoding({ contrast: contrast({ alpha: 2 }), plain: 0 });
    const whole = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule });
    const stop = whole.text.slice(6, 11);
    const stopped = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule, stop: [stop] });
    assert.equal(stopped.reason, "stop-string");
    assert.equal(stopped.text, whole.text.slice(0, whole.text.indexOf(stop)));
    // what the grammar asks for is far from plausible
    const grammar = 'root ::= "@" ("7" | "8") "@"';
    const followed = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule, grammar });
    assert.match(followed.text, /^@[78]@$/);
    const [first] = idsOf(whole);
    const banned = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule, logitBias: { [first!]: -100 } });
    assert.notEqual(idsOf(banned)[0], first);
    const again = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule });
    assert.deepEqual(idsOf(again), idsOf(whole));
    assert.equal(again.reason, "length");
  });

  it("ends at the end of text, and counts its divergence", async () => {
    const plan = shifted(1, 0.7);
    const rule = decoding({ contrast: contrast(), plain: 0 });
    const { eos: name } = await engine.request("vocabulary", {});
    const {
      tokens: [eos],
    } = await engine.request("tokenize", { content: name, addSpecial: false, parseSpecial: true });
    const ended = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule, logitBias: { [eos!]: 100 } });
    assert.equal(ended.reason, "end");
    assert.equal(ended.text, "");
    assert.equal(ended.decoding!.kl!.tokens, 1);
  });

  it("writes the same beside others, of which each has its own rule", async () => {
    const plan = shifted(1, 0.7);
    const rules = [
      decoding({ contrast: contrast({ alpha: 1 }) }),
      null,
      decoding({ streams: [{ plan: shifted(2, 1) }], contrast: contrast({ alpha: -1 }) }),
      decoding({ plain: 0 }),
      null,
    ];
    const ask = (rule: EngineDecoding | null, i: number) =>
      engine.generate({ id: `c${i}:x`, prompt: `${PROMPT}${" there was".repeat(i)}`, sampling: greedy, plan, decoding: rule });
    const alone: number[][] = [];
    for (const [i, rule] of rules.entries()) alone.push(idsOf(await ask(rule, i)));
    assert.deepEqual((await Promise.all(rules.map(ask))).map(idsOf), alone);
  });

  it("frees all streams when it is cancelled, and when one begins with nothing left for it", async () => {
    const plan = shifted(1, 0.7);
    const rule = decoding({ contrast: contrast() });
    const ids = ["1:a", "1:b", "1:c"];
    const running = ids.map((id) =>
      engine.generate({ id, prompt: PROMPT, sampling: { temperature: 1, maxTokens: 400 }, plan, decoding: rule }),
    );
    await engine.event("tokens", ({ id }) => id === "1:a");
    for (const id of ids) await engine.request("cancel", { id });
    for (const answer of await Promise.all(running)) assert.ok(["cancelled", "end"].includes(answer.reason), answer.reason);
    const after = await engine.generate({ prompt: PROMPT, sampling: greedy, plan, decoding: rule });
    assert.equal(after.tokens.length, 24);
  });
});
