/** What evaluation harnesses and search ask for: the prompt's own log-probabilities, and embeddings. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import OpenAI from "openai";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { ENDLESS, makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("daemon: echo with log-probabilities, and embeddings", () => {
  let daemon: TestDaemon;
  let rpc: RpcClient;
  let client: OpenAI;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome({ architecture: "llama", size: { context: 512 } });
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: daemon.token, maxRetries: 0 });
    rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model, options: QUICK });
  });
  after(async () => {
    await rpc?.close();
    await daemon.dispose();
  });

  const complete = async (body: object): Promise<{ status: number; body: Wire }> => {
    const response = await daemon.post("/v1/completions", { model, ...body });
    return { status: response.status, body: await response.json() };
  };
  /** Every probability again, one decode a token, as if the model had written them. */
  const forced = async (tokens: number[], steering?: object): Promise<number[]> => {
    const params = {
      stream: "f",
      model,
      tokens: tokens.slice(0, 1),
      forced: tokens.slice(1),
      topLogprobs: 0,
      ...(steering === undefined ? {} : { steering }),
    };
    return (await rpc.answer("generate.complete", params)).tokens.map((token: Wire) => token.logprob);
  };
  const tokens = [1, ...Array.from({ length: 60 }, (_, i) => 262 + ((i * 37) % 240))];

  it("gives the prompt's own log-probabilities, plain and steered, with or without an answer", async () => {
    for (const steering of [undefined, { preset: "shift", set: { shift: 6 } }]) {
      const extra = steering === undefined ? {} : { steering };
      const wanted = await forced(tokens, steering);
      const none = await complete({ prompt: tokens, echo: true, max_tokens: 0, logprobs: 2, ...extra });
      assert.equal(none.status, 200, JSON.stringify(none.body));
      const { logprobs, text, finish_reason: finish } = none.body.choices[0];
      assert.equal(logprobs.token_logprobs.length, tokens.length);
      assert.equal(logprobs.token_logprobs[0], null);
      assert.equal(logprobs.top_logprobs[0], null);
      logprobs.token_logprobs.slice(1).forEach((value: number, i: number) => {
        assert.ok(Math.abs(value - wanted[i]!) < 2e-3, `${i}: ${value} ${wanted[i]}`);
      });
      assert.ok(logprobs.top_logprobs.slice(1).every((top: object) => Object.keys(top).length >= 1));
      assert.equal(logprobs.tokens.join(""), text);
      assert.deepEqual([finish, none.body.usage.completion_tokens, none.body.steered.steered], ["length", 0, steering !== undefined]);
      // as the evaluation harness asks
      const one = await complete({ prompt: tokens, echo: true, max_tokens: 1, logprobs: 1, temperature: 0, ...extra });
      const got = one.body.choices[0].logprobs.token_logprobs;
      assert.equal(got.length, tokens.length + 1);
      assert.deepEqual(got.slice(0, -1), logprobs.token_logprobs);
      const plain = await complete({ prompt: tokens, max_tokens: 1, logprobs: 1, temperature: 0 });
      if (steering === undefined) assert.ok(Math.abs(got.at(-1) - plain.body.choices[0].logprobs.token_logprobs[0]) < 2e-3);
    }
  });

  it("echoes a text as it was sent; the token that the tokenizer put before it is not one of its own", async () => {
    const got = await complete({
      prompt: ["hello there", "x"],
      echo: true,
      max_tokens: 3,
      logprobs: 0,
      seed: 1,
      logit_bias: ENDLESS.logitBias,
    });
    const [first, second] = got.body.choices;
    assert.ok(first.text.startsWith("hello there") && second.text.startsWith("x"));
    const { token_logprobs: values } = first.logprobs;
    assert.ok(values.every((value: unknown) => typeof value === "number"));
    assert.equal(first.logprobs.tokens.join("").trimStart(), first.text);
    const again = await complete({ prompt: "hello there", echo: true, max_tokens: 3, logprobs: 0, seed: 1, logit_bias: ENDLESS.logitBias });
    const repeated: number[] = again.body.choices[0].logprobs.token_logprobs;
    assert.equal(repeated.length, values.length, "nothing of it comes from the cache");
    assert.ok(repeated.every((value, i) => Math.abs(value - values[i]) < 1e-4));
  });

  it("refuses what would not be what was asked", async () => {
    const cases: [body: object, message: RegExp][] = [
      [{ prompt: "x", max_tokens: 0 }, /max_tokens: 0 needs echo: true/],
      [{ prompt: "x", echo: true, stream: true }, /echo: not in a stream/],
      [{ prompt: "word ".repeat(800), echo: true }, /has room for/],
    ];
    for (const [body, message] of cases) {
      const got = await complete(body);
      assert.equal(got.status, 400);
      assert.match(got.body.error.message, message);
    }
  });

  it("embeds texts as the mean of the final site, of length 1, as the official client asks for it", async () => {
    const { tokens: ids } = await rpc.call("tap.run", { stream: "t", model, prompt: "hello there", sites: ["final"], logits: false });
    const rows = rpc.frames
      .filter(({ header }) => header.stream === "t")
      .flatMap(({ header, body }) =>
        Array.from({ length: header.rows }, (_, row) => Array.from(body.subarray(row * header.widths[0]!, (row + 1) * header.widths[0]!))),
      );
    const mean = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
    const norm = Math.hypot(...mean);
    const { data, usage, model: named } = await client.embeddings.create({ model, input: ["hello there", "other"] });
    assert.deepEqual([data.length, data[0]!.index, data[1]!.index, named], [2, 0, 1, model]);
    const [first, second] = data.map(({ embedding }) => embedding);
    assert.equal(first!.length, mean.length);
    assert.ok(first!.every((value, i) => Math.abs(value - mean[i]! / norm) < 1e-3));
    assert.ok(Math.abs(Math.hypot(...second!) - 1) < 1e-5);
    assert.ok(first!.some((value, i) => Math.abs(value - second![i]!) > 0.01));
    const float = await client.embeddings.create({ model, input: ids, encoding_format: "float" });
    assert.ok(float.data[0]!.embedding.every((value, i) => Math.abs(value - first![i]!) < 1e-5));
    assert.ok(usage.prompt_tokens > ids.length);
    const same = await client.embeddings.create({ model, input: "x", dimensions: first!.length });
    assert.equal(same.data[0]!.embedding.length, first!.length);
  });

  it("refuses by name what embeddings are not", async () => {
    const cases: [body: object, message: RegExp][] = [
      [{ input: "x", dimensions: 7 }, /dimensions: the model's vectors have 64 numbers/],
      [{ input: "x", model: `${model}@shift` }, /read without steering/],
      [{ input: "" }, /^input: /],
      [{ input: [] }, /^input: /],
      [{ input: "word ".repeat(800) }, /context/],
      [{ input: [9_999_999] }, /not in the vocabulary/],
    ];
    for (const [body, message] of cases) {
      const response = await daemon.post("/v1/embeddings", { model, ...body });
      assert.equal(response.status, 400);
      assert.match((await response.json()).error.message, message);
    }
  });
});
