/** `tiller mcp` as an agent has it: the SDK's own client over standard streams, a real daemon, the embedded model. */
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { after, describe, it } from "mocha";
import { Cli, TILLER } from "../support/cli.ts";
import { shippedReceipt } from "../support/receipt.ts";

const PAIRS = [
  { positive: "What a wonderful, happy day!", negative: "The day is like others." },
  { positive: "I am so full of joy!", negative: "I am neither here nor there." },
  { positive: "Hooray, we are delighted!", negative: "We are all present." },
  { positive: "This makes me smile!", negative: "This makes me write it down." },
];

describe("tiller mcp", () => {
  const cli = new Cli();
  const agent = new Client({ name: "test", version: "1" });
  after(async () => {
    await agent.close();
    await cli.dispose();
  });

  const call = async (name: string, args: object = {}, onprogress?: (progress: { progress: number }) => void): Promise<never> => {
    const options = { timeout: 600_000, ...(onprogress === undefined ? {} : { onprogress }) };
    const result = (await agent.callTool({ name, arguments: { ...args } }, undefined, options)) as CallToolResult;
    const [content] = result.content;
    assert.ok(content?.type === "text");
    if (result.isError === true) throw new Error(content.text);
    return JSON.parse(content.text) as never;
  };

  it("starts nothing before it is asked, and then lists, answers steered, reads receipts and runs experiments", async () => {
    const env = { ...process.env, TILLER_HOME: cli.home.paths.home } as Record<string, string>;
    await agent.connect(new StdioClientTransport({ command: process.execPath, args: [TILLER, "mcp"], env }));
    const { tools } = await agent.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ["list_models", "list_presets", "answer", "read_receipts", "list_experiments", "run_experiment", "read_report"],
    );
    assert.equal(cli.daemonPid, null);

    const { models } = (await call("list_models")) as { models: { id: string }[] };
    assert.ok(models.length > 0 && cli.daemonPid !== null);
    const { presets } = (await call("list_presets")) as {
      presets: { id: string; problem: string | null; controls: { evidence: string }[] }[];
    };
    const joyful = presets.find(({ id }) => id === "joyful")!;
    assert.equal(joyful.problem, null);
    const { points, best } = shippedReceipt("joy");
    const { value } = points.find(({ strength }) => strength === best)!.effect;
    assert.ok(joyful.controls[0]!.evidence.includes(`joy +${Number(value.toFixed(2))} of`), joyful.controls[0]!.evidence);

    interface Told {
      text: string;
      steered: string;
      seed: number;
      plain: Told;
    }
    const question = { prompt: "How are you today?", maxTokens: 16, seed: 5 };
    const both: Told = await call("answer", { ...question, preset: "joyful", set: { joy: 0.8 }, compare: true });
    assert.match(both.steered, /^steered: joy 0\.8/);
    assert.match(both.plain.steered, /^NOT steered/);
    const zero: Told = await call("answer", { ...question, preset: "joyful", set: { joy: 0 } });
    assert.equal(zero.text, both.plain.text, "strength 0 is the unsteered answer");

    const { artifacts } = (await call("read_receipts", { preset: "joyful" })) as {
      artifacts: { receipts: { evidence: object; points: unknown[] }[] }[];
    };
    assert.deepEqual(artifacts[0]!.receipts[0]!.evidence, { low: 0, high: 0.5 });

    const { experiments } = (await call("list_experiments")) as { experiments: { id: string; params: { properties: object } }[] };
    const chosen = experiments.find(({ id }) => id === "directions/from-pairs")!;
    assert.ok("pairs" in chosen.params.properties);
    const params = { id: "direction/glad", pairs: PAIRS };
    const cost = (await call("run_experiment", { id: chosen.id, params, estimate: true })) as { tokens: number };
    assert.ok(cost.tokens > 0);
    const seen: number[] = [];
    const done = (await call("run_experiment", { id: chosen.id, params }, ({ progress }) => seen.push(progress))) as {
      state: string;
      result: string;
      quality: string;
    };
    assert.deepEqual([done.state, done.result], ["done", "direction/glad"]);
    assert.match(done.quality, /held-out/);
    assert.ok(seen.every((one) => one >= 0 && one <= 1));
  });

  it("says what went wrong, and what to do", async () => {
    await assert.rejects(call("answer", { prompt: "Hi", preset: "joyfull" }), /not-found.*joyfull/s);
    await assert.rejects(call("answer", { prompt: "Hi", preset: "joyful", set: { joi: 1 } }), /unknown-control.*Did you mean 'joy'/s);
    await assert.rejects(
      call("run_experiment", { id: "directions/from-pairs", params: { id: "direction/glad", pairs: PAIRS } }),
      /conflict/,
    );
    await assert.rejects(call("answer", { maxTokens: 3 }), /prompt/);
  });

  it("ends an answer that the agent takes back", async () => {
    const stop = new AbortController();
    const asked = agent.callTool(
      { name: "answer", arguments: { prompt: "Tell me a very long story.", maxTokens: 4000, seed: 1 } },
      undefined,
      {
        signal: stop.signal,
        timeout: 600_000,
        onprogress: () => stop.abort(),
      },
    );
    await assert.rejects(asked);
    for (let running = 1; running > 0; ) running = ((await cli.json(["status"])) as { answers: { running: number } }).answers.running;
  });
});
