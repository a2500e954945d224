/** Ollama's interface: what its clients ask for, in their shapes. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type Wire } from "../support/rpc.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("daemon: Ollama's interface", () => {
  let daemon: TestDaemon;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome();
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
  });
  after(() => daemon.dispose());

  const get = async (path: string): Promise<Wire> => (await daemon.fetch(path)).json();
  const post = async (path: string, body: object): Promise<{ status: number; body: Wire }> => {
    const response = await daemon.post(path, body);
    return { status: response.status, body: await response.json() };
  };
  const lines = async (path: string, body: object): Promise<Wire[]> => {
    const response = await daemon.post(path, body);
    assert.match(response.headers.get("content-type") ?? "", /^application\/x-ndjson/);
    return (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  const messages = [{ role: "user", content: "hello" }];
  const options = { seed: 5, temperature: 1, num_predict: 8, num_ctx: 4096, num_gpu: 99 };

  it("loads a model that is asked nothing, and lists, shows and counts it", async () => {
    const loaded = await post("/api/generate", { model });
    assert.deepEqual([loaded.body.done, loaded.body.done_reason, loaded.body.response], [true, "load", ""]);
    assert.match((await get("/api/version")).version, /^\d+\.\d+\.\d+$/);
    const names = (await get("/api/tags")).models.map(({ name }: { name: string }) => name);
    assert.ok(names.includes(model) && names.includes(`${model}@shift`), names.join());
    assert.deepEqual(
      (await get("/api/ps")).models.map(({ name }: { name: string }) => name),
      [model],
    );
    for (const body of [{ model }, { name: `${model}:latest` }]) {
      const { body: shown } = await post("/api/show", body);
      assert.equal(shown.details.format, "gguf");
      assert.equal(shown.model_info["llama.block_count"], 3);
      assert.ok(shown.capabilities.includes("completion"));
    }
    assert.deepEqual((await post("/api/show", { model: "none" })).status, 404);
  });

  it("answers a conversation as lines and whole, the same, with its counts", async () => {
    const streamed = await lines("/api/chat", { model, messages, options });
    const last = streamed.at(-1)!;
    const text = streamed.map((line) => line.message.content).join("");
    assert.ok(streamed.slice(0, -1).every((line) => line.done === false && line.message.role === "assistant" && line.model === model));
    assert.equal(last.done, true);
    assert.ok(["stop", "length"].includes(last.done_reason));
    assert.ok(last.eval_count <= 8 && last.prompt_eval_count > 0 && last.total_duration > last.eval_duration);
    const whole = await post("/api/chat", { model: `${model}:latest`, messages, options, stream: false });
    assert.equal(whole.body.message.content, text);
    assert.equal(whole.body.steered.steered, false);
  });

  it("steers by the model's name, as its clients have no other way", async () => {
    const steered = await post("/api/chat", { model: `${model}@shift`, messages, options, stream: false });
    assert.equal(steered.body.steered.steered, true);
    assert.match(steered.body.steered.summary, /shift 1/);
  });

  it("generates from a prompt, with a system turn, raw, and by a schema", async () => {
    const chat = await post("/api/chat", { model, messages: [{ role: "system", content: "s" }, ...messages], options, stream: false });
    const generated = await post("/api/generate", { model, prompt: "hello", system: "s", options, stream: false });
    assert.equal(generated.body.response, chat.body.message.content);
    const raw = await post("/api/generate", { model, prompt: "hello", raw: true, options, stream: false });
    const complete = await daemon.post("/v1/completions", { model, prompt: "hello", seed: 5, temperature: 1, max_tokens: 8 });
    assert.equal(raw.body.response, (await complete.json()).choices[0].text);
    const format = {
      type: "object",
      properties: { n: { type: "integer", minimum: 3, maximum: 5 } },
      required: ["n"],
      additionalProperties: false,
    };
    const formed = await post("/api/chat", { model, messages, format, stream: false, options: { ...options, num_predict: 200 } });
    assert.ok([3, 4, 5].includes(JSON.parse(formed.body.message.content).n), formed.body.message.content);
  });

  it("embeds", async () => {
    const many = await post("/api/embed", { model, input: ["a", "b"] });
    assert.deepEqual(
      many.body.embeddings.map((one: number[]) => one.length),
      [64, 64],
    );
    const one = await post("/api/embeddings", { model, prompt: "a" });
    assert.ok(one.body.embedding.every((value: number, i: number) => Math.abs(value - many.body.embeddings[0][i]) < 1e-5));
  });

  it("tells errors in Ollama's shape, and stops when the client goes away", async () => {
    const cases: [path: string, body: object, status: number, message: RegExp][] = [
      ["/api/chat", { model: "none", messages }, 404, /none/],
      ["/api/chat", { model, messages, options: { temperture: 1 } }, 400, /options\.temperture: unknown key/],
      ["/api/chat", { model, messages: [{ role: "user", content: "x", images: ["AA"] }] }, 400, /images are not read/],
      ["/api/pull", { model }, 404, /there is no \/api\/pull here/],
    ];
    for (const [path, body, status, message] of cases) {
      const got = await post(path, body);
      assert.equal(got.status, status, path);
      assert.match(got.body.error, message);
    }
    const rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model, options: QUICK });
    const abort = new AbortController();
    const body = {
      model: `${model}@shift`,
      messages: [{ role: "user", content: "12345" }],
      options: { temperature: 0, num_predict: 8000 },
    };
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal: abort.signal };
    const response = await daemon.fetch("/api/chat", init);
    await response.body!.getReader().read();
    abort.abort();
    while ((await rpc.call("daemon.status")).running > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await rpc.close();
  });
});
