import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import OpenAI from "openai";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { makeSteeredHome } from "../support/steered-home.ts";

describe("daemon: /v1/responses, with the official client", () => {
  let daemon: TestDaemon;
  let client: OpenAI;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome({ architecture: "llama", size: { context: 512 } });
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: daemon.token, maxRetries: 0 });
  });
  after(() => daemon.dispose());

  const seeded = { max_output_tokens: 8, temperature: 1, ...{ seed: 4 } };

  it("answers as chat does, whole and in a stream, and says what steered it", async () => {
    const messages = [
      { role: "system" as const, content: "s" },
      { role: "user" as const, content: "hello" },
    ];
    const chat = await client.chat.completions.create({ model, messages, max_tokens: 8, temperature: 1, seed: 4 });
    const answer = await client.responses.create({ model, instructions: "s", input: "hello", ...seeded });
    assert.equal(answer.output_text, chat.choices[0]!.message.content);
    assert.deepEqual([answer.object, answer.usage!.input_tokens], ["response", chat.usage!.prompt_tokens]);
    const types: string[] = [];
    let text = "";
    let last: OpenAI.Responses.ResponseStreamEvent | null = null;
    for await (const event of await client.responses.create({ model, instructions: "s", input: "hello", stream: true, ...seeded })) {
      assert.equal(event.sequence_number, types.length);
      types.push(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
      last = event;
    }
    assert.equal(text, answer.output_text);
    const first = ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"];
    assert.deepEqual(types.slice(0, 4), first);
    assert.deepEqual(types.slice(-4, -1), ["response.output_text.done", "response.content_part.done", "response.output_item.done"]);
    assert.ok(last!.type === "response.completed" || last!.type === "response.incomplete");
    const steered = await client.responses.create({
      model: `${model}@shift`,
      input: [{ role: "user", content: [{ type: "input_text", text: "hello" }] }],
      ...seeded,
    });
    assert.equal((steered as unknown as { steered: { steered: boolean } }).steered.steered, true);
    const again = await client.responses.create({
      model,
      input: [{ role: "user", content: "hello" }, ...answer.output, { role: "user", content: "more" }] as OpenAI.Responses.ResponseInput,
      ...seeded,
    });
    assert.ok(again.usage!.input_tokens > answer.usage!.input_tokens);
  });

  it("writes JSON by a schema, and refuses what it cannot do by name", async () => {
    const schema = {
      type: "object",
      properties: { n: { type: "integer", minimum: 1, maximum: 3 } },
      required: ["n"],
      additionalProperties: false,
    };
    const format = { type: "json_schema" as const, name: "x", schema, strict: true };
    const answer = await client.responses.create({ model, input: "hello", text: { format }, max_output_tokens: 100 });
    assert.ok([1, 2, 3].includes(JSON.parse(answer.output_text).n));
    const long = "long ".repeat(2000);
    const cases: [body: object, message: RegExp][] = [
      [{ previous_response_id: "resp_1" }, /answers are not stored; send the turns as input/],
      [{ tools: [{ type: "web_search" }] }, /tools/],
      [{ background: true }, /background/],
      [{ input: long }, /has room for/],
      [{ frobnicate: 1 }, /frobnicate: unknown key/],
    ];
    for (const [body, message] of cases)
      await assert.rejects(client.responses.create({ model, input: "x", ...body } as OpenAI.Responses.ResponseCreateParamsNonStreaming), {
        status: 400,
        message,
      });
    const cut = await client.responses.create({
      model,
      input: [
        { role: "user", content: "a" },
        { role: "assistant", content: long },
        { role: "user", content: "b" },
      ],
      truncation: "auto",
      ...seeded,
    });
    assert.ok((cut as unknown as { overflow: { droppedTurns: number } }).overflow.droppedTurns > 0);
  });
});
