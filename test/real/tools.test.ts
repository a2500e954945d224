/** What agents ask of a real model, with the official client: calls of functions by its own template, and answers that follow a schema. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import OpenAI from "openai";
import { addModel, makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { needsReal } from "../support/real-models.ts";
import { connect } from "../support/rpc.ts";

const weather: OpenAI.ChatCompletionTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a place on a day",
    parameters: {
      type: "object",
      properties: { city: { type: "string", minLength: 2, maxLength: 20 }, days: { type: "integer", minimum: 1, maximum: 7 } },
      required: ["city", "days"],
      additionalProperties: false,
    },
  },
};
const QUESTION = "What is the weather in Rome today? Use the tool.";

describe("real: tools and schemas on SmolLM2", () => {
  let daemon: TestDaemon;
  let client: OpenAI;
  let model: string;
  before(async function () {
    const file = needsReal(this, "smollm2");
    const home = makeHome();
    model = (await addModel(home, file)).id;
    daemon = await startTestDaemon({ home });
    const rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model });
    await rpc.close();
    client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: daemon.token, maxRetries: 0 });
  });
  after(() => daemon?.dispose());

  function weatherOf(call: { function: { name: string; arguments: string } }): { city: string; days: number } {
    assert.equal(call.function.name, "get_weather");
    const given = JSON.parse(call.function.arguments);
    assert.deepEqual(Object.keys(given).sort(), ["city", "days"]);
    assert.ok(typeof given.city === "string" && given.city.length >= 2 && given.city.length <= 20, call.function.arguments);
    assert.ok(Number.isInteger(given.days) && given.days >= 1 && given.days <= 7, call.function.arguments);
    return given;
  }

  it("a required call follows its schema, whole and in a stream, and the model takes the place from the question", async () => {
    const asked = {
      model,
      messages: [{ role: "user" as const, content: QUESTION }],
      tools: [weather],
      tool_choice: "required" as const,
      parallel_tool_calls: false,
      temperature: 0,
      seed: 1,
    };
    const { message, finish_reason: reason } = (await client.chat.completions.create(asked)).choices[0]!;
    assert.equal(reason, "tool_calls");
    const call = message.tool_calls![0] as { id: string; function: { name: string; arguments: string } };
    assert.match(weatherOf(call).city, /Rome/);

    let streamed = "";
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true }))
      for (const { function: part } of chunk.choices[0]?.delta.tool_calls ?? []) streamed += part?.arguments ?? "";
    assert.equal(streamed, call.function.arguments);

    const answer = await client.chat.completions.create({
      ...{ model, temperature: 0, seed: 1, tools: [weather], tool_choice: "none", max_tokens: 60 },
      messages: [
        ...asked.messages,
        { role: "assistant", content: null, tool_calls: message.tool_calls! },
        { role: "tool", tool_call_id: call.id, content: '{"sky": "sunny", "degrees": 27}' },
      ],
    });
    const { content, tool_calls: none } = answer.choices[0]!.message;
    assert.equal(none, undefined);
    assert.match(content!, /sunny|27/, "what the tool said is in the answer");
  });

  it("answers follow a schema, whatever the temperature", async () => {
    const schema = {
      type: "object",
      properties: {
        name: { type: "string", pattern: "^[A-Z][a-z]{1,15}$" },
        legs: { type: "integer", minimum: 0, maximum: 8 },
        wild: { type: "boolean" },
        colours: { type: "array", items: { enum: ["black", "white", "brown", "grey"] }, minItems: 1, maxItems: 3 },
      },
      required: ["name", "legs", "wild", "colours"],
      additionalProperties: false,
    };
    for (const [temperature, seed] of [
      [0, 1],
      [1, 2],
      [1.5, 3],
    ] as const) {
      const { choices } = await client.chat.completions.create({
        ...{ model, temperature, seed, max_tokens: 200 },
        messages: [{ role: "user", content: "Describe a cat." }],
        response_format: { type: "json_schema", json_schema: { name: "animal", schema, strict: true } },
      });
      assert.equal(choices[0]!.finish_reason, "stop");
      const animal = JSON.parse(choices[0]!.message.content!);
      assert.deepEqual(Object.keys(animal).sort(), ["colours", "legs", "name", "wild"]);
      assert.match(animal.name, /^[A-Z][a-z]{1,15}$/);
      assert.ok(Number.isInteger(animal.legs) && animal.legs >= 0 && animal.legs <= 8);
      assert.ok(typeof animal.wild === "boolean" && animal.colours.length >= 1 && animal.colours.length <= 3);
      for (const colour of animal.colours) assert.ok(["black", "white", "brown", "grey"].includes(colour));
    }
  });
});
