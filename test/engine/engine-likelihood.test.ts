import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { EngineLikelihood, StudyText } from "../../daemon/protocol/engine-api.ts";
import { PLAIN_RENDER } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { asked, PLAIN_EDITS, rowsOf, shiftEdits } from "../support/plans.ts";

const ASKED = [{ role: "user" as const, content: "Tell me a story about a little girl and her dog in the park." }];
const ANSWERS = ["She went outside to play.", "She was sad and went to bed.", "Once upon a time"];

describe("engine: likelihood under many plans", () => {
  let engine: EngineUnderTest;
  before(async () => {
    engine = await EngineUnderTest.load(storiesOrTwin());
  });
  after(() => engine?.stop());

  const edits = (layer: number, size: number) =>
    shiftEdits(
      "resid",
      layer,
      Array.from({ length: 64 }, (_, i) => size * Math.sin(i + layer)),
    );
  const ALL = [edits(1, 0.4), edits(1, -0.4), edits(3, 0.8), edits(4, 0.3)];
  const plans: EngineLikelihood["plans"] = [null, ...ALL.map((one) => asked(rowsOf(one, PLAIN_EDITS)))];
  const ask = (texts: StudyText[], most = 100) => engine.request("likelihood", { id: "job:likely", plans, texts, most });
  const answer = (text: string, plan: number): StudyText => ({ plan, messages: ASKED, text, tokens: null });

  it("is what feeding the answer token by token gives, with the prompt read plain", async () => {
    const texts = plans.flatMap((_, plan) => ANSWERS.map((text) => answer(text, plan)));
    const scores = await ask(texts);
    const head = (await engine.request("render", { messages: ASKED, options: PLAIN_RENDER })).tokens;
    for (const [index, { plan, text }] of texts.entries()) {
      const turns = [...ASKED, { role: "assistant" as const, content: text! }];
      const { tokens } = await engine.request("render", { messages: turns, options: PLAIN_RENDER });
      const from = head.findIndex((token, i) => tokens[i] !== token);
      const begins = from < 0 ? head.length : from;
      // the last token of the prompt predicts the first of the answer, so steering acts from there on
      const { tokens: fed } = await engine.generate({
        messages: null,
        tokens: tokens.slice(0, begins - 1),
        forced: tokens.slice(begins - 1),
        plan: plans[plan]!,
      });
      const bits = -fed.slice(1).reduce((sum, token) => sum + token.logprob, 0) / Math.LN2;
      const score = scores[index]!;
      assert.equal(score.tokens, tokens.length - begins);
      assert.ok(Math.abs(score.bits - bits) < 0.005 * bits + 0.01, `plan ${plan}, ${text}: ${score.bits} ${bits}`);
      assert.ok(Math.abs(score.bytes - Buffer.byteLength(text!)) <= 1);
    }
    assert.ok(Math.abs(scores[0]!.bits - scores[3]!.bits) > 0.1);
  });

  it("scores raw text and written tokens, and only as many as are asked for", async () => {
    const [whole, part] = [
      await ask([{ plan: 0, messages: null, text: ANSWERS[0]!, tokens: null }]),
      await ask([{ plan: 0, messages: null, text: ANSWERS[0]!, tokens: null }], 3),
    ];
    assert.ok(part[0]!.tokens === 3 && whole[0]!.tokens > 3 && part[0]!.bits < whole[0]!.bits);
    const [tokens] = await ask([{ plan: 1, messages: ASKED, text: null, tokens: [40, 41, 42] }]);
    assert.equal(tokens!.tokens, 3);
  });

  it("refuses a plan that is not there, and gates", async () => {
    await assert.rejects(ask([answer("x", 9)]), { code: "invalid-params" });
  });
});
