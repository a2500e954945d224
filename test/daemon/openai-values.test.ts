/** Values that real clients send as a matter of course, and what is told of those that do nothing here. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { INFILL_IDS } from "../support/models/vocabulary.ts";
import { connect, type Wire } from "../support/rpc.ts";
import { addRandomModel, ENDLESS, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const messages = [{ role: "user", content: "hello" }];

describe("daemon: usual values of OpenAI's clients", () => {
  let daemon: TestDaemon;
  let model: string;
  let infill: string;
  before(async () => {
    const { home, model: made } = await makeSteeredHome({ architecture: "llama", size: { context: 512 } });
    model = made.id;
    infill = (await addRandomModel(home, "infill", { architecture: "llama", infill: true, seed: 3 })).id;
    daemon = await startTestDaemon({ home });
    const rpc = await connect(daemon.url, { token: daemon.token });
    for (const id of [model, infill]) await rpc.call("model.load", { model: id, options: QUICK });
    await rpc.close();
  });
  after(() => daemon.dispose());

  const short = { max_tokens: 6, logit_bias: ENDLESS.logitBias };
  const post = async (
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: Wire }> => {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
    const response = await daemon.fetch(path, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const chat = (body: object, headers?: Record<string, string>) =>
    post("/v1/chat/completions", { model, messages, ...short, ...body }, headers);
  const complete = (body: object) => post("/v1/completions", { model, prompt: "hello", ...short, ...body });
  const text = async (body: object): Promise<string> => {
    const got = await chat(body);
    assert.equal(got.status, 200, JSON.stringify(got.body));
    return got.body.choices[0].message.content;
  };

  it("seeds of 64 bits give the same answer again and another seed another one; -1 is random", async () => {
    const seeds = [7, 2 ** 32 + 7, 2 ** 53 - 1, 2 ** 63, -2, 4_294_967_295];
    const answers = new Map<number, string>();
    for (const seed of seeds) answers.set(seed, await text({ seed, temperature: 2 }));
    for (const seed of seeds) assert.equal(await text({ seed, temperature: 2 }), answers.get(seed), String(seed));
    assert.equal(new Set(answers.values()).size, seeds.length);
    const random = new Set<string>();
    for (let i = 0; i < 6; i++) random.add(await text({ seed: -1, temperature: 2 }));
    assert.ok(random.size > 1);
    assert.match((await chat({ seed: 1.5 })).body.error.message, /64 bits/);
    assert.match((await chat({ seed: 1e30 })).body.error.message, /64 bits/);
  });

  it("top_k -1 is all, empty stops are none, 19 stops act, null asks for nothing", async () => {
    const plain = { seed: 3, temperature: 2, top_p: 1, min_p: 0 };
    assert.equal(await text({ ...plain, top_k: -1 }), await text({ ...plain, top_k: 0 }));
    assert.notEqual(await text({ ...plain, top_k: -1 }), await text({ ...plain, top_k: 1 }));
    assert.equal(await text({ ...plain, stop: "" }), await text(plain));
    assert.equal(await text({ ...plain, stop: ["", ""] }), await text(plain));
    const whole = await text({ ...plain, max_tokens: 40 });
    const stops = Array.from({ length: 18 }, (_, i) => `never${i}`);
    const cut = await text({ ...plain, max_tokens: 40, stop: [...stops, whole.slice(10, 12)] });
    assert.ok(cut.length < whole.length && whole.startsWith(cut), cut);
    assert.match((await chat({ stop: Array.from({ length: 65 }, () => "x") })).body.error.message, /stop/);
    const nothing = {
      some_new_thing: null,
      verbosity: null,
      prediction: null,
      stream_options: null,
      stop: null,
      seed: null,
      top_k: null,
      overflow: null,
    };
    const got = await chat({ ...plain, ...nothing, seed: 3, messages: [{ role: "user", content: "hello", some_part: null }] });
    assert.equal(got.status, 200, JSON.stringify(got.body));
    assert.equal(got.body.choices[0].message.content, await text(plain));
    assert.equal(got.body.ignored, undefined);
  });

  it("a client that is lenient is told what was not read; others are refused by name", async () => {
    const odd = {
      seed: 1,
      frobnicate: 1,
      messages: [{ role: "user", content: [{ type: "text", text: "hello", cache_control: { type: "ephemeral" } }], weight: 2 }],
    };
    assert.equal((await chat(odd)).status, 400);
    assert.match((await chat({ frobnicate: 1 })).body.error.message, /frobnicate: unknown key/);
    const got = await chat(odd, { "x-tiller-lenient": "true" });
    assert.equal(got.status, 200, JSON.stringify(got.body));
    const names = ["frobnicate", "messages.0.weight", "messages.0.content.0.cache_control"];
    assert.deepEqual([...got.body.ignored].sort(), [...names].sort());
    assert.deepEqual(got.headers.get("x-tiller-ignored")?.split(", ").sort(), [...names].sort());
    assert.equal(got.body.choices[0].message.content, await text({ seed: 1 }));
    // what is read and wrong stays an error
    assert.match((await chat({ ...odd, temperature: 99 }, { "x-tiller-lenient": "true" })).body.error.message, /temperature/);
    assert.equal((await chat({}, { "x-tiller-lenient": "yes" })).status, 400);
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", "x-tiller-lenient": "true" },
      body: JSON.stringify({ model, ...short, ...odd, stream: true }),
    };
    const stream = await daemon.fetch("/v1/chat/completions", init);
    assert.ok(stream.headers.get("x-tiller-ignored")?.includes("frobnicate"));
    assert.match(await stream.text(), /"ignored":\[[^\]]*"frobnicate"/);
  });

  it("lenient may be a setting", async () => {
    const own = await startTestDaemon({ config: { lenient: true } });
    const body = { model: "default", messages, max_tokens: 1, frobnicate: 1 };
    const got = await (await own.post("/v1/chat/completions", body)).json();
    assert.deepEqual(got.ignored, ["frobnicate"]);
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", "x-tiller-lenient": "false" },
      body: JSON.stringify(body),
    };
    assert.equal((await own.fetch("/v1/chat/completions", init)).status, 400);
    await own.dispose();
  });

  it("a conversation that does not fit is reported, in a field and a header; the client may have it refused", async () => {
    const turn = (content: string) => [
      { role: "user", content },
      { role: "assistant", content: "yes" },
    ];
    const long = [...Array.from({ length: 40 }, (_, i) => turn(`turn ${i} with some more words`)).flat(), ...messages];
    for (const extra of [{}, { overflow: "shift" }]) {
      const got = await chat({ messages: long, ...extra });
      assert.equal(got.status, 200, JSON.stringify(got.body));
      const { droppedTurns, droppedTokens } = got.body.overflow;
      assert.ok(droppedTurns > 0 && droppedTurns % 2 === 0 && droppedTokens > droppedTurns);
      assert.equal(got.headers.get("x-tiller-overflow"), `dropped-turns=${droppedTurns}, dropped-tokens=${droppedTokens}`);
    }
    const refused = await chat({ messages: long, overflow: "refuse" });
    assert.deepEqual([refused.status, refused.body.error.code], [400, "context_length_exceeded"]);
    assert.match(refused.body.error.message, /"overflow": "shift"/);
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages: long, ...short, stream: true }),
    };
    const stream = await daemon.fetch("/v1/chat/completions", init);
    assert.match(stream.headers.get("x-tiller-overflow") ?? "", /^dropped-turns=\d+, dropped-tokens=\d+$/);
    assert.match(await stream.text(), /"overflow":\{"droppedTurns":\d+/);
    const fits = await chat({});
    assert.deepEqual([fits.body.overflow, fits.headers.get("x-tiller-overflow")], [undefined, null]);
    const raw = await complete({ prompt: "word ".repeat(800) });
    assert.equal(raw.body.overflow.droppedTurns, 0);
    assert.ok(raw.body.overflow.droppedTokens > 0);
  });

  it("several prompts, as texts or tokens, and several answers to each", async () => {
    const one = async (body: object): Promise<string> => (await complete(body)).body.choices[0].text;
    const texts = await complete({ prompt: ["hello", "other"], seed: 4 });
    assert.deepEqual(
      texts.body.choices.map((choice: Wire) => [choice.index, choice.text]),
      [
        [0, await one({ prompt: "hello", seed: 4 })],
        [1, await one({ prompt: "other", seed: 4 })],
      ],
    );
    const lists = await complete({
      prompt: [
        [1, 300, 301],
        [1, 302],
      ],
      seed: 4,
    });
    assert.deepEqual(
      lists.body.choices.map((choice: Wire) => choice.text),
      [await one({ prompt: [1, 300, 301], seed: 4 }), await one({ prompt: [1, 302], seed: 4 })],
    );
    assert.deepEqual([lists.body.usage.prompt_tokens, lists.body.usage.completion_tokens], [5, 12]);
    const many = await chat({ n: 3, seed: 9, temperature: 2 });
    const contents = many.body.choices.map((choice: Wire) => choice.message.content);
    assert.deepEqual(contents, [
      await text({ seed: 9, temperature: 2 }),
      await text({ seed: 10, temperature: 2 }),
      await text({ seed: 11, temperature: 2 }),
    ]);
    assert.equal(new Set(contents).size, 3);
    assert.equal(many.body.usage.completion_tokens, 18);
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages, ...short, n: 3, seed: 9, temperature: 2, stream: true }),
    };
    const pieces = ["", "", ""];
    const ends = new Set<number>();
    for (const line of (await (await daemon.fetch("/v1/chat/completions", init)).text()).split("\n\n")) {
      if (!line.startsWith("data: {")) continue;
      for (const choice of JSON.parse(line.slice(6)).choices) {
        pieces[choice.index] += choice.delta.content ?? "";
        if (choice.finish_reason !== null) ends.add(choice.index);
      }
    }
    assert.deepEqual(pieces, contents);
    assert.equal(ends.size, 3);
    const tooMany = await complete({ prompt: Array.from({ length: 65 }, () => "x"), n: 2 });
    assert.match(tooMany.body.error.message, /65 prompts × n 2 are more than 128 answers/);
  });

  it("a grammar beside a schema is refused by name: one would have to give way", async () => {
    const rpc = await connect(daemon.url, { token: daemon.token });
    for (const [method, what] of [
      ["generate.chat", { messages }],
      ["generate.complete", { prompt: "x" }],
    ] as const) {
      const error = await rpc.refused(method, { stream: "a", model, ...what, grammar: 'root ::= "a"', jsonSchema: { type: "null" } });
      assert.equal(error.code, "invalid-params");
      assert.match(error.message, /grammar: give either grammar or jsonSchema, not both/);
    }
    await rpc.close();
  });

  it("fills a gap with the model's own tokens for that, and refuses where it has none", async () => {
    const got = await complete({ model: infill, prompt: "ab", suffix: "cd", seed: 1 });
    assert.equal(got.status, 200, JSON.stringify(got.body));
    const rpc = await connect(daemon.url, { token: daemon.token });
    const idsOf = async (prompt: string): Promise<number[]> =>
      (await rpc.call("tap.run", { stream: "t", model: infill, prompt, sites: [], logits: false })).tokens.map(
        (token: Wire) => token.id ?? token,
      );
    const [bos, ...before] = await idsOf("ab");
    const [, ...behind] = await idsOf("cd");
    await rpc.close();
    const tokens = [bos, INFILL_IDS.prefix, ...before, INFILL_IDS.suffix, ...behind, INFILL_IDS.middle];
    const same = await complete({ model: infill, prompt: tokens, seed: 1 });
    assert.deepEqual([got.body.choices[0].text, got.body.usage.prompt_tokens], [same.body.choices[0].text, tokens.length]);
    const long = await complete({ model: infill, prompt: "ab ".repeat(600), suffix: "cd", seed: 1 });
    assert.ok(long.body.overflow.droppedTokens > 0, JSON.stringify(long.body));
    const refused = await complete({ suffix: "cd" });
    assert.deepEqual([refused.status, refused.body.error.param], [400, "suffix"]);
    assert.equal((await complete({ suffix: "" })).status, 200);
  });
});
