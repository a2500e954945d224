/** What a model will see: prompts, tokens and templates, over the socket and over HTTP. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon, type TestHome } from "../support/daemon.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

const messages = [{ role: "user" as const, content: "hello there" }];
const OWN =
  "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}{{ mood | default('') }}>{% endif %}";
const THINKING =
  "{% for m in messages %}<|{{ m.role }}|>{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}" +
  "{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<|assistant|><think>\n{% endif %}";

describe("daemon: prompts", () => {
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: string;
  let home: TestHome;
  before(async () => {
    const made = await makeSteeredHome();
    model = made.model.id;
    home = made.home;
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: QUICK });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  const post = async (path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const headers = { authorization: `Bearer ${daemon.token}`, "content-type": "application/json" };
    const response = await fetch(`${daemon.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("are shown as text and tokens, and are those that answers start from", async () => {
    const shown = await client.call("model.render", { model, messages });
    const { tokens, pieces } = await client.call("model.tokenize", { model, text: shown.text, addSpecial: true });
    assert.deepEqual(tokens, shown.tokens);
    assert.equal(pieces.length, tokens.length);
    assert.equal(
      (await client.call("model.detokenize", { model, tokens })).text,
      pieces.map(({ text }: { text: string }) => text).join(""),
    );
    const answer = await client.answer("generate.chat", { model, stream: "a", messages, sampling: { maxTokens: 1 } });
    assert.equal(answer.stats.promptTokens, tokens.length);
    assert.ok(!(await client.call("model.render", { model, messages, addGenerationPrompt: false })).text.endsWith(shown.generationPrompt));
  });

  it("say beforehand what an answer will leave out, as it then does", async () => {
    const long = Array.from({ length: 41 }, (_, i) => ({
      role: i % 2 === 0 ? "user" : "assistant",
      content: `Turn ${i}: ${"word ".repeat(120)}`,
    }));
    const few = await client.call("model.render", { model, messages: long.slice(0, 3), maxTokens: 8 });
    assert.ok(few.tokens.length < few.contextSize);
    assert.equal(few.leftOut, null);
    const many = await client.call("model.render", { model, messages: long, maxTokens: 8 });
    assert.ok(many.tokens.length > many.contextSize);
    assert.ok(many.leftOut.droppedTurns > 0);
    const answer = await client.answer("generate.chat", { model, stream: "long", messages: long, sampling: { maxTokens: 8 } });
    assert.deepEqual(answer.overflow, many.leftOut);
    // One turn that is longer than the context: nothing can be left out.
    const whole = await client.call("model.render", { model, messages: [{ role: "user", content: "word ".repeat(4000) }] });
    assert.ok(whole.tokens.length > whole.contextSize);
    assert.equal(whole.leftOut, null);
  });

  it("have llama.cpp's routes", async () => {
    const shown = await client.call("model.render", { model, messages });
    assert.deepEqual((await post("/apply-template", { model, messages })).body, { prompt: shown.text });
    const tokens = (await post("/tokenize", { model, content: shown.text, add_special: true })).body["tokens"] as number[];
    assert.deepEqual(tokens, shown.tokens);
    const pieces = (await post("/tokenize", { model, content: "é", with_pieces: true })).body["tokens"] as { id: number; piece: unknown }[];
    assert.ok(pieces.every(({ id, piece }) => Number.isInteger(id) && (typeof piece === "string" || Array.isArray(piece))));
    assert.match(String((await post("/detokenize", { model, tokens })).body["content"]), /hello there/);
    const wrong = await post("/apply-template", { model, messages, chat_template_kwargs: { mood: "glad" } });
    assert.equal(wrong.status, 400);
    assert.match(JSON.stringify(wrong.body), /"param":"chat_template_kwargs\.mood"/);
    assert.equal((await post("/detokenize", { model, tokens: [999_999] })).status, 400);
  });

  it("have vLLM's words, too", async () => {
    const one = (await post("/tokenize", { model, content: "hello there" })).body;
    const other = (await post("/tokenize", { model, prompt: "hello there", add_special_tokens: false })).body;
    assert.deepEqual(other, one);
    assert.equal(other["count"], (other["tokens"] as number[]).length);
    assert.match(String((await post("/detokenize", { model, tokens: other["tokens"] })).body["prompt"]), /hello there/);
    for (const body of [{ model }, { model, content: "a", prompt: "b" }]) assert.equal((await post("/tokenize", body)).status, 400);
    const info = await (await daemon.fetch("/tokenizer_info")).json();
    const { eos_token: eos, chat_template: template } = info as { eos_token: string; chat_template: string | null };
    const [first] = (await client.call("model.list", {})).models;
    const named = (await post("/tokenize", { prompt: eos })).body["tokens"] as number[];
    assert.equal(named.length, 1);
    assert.equal((await post("/detokenize", { tokens: named })).body["prompt"], eos);
    assert.equal(template, (await client.call("model.inspect", { model: first.id })).chatTemplate);
  });

  it("are written by a template of the user's own until another is given, also after a start", async () => {
    const facts = await client.call("model.template", { model, source: OWN });
    assert.deepEqual([facts.origin, facts.renderer], ["user", "llama.cpp"]);
    const own = async (): Promise<string> =>
      (await client.call("model.render", { model, messages, templateKwargs: { mood: "glad" } })).text;
    assert.equal(await own(), "user: hello there\nglad>");
    await assert.rejects(client.call("model.template", { model, source: "{% endfor %}" }));
    await client.call("model.unload", { model });
    assert.equal(await own(), "user: hello there\nglad>", "kept, and the broken one was not");
    assert.equal((await client.call("model.inspect", { model })).chatTemplate, OWN);
    await client.call("model.template", { model, source: null });
    assert.match((await client.call("model.render", { model, messages })).text, /<\|assistant\|>$/);
    assert.deepEqual(readdirSync(home.paths.templates), []);
  });

  it("split reasoning off over HTTP, whole and in a stream", async () => {
    await client.call("model.template", { model, source: THINKING });
    const body = { model, messages, max_tokens: 12, temperature: 0, seed: 1, reasoning_budget_tokens: 3, logit_bias: { "2": -100 } };
    const whole = (await post("/v1/chat/completions", body)).body as {
      choices: { message: { content: string; reasoning_content?: string } }[];
      usage: { completion_tokens_details: { reasoning_tokens: number } };
    };
    const { content, reasoning_content: reasoning } = whole.choices[0]!.message;
    assert.ok(reasoning !== undefined && reasoning.length > 0);
    assert.ok(whole.usage.completion_tokens_details.reasoning_tokens >= 3);
    const headers = { authorization: `Bearer ${daemon.token}`, "content-type": "application/json" };
    const streamed = await fetch(`${daemon.url}/v1/chat/completions`, {
      method: "POST",
      headers,
      body: JSON.stringify({ ...body, stream: true }),
    });
    const deltas = (await streamed.text())
      .split("\n\n")
      .filter((event) => event.startsWith("data: {"))
      .flatMap((event) =>
        (JSON.parse(event.slice(6)) as { choices: { delta: Record<string, string> }[] }).choices.map(({ delta }) => delta),
      );
    assert.equal(deltas.map((delta) => delta["content"] ?? "").join(""), content);
    assert.equal(deltas.map((delta) => delta["reasoning_content"] ?? "").join(""), reasoning);
    await client.call("model.template", { model, source: null });
  });
});
