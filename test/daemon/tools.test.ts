/** Calls of functions, with the official client: by a template's own syntax, and where a template has none. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import OpenAI from "openai";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "The weather of a place",
      parameters: {
        type: "object",
        properties: { city: { enum: ["Rome", "Oslo"] }, days: { type: "integer", minimum: 1, maximum: 3 } },
        required: ["city", "days"],
        additionalProperties: false,
      },
    },
  },
  {
    type: "function",
    function: {
      name: "add",
      parameters: { type: "object", properties: { a: { enum: [1, 2] } }, required: ["a"], additionalProperties: false },
    },
  },
];
const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Weather in Rome?" }];

describe("daemon: calls of functions", () => {
  let daemon: TestDaemon;
  let client: OpenAI;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome();
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    // a model this small is quickest on one thread
    const rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model, options: QUICK });
    await rpc.close();
    client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: daemon.token, maxRetries: 0 });
  });
  after(() => daemon.dispose());

  const options = () => ({
    model,
    messages,
    tools,
    max_tokens: 300,
    temperature: 1.5,
    logit_bias: { "2": 20 },
    parallel_tool_calls: false,
  });

  function check(call: OpenAI.ChatCompletionMessageToolCall | undefined): void {
    assert.ok(call?.type === "function" && call.id.length > 4);
    const value = JSON.parse(call.function.arguments);
    if (call.function.name === "add") assert.ok([1, 2].includes(value.a), call.function.arguments);
    else assert.ok(["Rome", "Oslo"].includes(value.city) && [1, 2, 3].includes(value.days), call.function.arguments);
  }

  it("a call that is required follows its function's schema, whole and in a stream", async () => {
    const names = new Set<string>();
    for (let seed = 1; seed <= 2; seed++) {
      const answer = await client.chat.completions.create({ ...options(), seed, tool_choice: "required" });
      const [choice] = answer.choices;
      assert.equal(choice!.finish_reason, "tool_calls");
      const calls = choice!.message.tool_calls!;
      for (const call of calls) check(call);
      names.add((calls[0] as { function: { name: string } }).function.name);
      const pieces: { id: string; name: string; arguments: string }[] = [];
      let finish: string | null = null;
      for await (const chunk of await client.chat.completions.create({ ...options(), seed, tool_choice: "required", stream: true })) {
        for (const { index, id, function: called } of chunk.choices[0]?.delta.tool_calls ?? []) {
          pieces[index] ??= { id: id!, name: called!.name!, arguments: "" };
          pieces[index].arguments += called?.arguments ?? "";
        }
        finish = chunk.choices[0]?.finish_reason ?? finish;
      }
      assert.equal(finish, "tool_calls");
      assert.deepEqual(
        pieces.map(({ name, arguments: json }) => ({ name, arguments: json })),
        calls.map((call) => (call as { function: object }).function),
      );
    }
    assert.ok(names.size >= 1);
  });

  it("one call is all there is where several may not be, whatever the model would go on to", async () => {
    const { logit_bias: _ends, parallel_tool_calls: _one, ...free } = options();
    const callsOf = async (seed: number, parallel: boolean): Promise<number> => {
      const body = { ...free, seed, max_tokens: 600, parallel_tool_calls: parallel, tool_choice: "required" as const };
      const { message, finish_reason: reason } = (await client.chat.completions.create(body)).choices[0]!;
      const calls = message.tool_calls!;
      if (!parallel) {
        assert.equal(reason, "tool_calls");
        for (const call of calls) check(call);
      }
      return calls.length;
    };
    const seeds = [1, 2, 3, 4, 5, 6];
    assert.ok(
      (await Promise.all(seeds.map((seed) => callsOf(seed, true)))).some((count) => count > 1),
      "this model would make more than one",
    );
    assert.deepEqual(await Promise.all(seeds.map((seed) => callsOf(seed, false))), [1, 1, 1, 1, 1, 1]);
  });

  it("a function that is named is the one that is called", async () => {
    for (const name of ["add", "get_weather"]) {
      const answer = await client.chat.completions.create({ ...options(), seed: 3, tool_choice: { type: "function", function: { name } } });
      for (const call of answer.choices[0]!.message.tool_calls!) {
        check(call);
        assert.equal((call as { function: { name: string } }).function.name, name);
      }
    }
  });

  it("an agent's loop: the call, what the tool answered, and the next answer from all of it; nothing is called where nothing may be", async () => {
    const first = await client.chat.completions.create({ ...options(), seed: 2, tool_choice: "required" });
    const { message } = first.choices[0]!;
    const results = message.tool_calls!.map(
      (call): OpenAI.ChatCompletionMessageParam => ({ role: "tool", tool_call_id: call.id, content: '{"sun": true}' }),
    );
    const history = [...messages, message, ...results];
    const next = await client.chat.completions.create({ ...options(), messages: history, seed: 2, tool_choice: "none", max_tokens: 12 });
    assert.equal(next.choices[0]!.message.tool_calls, undefined);
    const alone = await client.chat.completions.create({ model, messages, seed: 2, max_tokens: 1 });
    assert.ok(next.usage!.prompt_tokens > alone.usage!.prompt_tokens + 20, "what was called and answered is in the prompt");
    const without = await client.chat.completions.create({ model, messages: history, seed: 2, max_tokens: 12 });
    assert.equal(without.usage!.prompt_tokens, next.usage!.prompt_tokens);
    const content = [{ role: "assistant", content: null, tool_calls: message.tool_calls }] as OpenAI.ChatCompletionMessageParam[];
    await client.chat.completions.create({ model, messages: [...messages, ...content, ...results], max_tokens: 2 });
  });

  it("auto leaves the choice to the model, and says what it chose", async () => {
    const answer = await client.chat.completions.create({ ...options(), seed: 5, max_tokens: 30 });
    const { message, finish_reason: finish } = answer.choices[0]!;
    assert.equal(finish === "tool_calls", message.tool_calls !== undefined);
    assert.ok(answer.usage!.prompt_tokens > 100, "the functions are in the prompt");
  });

  it("refuses by name what cannot be", async () => {
    const cases: [body: object, message: RegExp][] = [
      [{ tool_choice: "required", tools: [] }, /tool_choice: there are no tools/],
      [{ tool_choice: { type: "function", function: { name: "fly" } } }, /there is no tool 'fly'/],
      [{ tools: [{ type: "web_search" }] }, /tools/],
      [{ response_format: { type: "json_object" } }, /tools: not beside a grammar or JSON schema/],
      [{ messages: [{ role: "user", content: null }] }, /messages\.0\.content: must be a text/],
    ];
    for (const [body, message] of cases)
      await assert.rejects(client.chat.completions.create({ ...options(), ...body } as OpenAI.ChatCompletionCreateParamsNonStreaming), {
        status: 400,
        message,
      });
  });
});
