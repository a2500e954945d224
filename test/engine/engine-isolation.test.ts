/** One request must not spoil another that shares its batch and its cache. */
import assert from "node:assert/strict";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { type EngineAnswer, EngineUnderTest, idsOf } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { asked } from "../support/plans.ts";

const greedy = { temperature: 0, maxTokens: 16 };
const report = { steered: true, summary: "steered: a test", controls: [] };

/** The residual after layer 2 multiplied by `scale`. */
function scaled(scale: number, width: number): SteeringPlan {
  const place = { site: "resid", layer: 2 } as const;
  const edits = {
    element: [{ ...place, indices: null, scale: new Float32Array(width).fill(scale), shift: null }],
    columns: [],
    fingerprint: `scale ${scale}`,
  };
  const reserve = { element: [{ ...place, scale: true, shift: false }], columns: [] };
  return asked({
    prompt: { variants: [edits] },
    last: { variants: [edits] },
    answer: { variants: [edits] },
    prefix: [],
    gates: [],
    reserve,
    report,
  });
}

describe("engine: requests side by side", () => {
  let engine: EngineUnderTest;
  let width: number;
  let wanted: EngineAnswer;
  const plain = (id: string): Promise<EngineAnswer> => engine.generate({ id, prompt: "The little dog", sampling: greedy });

  before(async () => {
    const path = storiesOrTwin();
    // the default cache: what overflows there is added to the attention of every sequence
    engine = await EngineUnderTest.load(path, { kvType: "f16" });
    width = engine.model!.facts.width;
    wanted = await plain("a:0");
  });
  after(() => engine?.stop());

  for (const scale of [1e38, -1e38, 1e20]) {
    it(`steering by ${scale} leaves the others' answers as they were, beside it and after it`, async () => {
      const strong = { id: `b:${scale}`, prompt: "Once upon a time", sampling: greedy, plan: scaled(scale, width) };
      const [, beside] = await Promise.all([engine.generate(strong), plain(`a:beside ${scale}`)]);
      assert.deepEqual(idsOf(beside), idsOf(wanted));
      assert.deepEqual(idsOf(await plain(`a:after ${scale}`)), idsOf(wanted));
    });
  }

  it("a grammar that allows nothing ends its own answer only", async () => {
    const banned = Object.fromEntries(Array.from({ length: engine.model!.facts.vocabulary }, (_, token) => [token, -100]));
    const [stuck, beside] = await Promise.all([
      engine.generate({ id: "b:grammar", prompt: "Once", sampling: greedy, grammar: 'root ::= "zz" "z"*', logitBias: banned }),
      plain("a:grammar"),
    ]);
    assert.equal(stuck.reason, "grammar");
    assert.deepEqual(idsOf(beside), idsOf(wanted));
  });

  it("biases that forbid every token end the answer, with any sampler", async () => {
    const logitBias = Object.fromEntries(Array.from({ length: engine.model!.facts.vocabulary }, (_, token) => [token, -100]));
    for (const sampling of [
      greedy,
      { temperature: 1 },
      { temperature: 1, mirostat: 1 as const },
      { temperature: 1, mirostat: 2 as const },
    ]) {
      const answer = await engine.generate({
        id: `b:${JSON.stringify(sampling)}`,
        prompt: "Once",
        sampling: { ...sampling, maxTokens: 4 },
        logitBias,
      });
      assert.deepEqual([answer.reason, answer.tokens.length], ["grammar", 0], JSON.stringify(sampling));
    }
  });

  it("a broken grammar is the request's mistake, not the engine's", async () => {
    await assert.rejects(engine.generate({ id: "b:broken", prompt: "a", grammar: "root ::= (" }), { code: "invalid-params" });
  });
});
