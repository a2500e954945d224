import assert from "node:assert/strict";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { EngineUnderTest, idsOf, relativeError } from "../support/engine.ts";
import { requestOf } from "../support/plans.ts";
import { STORIES, sharedPath, skip } from "../support/shared.ts";

const PROMPTS = [
  "Once upon a time",
  "The big dog",
  "Lily wanted to go to the park because",
  "One day, a little boy named Tim found a",
  "It was dark",
];
const greedy = { temperature: 0, maxTokens: 24 };

describe("engine: answers of a trained model", () => {
  let engine: EngineUnderTest;

  before(async function () {
    const path = sharedPath(...STORIES);
    if (path === null) skip(this, "needs the shared test model stories260K-f32.gguf");
    engine = await EngineUnderTest.load(path);
  });
  after(async () => {
    await engine?.stop();
  });

  it("says what it loaded", () => {
    const { facts, sites, contextSize, sequences, memory } = engine.model!;
    assert.deepEqual(
      [facts.architecture, facts.layers, facts.width, facts.vocabulary, contextSize, sequences],
      ["llama", 5, 64, 512, 512, 4],
    );
    assert.ok(sites.some((site) => site.site === "mlp.mid" && site.layer === 4 && site.live && site.width === 172));
    assert.ok(memory.kvBytes > 0);
    const progress = engine.events.flatMap((event) => (event.name === "loadProgress" ? [event.params.fraction] : []));
    assert.equal(progress.at(-1), 1);
    assert.deepEqual(
      progress,
      [...new Set(progress)].toSorted((a, b) => a - b),
      "never goes back, never says one twice",
    );
  });

  it("writes the same alone and in a full batch", async () => {
    const alone: number[][] = [];
    for (const prompt of PROMPTS) alone.push(idsOf(await engine.generate({ prompt, sampling: greedy })));
    const together = await Promise.all(PROMPTS.map((prompt) => engine.generate({ prompt, sampling: greedy })));
    assert.deepEqual(together.map(idsOf), alone);
    assert.match(together[0]!.text, /^,? ?there was a little girl/);
  });

  it("finishes 64 at once, in turns of their clients", async () => {
    const from = engine.events.length;
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        engine.generate({
          id: `${i < 60 ? "many" : "few"}:${i}`,
          prompt: PROMPTS[i % PROMPTS.length]!,
          sampling: { temperature: 0, maxTokens: 6 },
        }),
      ),
    );
    assert.ok(answers.every((answer) => answer.tokens.length === 6));
    const starts = engine.events.slice(from).flatMap((event) => (event.name === "started" ? [event.params.id] : []));
    assert.equal(starts.length, 64);
    assert.ok(starts.findLastIndex((id) => id.startsWith("few")) < 16);
  });

  it("streams what it answers, in order", async () => {
    const id = "stream:1";
    const answer = await engine.generate({ id, prompt: PROMPTS[0]!, sampling: greedy });
    const streamed = engine.streamed(id);
    assert.deepEqual(streamed, answer.tokens);
    assert.equal(streamed.map((token) => token.text).join(""), answer.text);
    assert.deepEqual(
      streamed.map((token) => token.index),
      streamed.map((_, i) => i),
    );
  });

  it("repeats itself under one seed and not under another", async () => {
    const sampling = { temperature: 1.2, maxTokens: 24 };
    const ask = (seed: number) => engine.generate({ prompt: PROMPTS[0]!, sampling: { ...sampling, seed } });
    const [first, again, other] = [await ask(5), await ask(5), await ask(6)];
    assert.deepEqual(idsOf(first), idsOf(again));
    assert.notDeepEqual(idsOf(first), idsOf(other));
    const drawn = await engine.generate({ prompt: PROMPTS[0]!, sampling });
    assert.deepEqual(idsOf(await ask(drawn.seed)), idsOf(drawn));
  });

  it("reports log-probabilities of the raw distribution", async () => {
    const answer = await engine.generate({
      prompt: PROMPTS[0]!,
      sampling: { temperature: 1, maxTokens: 12, seed: 3 },
      topLogprobs: 5,
      logits: true,
    });
    for (const token of answer.tokens) {
      const max = Math.max(...token.logits!);
      const offset = max + Math.log(token.logits!.reduce((sum, value) => sum + Math.exp(value - max), 0));
      assert.ok(Math.abs(token.logits![token.id]! - offset - token.logprob) < 1e-4);
      const best = token.logits!.map((value, id) => ({ value, id })).sort((a, b) => b.value - a.value);
      assert.deepEqual(
        token.top!.map(({ id }) => id),
        best.slice(0, 5).map(({ id }) => id),
      );
      token.top!.forEach(({ logprob }, i) => {
        assert.ok(Math.abs(best[i]!.value - offset - logprob) < 1e-4);
      });
    }
  });

  it("ends at a stop string that spans tokens, without it", async () => {
    const plain = await engine.generate({ prompt: PROMPTS[0]!, sampling: { temperature: 0, maxTokens: 40 } });
    const stop = plain.text.slice(13, 22);
    const id = "stops:1";
    const stopped = await engine.generate({ id, prompt: PROMPTS[0]!, sampling: { temperature: 0, maxTokens: 40 }, stop: ["@@@", stop] });
    assert.equal(stopped.reason, "stop-string");
    assert.equal(stopped.text, plain.text.slice(0, plain.text.indexOf(stop)));
    assert.equal(
      engine
        .streamed(id)
        .map((token) => token.text)
        .join(""),
      stopped.text,
    );
  });

  it("puts characters together from byte tokens", async () => {
    const text = "aé€🙂z";
    const { tokens } = await engine.request("tap", {
      client: "test",
      prompt: text,
      tokens: null,
      sites: [],
      layers: null,
      logits: false,
      plan: null,
    });
    const answer = await engine.generate({ prompt: PROMPTS[0]!, forced: tokens.slice(1) });
    assert.equal(answer.text.trimStart(), text);
    // at least the three bytes of the euro sign and the four of the face are tokens of their own
    assert.ok(answer.tokens.length >= 8, answer.tokens.map((token) => token.text).join("|"));
    assert.ok(answer.tokens.every((token) => !token.text.includes("\ufffd")));
    const bytes = answer.tokens.flatMap((token) => token.bytes ?? [...Buffer.from(token.text)]);
    assert.equal(Buffer.from(bytes).toString("utf8").trimStart(), text);
    const parts = answer.tokens.filter((token) => token.bytes !== undefined);
    assert.ok(parts.length >= 4, `${parts.length} of ${answer.tokens.map((token) => token.text || "·").join("|")}`);
  });

  it("obeys a grammar and a JSON schema", async () => {
    const grammar = await engine.generate({ prompt: PROMPTS[0]!, grammar: 'root ::= "yes" | "no"', sampling: { maxTokens: 20, seed: 1 } });
    assert.match(grammar.text, /^(yes|no)$/);
    assert.equal(grammar.reason, "end");
    const jsonSchema = {
      type: "object",
      properties: { mood: { enum: ["glad", "sad"] }, ok: { type: "boolean" }, list: { type: "array", items: { const: 1 }, maxItems: 2 } },
      required: ["mood"],
      additionalProperties: false,
    };
    for (let seed = 0; seed < 5; seed++) {
      const answer = await engine.generate({ prompt: PROMPTS[0]!, jsonSchema, sampling: { maxTokens: 120, temperature: 1, seed } });
      assert.equal(answer.reason, "end", answer.text);
      const value = JSON.parse(answer.text) as { mood: string; ok?: boolean; list?: number[] };
      assert.ok(["glad", "sad"].includes(value.mood) && ["boolean", "undefined"].includes(typeof value.ok), answer.text);
      assert.ok(
        (value.list ?? []).every((one) => one === 1),
        answer.text,
      );
    }
  });

  it("refuses a broken grammar and a schema that it would not obey", async () => {
    await assert.rejects(engine.generate({ prompt: "a", grammar: "root ::= (" }), /grammar/i);
    await assert.rejects(
      engine.generate({ prompt: "a", jsonSchema: { type: "string", not: { const: "a" } } }),
      /jsonSchema\.not is not supported/,
    );
  });

  it("refuses a grammar nested so deeply that parsing it would end the process", async () => {
    const nested = (depth: number): string => `root ::= ${"(".repeat(depth)} "a" ${")".repeat(depth)}`;
    await assert.rejects(engine.generate({ prompt: "a", grammar: nested(50_000) }), { code: "invalid-params", message: /nested/ });
    const brackets = `root ::= ${'"(" [(] '.repeat(200)}# ((((`;
    for (const grammar of [nested(100), brackets]) await engine.generate({ prompt: "a", grammar, sampling: greedy });
  });

  it("writes nothing when no token is to be forced", async () => {
    const answer = await engine.generate({ prompt: PROMPTS[0]!, forced: [] });
    assert.deepEqual([answer.reason, answer.tokens.length], ["length", 0]);
  });

  it("forbids and forces tokens by their bias", async () => {
    const free = await engine.generate({ prompt: PROMPTS[0]!, sampling: greedy });
    const first = free.tokens[0]!.id;
    const banned = await engine.generate({ prompt: PROMPTS[0]!, sampling: greedy, logitBias: { [first]: -100 } });
    assert.ok(banned.tokens.every((token) => token.id !== first));
    const forced = await engine.generate({
      prompt: PROMPTS[0]!,
      sampling: { temperature: 0.7, maxTokens: 3, seed: 1 },
      logitBias: { "300": 100 },
    });
    assert.deepEqual(idsOf(forced), [300, 300, 300]);
    assert.ok(forced.tokens[0]!.logprob < 0);
  });

  it("reuses a prefix, counts it, and writes the same", async () => {
    const prompt = "Tom had a red ball. He liked to play with it all day long.";
    const first = await engine.generate({ prompt, sampling: greedy });
    const next = `${prompt}${first.text} And then`;
    const second = await engine.generate({ prompt: next, sampling: greedy });
    assert.ok(second.stats.reusedTokens > first.stats.promptTokens, `${second.stats.reusedTokens} of ${second.stats.promptTokens}`);
    for (let i = 0; i < 8; i++)
      await engine.generate({ prompt: `${i} something else entirely`, sampling: { temperature: 0, maxTokens: 2 } });
    const fresh = await Promise.all(
      [1, 2, 3, 4].map((i) => engine.generate({ tokens: [1, 100 + i, 5, 6], sampling: { temperature: 0, maxTokens: 2 } })),
    );
    assert.equal(fresh.length, 4);
    const without = await engine.generate({ prompt: next, sampling: greedy });
    assert.ok(without.stats.reusedTokens < second.stats.reusedTokens);
    assert.deepEqual(idsOf(without), idsOf(second));
  });

  it("ends when it is cancelled, running or waiting", async () => {
    const id = "cancel:1";
    const running = engine.generate({
      id,
      prompt: PROMPTS[0]!,
      sampling: { temperature: 1, maxTokens: 480, seed: 1 },
      logitBias: { "2": -100, "1": -100 },
    });
    await engine.event("tokens", (params) => params.id === id);
    assert.deepEqual(await engine.request("cancel", { id }), { cancelled: true });
    const answer = await running;
    assert.equal(answer.reason, "cancelled");
    assert.ok(answer.tokens.length >= 1 && answer.tokens.length < 480);
    assert.deepEqual(engine.streamed(id), answer.tokens);
    assert.deepEqual(await engine.request("cancel", { id }), { cancelled: false });
  });

  it("refuses what does not fit, or drops the oldest turns and says so", async () => {
    const long = "Once upon a time there was a cat. ".repeat(60);
    await assert.rejects(
      engine.generate({ prompt: long }),
      (error: TillerError) => error.code === "context-full" && /512|511/.test(error.message),
    );
    const messages = Array.from({ length: 9 }, (_, i) => ({
      role: i % 2 === 0 ? ("user" as const) : ("assistant" as const),
      content: `${i} ${long.slice(0, 300)}`,
    }));
    await assert.rejects(engine.generate({ messages }), (error: TillerError) => error.code === "context-full");
    const shifted = await engine.generate({ messages, overflow: "shift", sampling: { temperature: 0, maxTokens: 10 } });
    assert.ok(shifted.overflow!.droppedTurns > 0 && shifted.overflow!.droppedTurns % 2 === 0 && shifted.overflow!.droppedTokens > 0);
    assert.ok(shifted.stats.promptTokens <= 512);
    const full = await engine.generate({ prompt: long.slice(0, 900), sampling: { temperature: 0 }, logitBias: { "1": -100, "2": -100 } });
    assert.equal(full.reason, "context");
    assert.equal(full.stats.promptTokens + full.tokens.length, 513);
  });

  it("ends a chat of a model without a template where it would begin the user's turn", async () => {
    const answer = await engine.generate({
      messages: [{ role: "user", content: "Tell me a story." }],
      sampling: { temperature: 0, maxTokens: 30 },
    });
    assert.ok(!answer.text.includes("\nUser:"));
    assert.equal(engine.model!.template.origin, "plain");
  });

  it("refuses tokens outside the vocabulary and a name that is taken", async () => {
    await assert.rejects(engine.generate({ tokens: [1, 512] }), (error: TillerError) => error.code === "out-of-range");
    await assert.rejects(engine.generate({ prompt: "a", forced: [-1] }), (error: TillerError) => error.code === "out-of-range");
    const request = requestOf({ prompt: "a" });
    const first = engine.request("generate", request);
    await assert.rejects(engine.request("generate", request), (error: TillerError) => error.code === "conflict");
    await first;
  });

  it("reports how fast logits agree between ways of batching", async () => {
    const forced = idsOf(await engine.generate({ prompt: PROMPTS[0]!, sampling: greedy }));
    const alone = await engine.generate({ prompt: PROMPTS[0]!, forced, logits: true });
    const [beside] = await Promise.all([
      engine.generate({ prompt: PROMPTS[0]!, forced, logits: true }),
      ...PROMPTS.slice(1, 4).map((prompt) => engine.generate({ prompt, sampling: greedy })),
    ]);
    alone.tokens.forEach((token, i) => {
      assert.ok(relativeError(beside.tokens[i]!.logits!, token.logits!) < 1e-5);
    });
  });
});
