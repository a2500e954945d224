/** Gradients as an engine's task: what is asked in turns and texts, answers of several tokens, refusals, and the attribution. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { attribute } from "../../daemon/evaluate/attribution/attribute.ts";
import type { EngineGradient } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { cosine } from "../support/gradient.ts";
import { REPOSITORY } from "../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");
const MODEL = join(PRESETS, readdirSync(PRESETS).find((name) => name.endsWith(".gguf"))!);
const TURNS = [{ role: "user" as const, content: "Tell me about the bridge." }];

let count = 0;
function asking(changes: Partial<EngineGradient>): EngineGradient {
  return {
    id: `g${++count}`,
    ...{ messages: TURNS, prompt: null, tokens: null, head: null, embeddings: null },
    ...{ answers: [], states: [], shifts: [], wants: [], ...changes },
  };
}
const RESID = { site: "resid", layer: 1, what: "gradient" } as const;

describe("engine: gradients", () => {
  let engine: EngineUnderTest;
  before(async () => {
    engine = await EngineUnderTest.load(MODEL, { kvType: "f16" });
  });
  after(() => engine.stop());

  it("scores an answer as a study does, and differentiates the same loss", async () => {
    assert.equal(engine.model!.noGradients, null);
    const text = "The bridge was closed.";
    const tokens = (await engine.request("tokenize", { content: text, addSpecial: false, parseSpecial: false })).tokens;
    const { answers, loss, wanted, texts } = await engine.request(
      "gradient",
      asking({ answers: [{ text, tokens: null, weight: 0.5 }], wants: [RESID] }),
    );
    assert.deepEqual(answers[0]!.tokens, tokens);
    assert.ok(Math.abs(loss + 0.5 * answers[0]!.logprob) < 1e-4);
    const studied = await engine.request("study", {
      id: "s1",
      plans: [null],
      answers: [],
      sampling: {},
      texts: [{ plan: 0, messages: TURNS, text: null, tokens }],
    });
    const bits = studied.texts[0]!.bits;
    // a study takes flash attention and float16 keys and values
    assert.ok(Math.abs(-answers[0]!.logprob / Math.LN2 - bits) < 1e-2 * bits, `${answers[0]!.logprob} and ${bits} bits`);
    assert.equal(wanted[0]!.length, texts.length * engine.model!.facts.width);
    const moved = async (step: number) =>
      (
        await engine.request(
          "gradient",
          asking({
            answers: [{ text, tokens: null, weight: 0.5 }],
            shifts: [{ site: "resid", layer: 1, from: 0, rows: texts.length, values: wanted[0]!.map((value) => value * step) }],
          }),
        )
      ).loss;
    // the embedded model is in Q8_0, whose activations are rounded: its loss is a staircase, and slopes are the native core's to prove
    const step = 0.2 / Math.sqrt(wanted[0]!.reduce((sum, value) => sum + value * value, 0));
    const [up, down] = [await moved(step), await moved(-step)];
    assert.ok(up > loss && down < loss, `${down} < ${loss} < ${up}`);
  });

  it("adds up over answers, and tells where the prompt's head ends", async () => {
    const one = { text: " a", tokens: null, weight: 1 };
    const other = { text: " the long way home", tokens: null, weight: -1 };
    const run = async (answers: EngineGradient["answers"]) => engine.request("gradient", asking({ answers, wants: [RESID], head: TURNS }));
    const [first, second, both] = [await run([one]), await run([other]), await run([one, other])];
    assert.ok(Math.abs(both.loss - first.loss - second.loss) < 1e-4);
    const sum = first.wanted[0]!.map((value, i) => value + second.wanted[0]![i]!);
    assert.ok(cosine(sum, both.wanted[0]!) > 0.9999);
    assert.equal(both.head, both.tokens.length);
    const longer = await engine.request(
      "gradient",
      asking({
        messages: [...TURNS, { role: "assistant", content: "It is old." }, { role: "user", content: "Is that calm?" }],
        head: TURNS,
        answers: [one],
      }),
    );
    assert.ok(longer.head >= both.tokens.length - 2 && longer.head < longer.tokens.length, `${longer.head} of ${longer.tokens.length}`);
  });

  it("inserts embeddings, refuses what does not fit, and cancels what waits", async () => {
    const { width } = engine.model!.facts;
    const answers = [{ text: " a", tokens: null, weight: 1 }];
    const plain = await engine.request("gradient", asking({ answers }));
    const values = new Float32Array(3 * width).fill(0.01);
    const prefixed = await engine.request(
      "gradient",
      asking({ answers, embeddings: { from: 0, insert: true, values }, wants: [{ site: "embd", layer: 0, what: "gradient" }] }),
    );
    assert.equal(prefixed.tokens.length, plain.tokens.length + 3);
    assert.ok(prefixed.wanted[0]!.subarray(0, 3 * width).some((value) => value !== 0));
    await assert.rejects(engine.request("gradient", asking({ answers, wants: [{ ...RESID, layer: 99 }] })), /no such place/);
    await assert.rejects(engine.request("gradient", asking({})), /no terms/);
    const running = engine.request("gradient", asking({ answers, id: "one" }));
    const waiting = engine.request("gradient", asking({ answers, id: "two" }));
    assert.deepEqual(await engine.request("cancel", { id: "two" }), { cancelled: true });
    await assert.rejects(waiting, /cancelled/);
    await running;
  });

  it("finds neurons that matter more than others drawn at random", async () => {
    const found = await attribute(
      { prompt: "What colour is the sky?", answer: "The", against: "I", top: 20, checked: 6, seed: 3 },
      {
        model: { facts: engine.model!.facts } as never,
        progress: () => undefined,
        gradient: (changes) => engine.request("gradient", asking(changes)),
      },
    );
    const size = (drawn: boolean) =>
      found.checked.filter((one) => one.drawn === drawn).reduce((sum, { measured }) => sum + Math.abs(measured), 0);
    assert.ok(size(false) > 3 * size(true), `${size(false)} against ${size(true)}`);
    const agreeing = found.checked.filter(({ drawn, effect, measured }) => !drawn && Math.sign(effect) === Math.sign(measured)).length;
    assert.ok(agreeing >= 4, `${agreeing} of 6 move the way that was guessed`);
    assert.equal(found.tokens.length, found.texts.length);
  });
});
