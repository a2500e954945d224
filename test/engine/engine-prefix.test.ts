/**
 * Prefixes as they are served: rows that are the embeddings of real tokens give the logits of those tokens in the prompt, whatever
 * the weights' type, what was cached, and what runs beside.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { EngineGradient } from "../../daemon/protocol/engine-api.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { type EngineAnswer, EngineUnderTest, idsOf, relativeError } from "../support/engine.ts";
import { fill, tokensOf } from "../support/gradient.ts";
import { makeModel } from "../support/models/index.ts";
import { noise } from "../support/native.ts";
import { type MadePrefix, prefixArtifact, prefixPlan } from "../support/prefix.ts";
import { REPOSITORY } from "../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");
const EMBEDDED = join(PRESETS, readdirSync(PRESETS).find((name) => name.endsWith(".gguf"))!);
/** As many as make the cache take them from another sequence. */
const ROWS = 24;
const FORCED = [5, 9, 17];
/** One arithmetic, another layout: float32 throughout, and activations that are rounded for the quantised weights. */
const CASES = [
  { name: "llama F32", options: { architecture: "llama", type: "F32" }, tolerance: 1e-4 },
  { name: "llama F16", options: { architecture: "llama", type: "F16" }, tolerance: 1e-4 },
  { name: "llama Q8_0", options: { architecture: "llama", type: "Q8_0" }, tolerance: 1e-4 },
  { name: "gemma3 F32", options: { architecture: "gemma3", type: "F32" }, tolerance: 1e-4 },
  { name: "qwen3 F32", options: { architecture: "qwen3", type: "F32" }, tolerance: 1e-4 },
  { name: "the embedded model", options: null, tolerance: 1e-4 },
] as const;

const logitsOf = (answer: EngineAnswer): number[][] => answer.tokens.map(({ logits }) => logits!);

function assertSame(answer: EngineAnswer, expected: EngineAnswer, tolerance: number, what: string): void {
  const [own, other] = [logitsOf(answer), logitsOf(expected)];
  assert.equal(own.length, FORCED.length);
  for (const [i, row] of own.entries()) {
    const error = relativeError(row, other[i]!);
    assert.ok(error <= tolerance, `${what}, token ${i}: ${error}`);
  }
}

