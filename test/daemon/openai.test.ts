import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import OpenAI from "openai";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { ENDLESS, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const messages = [{ role: "user" as const, content: "hello" }];
const endless = { logit_bias: ENDLESS.logitBias };
/** What we add to OpenAI's bodies, for its types. */
type Extended<T> = T & { steering?: unknown };

describe("daemon: the official openai client", () => {
  let daemon: TestDaemon;
  let client: OpenAI;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome();
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: daemon.token, maxRetries: 0 });
    const rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model, options: QUICK });
    await rpc.close();
  });
  after(() => daemon.dispose());

  it("lists models and presets of them", async () => {
    const ids: string[] = [];
    for await (const entry of client.models.list()) ids.push(entry.id);
    assert.ok(ids.includes(model) && ids.includes(`${model}@shift`), ids.join());
    assert.equal((await client.models.retrieve(`${model}@shift`)).id, `${model}@shift`);
    await assert.rejects(client.models.retrieve("none"), OpenAI.NotFoundError);
  });

  it("answers whole, with usage", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages,
      max_completion_tokens: 12,
      seed: 5,
      temperature: 0.8,
      ...endless,
    });
    assert.equal(answer.object, "chat.completion");
    assert.equal(answer.choices[0]?.finish_reason, "length");
    assert.equal(answer.usage?.completion_tokens, 12);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + 12);
    const text = await client.completions.create({ model, prompt: "hello", max_tokens: 7, seed: 5, ...endless });
    assert.equal(text.choices[0]?.finish_reason, "length");
    assert.equal(text.usage?.completion_tokens, 7);
  });

  it("streams a steered answer that differs from the plain one and says what steered it", async () => {
    const run = async (extra: object): Promise<{ text: string; steered: { steered: boolean; summary: string } }> => {
      const body: Extended<OpenAI.ChatCompletionCreateParamsStreaming> = {
        model,
        messages,
        stream: true,
        seed: 9,
        max_tokens: 24,
        ...endless,
        ...extra,
      };
      let text = "";
      let last: unknown;
      for await (const chunk of await client.chat.completions.create(body)) {
        text += chunk.choices[0]?.delta.content ?? "";
        last = chunk;
      }
      return { text, steered: (last as { steered: { steered: boolean; summary: string } }).steered };
    };
    const plain = await run({});
    const preset = await run({ steering: { preset: "shift", set: { shift: 6 } } });
    const rack = await run({ steering: { rack: { controls: { shift: { use: "direction/shift", strength: 6, range: [-8, 8] } } } } });
    const named = await run({ model: `${model}@shift`, steering: { set: { shift: 6 } } });
    const short = await run({ steering: "shift" });
    const byModel = await run({ model: `${model}@shift` });
    assert.notEqual(preset.text, plain.text);
    assert.equal(rack.text, preset.text);
    assert.equal(named.text, preset.text);
    assert.equal(byModel.text, short.text);
    assert.equal(plain.steered.steered, false);
    assert.match(preset.steered.summary, /shift 6/);
  });

  it("gives log-probabilities, usage in the stream, and stop strings", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages,
      max_tokens: 4,
      logprobs: true,
      top_logprobs: 3,
      seed: 1,
      ...endless,
    });
    const content = answer.choices[0]?.logprobs?.content ?? [];
    assert.equal(content.length, 4);
    assert.equal(content[0]?.top_logprobs.length, 3);
    assert.ok(content.every((entry) => entry.logprob <= 0 && Array.isArray(entry.bytes)));
    let usage: OpenAI.CompletionUsage | null | undefined;
    const body = { model, messages, max_tokens: 4, stream: true as const, stream_options: { include_usage: true }, ...endless };
    for await (const chunk of await client.chat.completions.create(body)) usage = chunk.usage ?? usage;
    assert.equal(usage?.completion_tokens, 4);
    const legacy = await client.completions.create({ model, prompt: "x", max_tokens: 3, logprobs: 2, ...endless });
    assert.equal(legacy.choices[0]?.logprobs?.tokens?.length, 3);
    const stopped = await client.completions.create({ model, prompt: "x", max_tokens: 400, stop: ["e"], seed: 2, ...endless });
    assert.equal(stopped.choices[0]?.finish_reason, "stop");
    assert.ok(!stopped.choices[0]?.text.includes("e"));
  });

  it("writes JSON that fits the schema", async () => {
    const schema = {
      type: "object",
      properties: { ok: { type: "boolean" }, n: { enum: [1, 2, 3] } },
      required: ["ok", "n"],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.create({
      model,
      messages,
      max_tokens: 200,
      seed: 1,
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
    });
    const value = JSON.parse(answer.choices[0]?.message.content ?? "");
    assert.equal(typeof value.ok, "boolean");
    assert.ok([1, 2, 3].includes(value.n));
  });

  it("refuses unknown keys and bad values in OpenAI's shape, naming them", async () => {
    const refused = async (body: object): Promise<InstanceType<typeof OpenAI.APIError>> => {
      try {
        await client.chat.completions.create({ model, messages, ...body } as OpenAI.ChatCompletionCreateParamsNonStreaming);
      } catch (error) {
        assert.ok(error instanceof OpenAI.APIError);
        return error;
      }
      throw new Error("was not refused");
    };
    const cases: [object, number, string | null, RegExp][] = [
      [{ tools: [{ type: "function", function: { name: "a b" } }] }, 400, "tools", /letters, digits/],
      [{ store: true }, 400, "store", /store: must be false/],
      [{ tool_choice: "required" }, 400, "tool_choice", /there are no tools to choose from/],
      [{ reasoning_effort: "high" }, 400, "reasoning_effort", /does not use reasoning_effort/],
      [{ modalities: ["audio"] }, 400, "modalities", /must be text/],
      [{ max_tokens: 0 }, 400, "max_tokens", /-1 or null set no limit/],
      [{ messages: [{ role: "user", content: null }] }, 400, "messages.0.content", /must be a text, or a list of parts/],
      [
        { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] }] },
        400,
        "messages.0.content",
        /images, audio and files are not read/,
      ],
      [{ steering: null }, 400, "steering", /steering: must be a preset's name, or an object such as/],
      [
        { steering: { set: { joy: 0.4 } } },
        400,
        "steering.set.joy",
        /Name the preset, too, such as \{"preset": "…", "set": \{"joy": 0\.4\}\}/,
      ],
      [
        { response_format: { type: "json_schema", json_schema: { schema: { type: "object", properties: { a: { not: {} } } } } } },
        400,
        "response_format.json_schema.schema.properties.a.not",
        /^400 response_format\.json_schema\.schema\.properties\.a\.not/,
      ],
      [{ temprature: 1 }, 400, "temprature", /unknown key/],
      [{ temperature: 99 }, 400, "temperature", /temperature/],
      [{ n: 129 }, 400, "n", /n: /],
      [{ messages: [] }, 400, "messages", /messages/],
      [{ top_logprobs: 3 }, 400, "top_logprobs", /logprobs/],
      [{ steering: { preset: "shift", extra: 1 } }, 400, "steering", /./],
      [{ steering: "none" }, 404, "preset", /'none'/],
      [{ steering: { preset: "shift", set: { joy: 1 } } }, 400, "set.joy", /joy/],
      [{ model: "none-1" }, 404, "model", /none-1/],
      [{ model: `${model}@none` }, 404, "preset", /none/],
      [{ model: `${model}@shift`, steering: "shift" }, 400, "steering", /already/],
    ];
    for (const [body, status, param, pattern] of cases) {
      const error = await refused(body);
      assert.equal(error.status, status, `${JSON.stringify(body)} ${error.message}`);
      assert.match(error.message, pattern);
      if (param !== null) assert.ok(error.param?.startsWith(param), `${JSON.stringify(body)}: ${error.param}`);
    }
    const long = await refused({ messages: [{ role: "user", content: "long ".repeat(20_000) }] });
    assert.deepEqual([long.status, long.code, long.param], [400, "context_length_exceeded", "messages"]);
    const mixed = await daemon.post("/v1/completions", { model, prompt: ["a", 1] });
    assert.match((await mixed.json()).error.message, /prompt: must be a text, a list of token ids, or a list/);
    const stranger = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: "x".repeat(22), maxRetries: 0 });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
    const form = await daemon.fetch("/v1/completions", { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" });
    assert.equal(form.status, 400);
  });

  it("takes keys that change no answer, and names the model that answered", async () => {
    const plain = { model, messages, max_tokens: 6, seed: 1, ...endless };
    const wanted = await client.chat.completions.create(plain);
    const extra = {
      tools: [],
      tool_choice: "auto",
      parallel_tool_calls: true,
      store: false,
      metadata: { run: "7" },
      service_tier: "auto",
      reasoning_effort: "none",
      modalities: ["text"],
      n: null,
      stream_options: { include_usage: true },
      user: null,
      messages: [{ ...messages[0], name: "ann" }],
    };
    const got = await client.chat.completions.create({ ...plain, ...extra } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming);
    assert.equal(got.choices[0]?.message.content, wanted.choices[0]?.message.content);
    // An answer as it came is a turn of the next request.
    const turns = [...messages, got.choices[0]!.message, ...messages];
    assert.ok((await client.chat.completions.create({ ...plain, messages: turns })).usage!.prompt_tokens > got.usage!.prompt_tokens);
    const open = await client.completions.create({ model, prompt: "x", max_tokens: -1, stop: ["e"], seed: 2, ...endless });
    assert.equal(open.choices[0]?.finish_reason, "stop");
    const [one, list] = await Promise.all(["x", ["x"]].map((prompt) => client.completions.create({ model, prompt, seed: 1, ...endless })));
    assert.equal(list!.choices[0]?.text, one!.choices[0]?.text);
    const rpc = await connect(daemon.url, { token: daemon.token });
    const { id } = (await rpc.call("model.list")).models.find(({ embedded }: { embedded: boolean }) => embedded);
    await rpc.close();
    const byDefault = async (name: string): Promise<string> =>
      (await client.chat.completions.create({ model: name, messages, max_tokens: 1 })).model;
    assert.deepEqual([await byDefault("default"), await byDefault("default@joyful"), wanted.model], [id, `${id}@joyful`, model]);
  });

  it("stops writing when the client goes away", async () => {
    const rpc = await connect(daemon.url, { token: daemon.token });
    const stream = await client.chat.completions.create({ model, messages, stream: true, max_tokens: 8000, ...endless });
    for await (const _chunk of stream) break;
    while ((await rpc.call("daemon.status")).running > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const abort = new AbortController();
    const whole = client.chat.completions.create({ model, messages, max_tokens: 8000, ...endless }, { signal: abort.signal });
    while ((await rpc.call("daemon.status")).running === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    await assert.rejects(whole);
    while ((await rpc.call("daemon.status")).running > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await rpc.close();
  });

  it("counts what it did, for Prometheus", async () => {
    const metrics = await (await daemon.fetch("/metrics")).text();
    assert.match(metrics, /tiller_answers_total\{model="[^"]+",reason="length"\} \d+/);
    assert.match(metrics, /tiller_tokens_total\{model="[^"]+",kind="answer"\} \d+/);
    assert.match(metrics, /tiller_model_loaded\{model="[^"]+"\} 1/);
    assert.ok(!metrics.includes("direction/shift"));
  });
});
