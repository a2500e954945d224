import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { LoweredPlan } from "../../daemon/engine/steering/lowered.ts";
import type { EngineStudy } from "../../daemon/protocol/engine-api.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { asked, PLAIN_EDITS, rowsOf, shiftEdits } from "../support/plans.ts";
import { REPOSITORY } from "../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");
const MODEL = join(PRESETS, readdirSync(PRESETS).find((name) => name.endsWith(".gguf"))!);
const ASKS = [
  "Tell me about the bridge.",
  "Was denkst du über die Lampe?",
  "Dis quelque chose sur le fromage.",
  "Dime algo sobre el reloj.",
];
const TEXTS = ["The bridge was closed for three weeks.", "Sein Bruder ist Tischler.", "El tren llegaba tarde otra vez."];

function study(changes: Partial<EngineStudy>): EngineStudy {
  return { id: "job:test", plans: [null], answers: [], sampling: { maxTokens: 32, temperature: 0.8 }, texts: [], ...changes };
}

const answers = (count: number, plan = 0) =>
  Array.from({ length: count }, (_, i) => ({ plan, messages: [{ role: "user" as const, content: ASKS[i % ASKS.length]! }], seed: i + 1 }));
const texts = () => textsUnder(0);
const textsUnder = (plan: number) => TEXTS.map((text) => ({ plan, messages: null, text, tokens: null }));

describe("engine: studies", () => {
  let engine: EngineUnderTest;
  const rows = (): LoweredPlan => {
    const { width } = engine.model!.facts;
    return rowsOf(
      shiftEdits(
        "resid",
        1,
        Array.from({ length: width }, (_, i) => 6 * Math.sin(i)),
      ),
    );
  };
  const shift = (): SteeringPlan => asked(rows());
  before(async () => {
    engine = await EngineUnderTest.load(MODEL, { kvType: "f16" });
  });
  after(() => engine.stop());

  it("gives equal results for equal requests to the last bit, whatever else the engine does", async () => {
    const request = study({ answers: answers(40), texts: Array.from({ length: 20 }, texts).flat() });
    const first = await engine.request("study", request);
    const busy = engine.generate({ messages: [{ role: "user", content: ASKS[0]! }], sampling: { maxTokens: 200, seed: 3 } });
    const beside = await engine.request("study", request);
    await busy;
    assert.deepEqual(beside, first);
    assert.deepEqual(await engine.request("study", request), first);
    assert.ok(new Set(first.answers.map(({ text }) => text)).size > 20);
  });

  it("scores a text as feeding it token by token does, plain and steered", async () => {
    const plan = shift();
    const [plain, steered] = (await engine.request("study", study({ plans: [null, plan], texts: [texts()[0]!, textsUnder(1)[0]!] }))).texts;
    const { tokens } = await engine.request("tap", {
      client: "test",
      prompt: TEXTS[0]!,
      tokens: null,
      sites: [],
      layers: null,
      logits: false,
      plan: null,
    });
    for (const [score, used] of [
      [plain!, null],
      [steered!, plan],
    ] as const) {
      const forced = await engine.generate({ messages: null, tokens: tokens.slice(0, 1), forced: tokens.slice(1), plan: used });
      const bits = -forced.tokens.reduce((sum, token) => sum + token.logprob, 0) / Math.LN2;
      assert.equal(score.tokens, tokens.length - 1);
      // Two contexts: the cache's layout and the size of the step differ (native.md, tolerances).
      assert.ok(Math.abs(score.bits - bits) < 0.02 * bits, `${score.bits} ${bits}`);
    }
    assert.ok(Math.abs(plain!.bits - steered!.bits) > 0.1);
  });

  it("is not changed by a plan of strength 0", async () => {
    const zero = asked({
      ...rows(),
      prompt: { variants: [PLAIN_EDITS] },
      last: { variants: [PLAIN_EDITS] },
      answer: { variants: [PLAIN_EDITS] },
    });
    const work = { answers: answers(20), texts: texts() };
    const plain = await engine.request("study", study(work));
    assert.deepEqual(await engine.request("study", study({ ...work, plans: [zero] })), plain);
    assert.notDeepEqual(await engine.request("study", study({ ...work, plans: [shift()] })), plain);
  });

  it("scores an answer to a conversation by the tokens that were written", async () => {
    const { answers: written } = await engine.request("study", study({ answers: answers(2) }));
    const scored = written.map(({ tokens }, i) => ({ plan: 0, messages: answers(2)[i]!.messages, text: null, tokens }));
    const wrong = written.map((_, i) => ({ plan: 0, messages: answers(2)[i]!.messages, text: "xq zzv wlk", tokens: null }));
    const { texts: scores } = await engine.request("study", study({ texts: [...scored, ...wrong] }));
    scores.slice(0, 2).forEach(({ tokens }, i) => {
      assert.equal(tokens, written[i]!.tokens.length);
    });
    assert.ok(scores[0]!.bits / scores[0]!.tokens < scores[2]!.bits / scores[2]!.tokens);
  });

  it("ends when it is cancelled, and the engine goes on", async () => {
    const long = engine.request("study", study({ answers: answers(400), sampling: { maxTokens: 200, temperature: 1 } }));
    while (!engine.events.some(({ name }) => name === "collectProgress")) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(await engine.request("cancel", { id: "job:test" }), { cancelled: true });
    await assert.rejects(long, { code: "cancelled" });
    assert.equal((await engine.request("study", study({ answers: answers(2) }))).answers.length, 2);
  });

  it("refuses what does not fit, and a plan that is not there", async () => {
    const long = { plan: 0, messages: null, text: "word ".repeat(2000), tokens: null };
    await assert.rejects(engine.request("study", study({ texts: [long] })), { code: "context-full" });
    await assert.rejects(engine.request("study", study({ answers: answers(1, 3) })), { code: "invalid-params" });
  });
});