describe("engine: prefixes", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "tiller-prefix-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name, options, tolerance } of CASES)
    describe(name, () => {
      let engine: EngineUnderTest;
      let width: number;
      before(async () => {
        const path = options === null ? EMBEDDED : makeModel(join(folder, `${name.replace(" ", "-")}.gguf`), { ...options, seed: 3 });
        engine = await EngineUnderTest.load(path);
        width = engine.model!.facts.width;
      });
      after(() => engine?.stop());

      const embeddings = async (tokens: readonly number[]): Promise<Float32Array> => {
        const rows = new Float32Array(tokens.length * width);
        for (const [i, start] of tokens.entries()) {
          const { data } = await engine.request("weights", { tensor: "token_embd.weight", rows: { start, count: 1 } });
          rows.set(data!, i * width);
        }
        return rows;
      };
      const made = (changes: Omit<MadePrefix, "width" | "modelLayers">) =>
        prefixArtifact({ width, modelLayers: engine.model!.facts.layers, ...changes });
      const planOf = (values: Float32Array, strength = 1): SteeringPlan =>
        prefixPlan(engine.model!, { made: [made({ values }), strength] });
      const run = (tokens: readonly number[], plan: SteeringPlan | null, id = `a/x:${Math.random()}`): Promise<EngineAnswer> =>
        engine.generate({ id, tokens: [...tokens], forced: FORCED, logits: true, plan });

      it("gives the logits of the tokens whose embeddings its rows are, behind the token that begins texts", async () => {
        const all = [...tokensOf(engine.model!.facts.vocabulary, ROWS + 6)];
        const [real, rest] = [all.slice(0, ROWS), all.slice(ROWS)];
        const plan = planOf(await embeddings(real));
        assertSame(await run(rest, plan, "b/x:1"), await run([...real, ...rest], null), tolerance, "at the start");
        // a text as the tokenizer begins it
        const { tokens } = await engine.request("tokenize", { content: "Once upon a time", addSpecial: true, parseSpecial: false });
        const bare = (await engine.request("tokenize", { content: "Once upon a time", addSpecial: false, parseSpecial: false })).tokens;
        const begins = tokens.length - bare.length;
        const expected = await run([...tokens.slice(0, begins), ...real, ...bare], null, "c/x:1");
        assertSame(await run(tokens, plan, "d/x:1"), expected, tolerance, `behind ${begins} tokens`);
        assert.equal((await run(tokens, plan, "e/x:1")).stats.promptTokens, tokens.length + ROWS);
      });

      it("is read once: what follows it from the cache is what follows it read anew", async () => {
        const all = [...tokensOf(engine.model!.facts.vocabulary, 80)];
        const plan = planOf(noise(ROWS * width, 5).map((value) => value * 0.1));
        const [one, other] = [all.slice(0, 20), all.slice(40, 60)];
        await run(one, plan, "f/x:1");
        const warm = await run(other, plan, "f/x:2");
        assert.equal(warm.stats.reusedTokens, ROWS);
        const cold = await run(other, plan, "g/x:1");
        assert.equal(cold.stats.reusedTokens, 0);
        // read in another step with another number of rows: the weights' arithmetic decides how near
        const apart = options?.type === "F32" ? 1e-5 : 3e-2;
        assertSame(warm, cold, apart, "warm against cold");
        const changed = planOf(noise(ROWS * width, 6).map((value) => value * 0.1));
        assert.equal((await run(other, changed, "f/x:3")).stats.reusedTokens, 0);
        assert.equal((await run([...other, 7, 8], null, "f/x:4")).stats.reusedTokens, 0);
        assert.ok((await run([...other, 7, 8], plan, "f/x:5")).stats.reusedTokens >= ROWS + other.length - 1);
      });
    });

  describe("beside others", () => {
    let engine: EngineUnderTest;
    let width: number;
    let layers: number;
    before(async () => {
      engine = await EngineUnderTest.load(makeModel(join(folder, "beside.gguf"), { architecture: "llama", seed: 4 }));
      ({ width, layers } = engine.model!.facts);
    });
    after(() => engine?.stop());

    const tokens = (seed: number): number[] => [...tokensOf(400, 30 + seed)].slice(seed);
    const rows = (seed: number, n = 6): Float32Array => noise(n * width, seed).map((value) => value * 0.1);
    const prefix = (changes: Omit<MadePrefix, "width" | "modelLayers">) => prefixArtifact({ width, modelLayers: layers, ...changes });
    let runs = 0;
    const run = (prompt: readonly number[], plan: SteeringPlan | null) =>
      engine.generate({ id: `account${++runs}/x:1`, tokens: [...prompt], forced: FORCED, logits: true, plan });

    it("is what it is alone, in a batch of plain answers and other prefixes", async () => {
      const plans = [
        null,
        prefixPlan(engine.model!, { a: [prefix({ values: rows(1) }), 1] }),
        prefixPlan(engine.model!, { a: [prefix({ values: rows(2, 9), shifts: [{ layer: 1, values: rows(7, 9) }] }), 1] }),
        prefixPlan(engine.model!, { a: [prefix({ values: rows(1), start: rows(3) }), 0.5], b: [prefix({ values: rows(4, 3) }), 1] }),
      ];
      const alone: EngineAnswer[] = [];
      for (const [i, plan] of plans.entries()) alone.push(await run(tokens(i), plan));
      const together = await Promise.all(plans.map((plan, i) => run(tokens(i), plan)));
      for (const [i, answer] of together.entries()) assertSame(answer, alone[i]!, 1e-5, `plan ${i}`);
      assert.ok(relativeError(logitsOf(alone[1]!)[0]!, logitsOf(await run(tokens(1), null))[0]!) > 1e-3);
    });

    it("stands one behind the other, and lies between its start and its rows by strength", async () => {
      const [one, other, start] = [rows(1), rows(4, 3), rows(3)];
      const joined = new Float32Array(one.length + other.length);
      joined.set(one);
      joined.set(other, one.length);
      const both = await run(tokens(2), prefixPlan(engine.model!, { a: [prefix({ values: one }), 1], b: [prefix({ values: other }), 1] }));
      assertSame(both, await run(tokens(2), prefixPlan(engine.model!, { a: [prefix({ values: joined }), 1] })), 1e-6, "both");
      const middle = one.map((value, i) => 0.75 * value + 0.25 * start[i]!);
      const part = await run(tokens(2), prefixPlan(engine.model!, { a: [prefix({ values: one, start }), 0.75] }));
      assertSame(part, await run(tokens(2), prefixPlan(engine.model!, { a: [prefix({ values: middle }), 1] })), 1e-5, "between");
      const off = await run(tokens(2), prefixPlan(engine.model!, { a: [prefix({ values: one }), 0] }));
      assertSame(off, await run(tokens(2), null), 0, "off");
      assert.equal(off.stats.promptTokens, tokens(2).length);
    });

    it("is what the gradient's own pass computes, whose slope at a row is that of finite differences", async () => {
      const values = rows(5);
      const prompt = tokens(1);
      const asking = (changes: Partial<EngineGradient>): EngineGradient => ({
        ...{ id: `g${++runs}`, messages: null, prompt: null, tokens: prompt, head: null, states: [], shifts: [], wants: [] },
        embeddings: { from: null, insert: true, values },
        answers: [
          { text: null, tokens: [FORCED[0]!], weight: 1 },
          { text: null, tokens: [31], weight: -1 },
        ],
        ...changes,
      });
      const lossAt = async (rows: Float32Array) =>
        (await engine.request("gradient", asking({ embeddings: { from: null, insert: true, values: rows } }))).loss;
      const { wanted, embeddingsFrom, loss } = await engine.request(
        "gradient",
        asking({ wants: [{ site: "embd", layer: 0, what: "gradient" }] }),
      );
      const answer = await run(prompt, prefixPlan(engine.model!, { a: [prefix({ values }), 1] }));
      const [logits] = logitsOf(answer);
      assert.ok(Math.abs(loss - (logits![31]! - logits![FORCED[0]!]!)) < 1e-3, `${loss} against ${logits![31]! - logits![FORCED[0]!]!}`);
      const slope = wanted[0]!.subarray(embeddingsFrom! * width, embeddingsFrom! * width + values.length);
      const largest = [...slope.keys()].sort((a, b) => Math.abs(slope[b]!) - Math.abs(slope[a]!));
      for (const at of [0, 5, 20, 60].map((rank) => largest[rank]!)) {
        const step = 0.005;
        const moved = (sign: number) => lossAt(values.map((value, i) => value + sign * fill(values.length, at, step)[i]!));
        const expected = ((await moved(1)) - (await moved(-1))) / (2 * step);
        assert.ok(Math.abs(slope[at]! - expected) <= 1e-2 * Math.abs(slope[at]!) + 1e-4, `${at}: ${slope[at]} against ${expected}`);
      }
    });

    it("scores a text in a study as an answer that is forced to write it", async () => {
      const plan = prefixPlan(engine.model!, { a: [prefix({ values: rows(2) }), 1] });
      const messages = [{ role: "user" as const, content: "Tell me more." }];
      const forced = await engine.generate({ id: "h/x:1", messages, forced: FORCED, plan });
      const { texts } = await engine.request("study", {
        ...{ id: "s", plans: [plan, null], answers: [], sampling: {} },
        texts: [0, 1].map((index) => ({ plan: index, messages, text: null, tokens: FORCED })),
      });
      const bits = -forced.tokens.reduce((sum, { logprob }) => sum + logprob, 0) / Math.LN2;
      assert.ok(Math.abs(texts[0]!.bits - bits) < 1e-3 * bits, `${texts[0]!.bits} against ${bits}`);
      assert.notEqual(texts[1]!.bits, texts[0]!.bits);
    });

    it("shows in a tap, counts in the context's budget, and is refused by name where rows are no tokens", async () => {
      const plan = prefixPlan(engine.model!, { a: [prefix({ values: rows(2) }), 1] });
      const tap = await engine.request("tap", {
        ...{ client: "t", prompt: null, tokens: tokens(0), sites: ["embd"], layers: null, logits: false, plan },
      });
      assert.equal(tap.tokens.length, tokens(0).length + 6);
      assert.deepEqual(tap.texts.slice(0, 2), ["[prefix 1]", "[prefix 2]"]);
      const full = [...tokensOf(400, 508)];
      await assert.rejects(run(full, plan), /508 tokens.*room for/);
      const messages = [{ role: "user" as const, content: "one two three ".repeat(400) }];
      await assert.rejects(engine.generate({ id: "o/x:1", messages, plan }), { code: "context-full" });
      await assert.rejects(engine.generate({ tokens: tokens(0), echo: true, plan }), /echo: not beside a prefix/);
      const texts = [{ plan: 0, messages: null, text: "Once upon a time", tokens: null }];
      await assert.rejects(engine.request("likelihood", { id: "l", plans: [plan], texts, most: 8 }), /not beside a prefix/);
      const many = prefixPlan(
        engine.model!,
        Object.fromEntries([1, 2].map((i) => [`p${i}`, [prefix({ values: rows(i, 40) }), 1] as const])),
      );
      await assert.rejects(run(tokens(0), many), /needs 81 profiles/);
    });

    it("stays with the answer that began with it when its slider moves", async () => {
      const artifact = prefix({ values: rows(2) });
      const at = (strength: number) => prefixPlan(engine.model!, { a: [artifact, strength] });
      const prompt = tokens(3);
      const plain = await engine.generate({ id: "m/x:1", tokens: prompt, sampling: { temperature: 0, maxTokens: 30 }, plan: at(1) });
      const started = engine.event("tokens", ({ id }) => id === "m/x:2");
      const moving = engine.generate({ id: "m/x:2", tokens: prompt, sampling: { temperature: 0, maxTokens: 30 }, plan: at(1) });
      await started;
      await engine.request("steer", { id: "m/x:2", plan: at(0), controls: { a: 0 } }).catch(() => undefined);
      assert.deepEqual(idsOf(await moving), idsOf(plain));
      const next = await engine.generate({ id: "m/x:3", tokens: prompt, sampling: { temperature: 0, maxTokens: 30 }, plan: at(0) });
      assert.equal(next.stats.promptTokens, prompt.length);
    });
  });
});
