/** A prefix from its training to answers over both doors: made, kept, used, composed, written to a file and read back. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended, measure, QUICK_SPEC } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";

const PROMPTS = [
  "Tell me about the bridge.",
  "What did you do today?",
  "I lost my keys.",
  "How are you?",
  "What colour is the sky?",
  "Where do birds sleep?",
  "Can you help me?",
];
const TRAINING = { prompts: PROMPTS, rows: 4, epochs: 2, batch: 2, iterations: 1, tries: 2, maxTokens: 16 };

describe("daemon: prefixes", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon();
    client = await connect(daemon.url, { token: daemon.token });
    // gradients wait long for a second thread where others have its core
    const { models } = await client.call("model.list", {});
    await client.call("model.load", { model: models[0].id, options: { threads: 1 } });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });
  const run = async (id: string, params: Parameters<typeof asked>[1]): Promise<Wire> =>
    ended(client, (await client.call("experiment.start", asked(id, params))).id);
  const chat = (controls: Record<string, unknown>, stream: string) =>
    client.answer("generate.chat", {
      stream,
      messages: [{ role: "user", content: "How are you?" }],
      steering: { rack: { controls } },
      sampling: { temperature: 0, maxTokens: 12 },
    });

  it("are refused a training by name where there is nothing to train for", async () => {
    const none = await client.refused("experiment.start", asked("self-control/prefix", { ...TRAINING, id: "prefix/x" }));
    assert.match(none.message, /give a guideline or the name of a ready one/);
    const name = await client.refused("experiment.start", asked("self-control/prefix", { ...TRAINING, id: "direction/x", ready: "calm" }));
    assert.match(name.message, /prefixes are called prefix\/…/);
    const rows = await client.refused(
      "experiment.start",
      asked("self-control/prefix", { ...TRAINING, id: "prefix/x", ready: "calm", rows: 99 }),
    );
    assert.equal(rows.code, "invalid-params");
  });

  it("are trained for each objective, and say on what they were measured", async () => {
    const about = { guideline: "is about the weather" };
    for (const [objective, more] of [
      ["score", { shifts: true, compareSearch: false }],
      ["answers", {}],
      ["states", { start: "Speak of rain and wind.", suffixes: 2, branches: 2 }],
    ] as const) {
      const job = await run("self-control/prefix", { ...TRAINING, ...about, ...more, objective, id: `prefix/${objective}` });
      assert.equal(job["state"], "done", job["message"]);
      const artifact = await client.call("artifact.get", { id: `prefix/${objective}` });
      assert.equal(artifact.body.rows, 4);
      assert.equal(artifact.body.layers.length > 0, objective === "score");
      assert.ok(Number.isFinite(artifact.body.gain));
      assert.equal(artifact.body.prompts, 1);
      const report = await client.call("report.get", { job: job["id"] });
      const ids = report.blocks.map((block: Wire) => block["id"]);
      assert.deepEqual(ids, ["summary", "arms", "epochs", "damage", "answers"]);
      const arms = report.blocks[1].rows.map((row: Wire) => row["arm"]);
      assert.equal(arms.length, objective === "score" ? 5 : 6);
      assert.ok(report.blocks[2].spec.data.values.length >= 3);
    }
  });

  it("steer answers over the socket and over HTTP alike, count as tokens, and are gone at 0", async () => {
    const on = { own: { use: "prefix/answers", strength: 1 } };
    const [plain, steered] = [await chat({ own: { ...on.own, strength: 0 } }, "p0"), await chat(on, "p1")];
    assert.equal(plain.steered.steered, false);
    assert.match(steered.steered.summary, /^steered: own 1 \(prefix\) 4 rows in front of the prompt$/);
    assert.equal(steered.stats.promptTokens, plain.stats.promptTokens + 4);
    const shifted = await chat({ own: { use: "prefix/score", strength: 1 } }, "p2");
    assert.match(shifted.steered.summary, /shifted at layers 0–/);
    const both = await chat({ a: on.own, b: { use: "prefix/states", strength: 0.5 } }, "p3");
    assert.equal(both.stats.promptTokens, plain.stats.promptTokens + 8);
    const response = await daemon.post("/v1/chat/completions", {
      model: (await client.call("model.list", {})).models[0].id,
      messages: [{ role: "user", content: "How are you?" }],
      ...{ temperature: 0, max_tokens: 12, steering: { rack: { controls: on } } },
    });
    const body = (await response.json()) as Wire;
    assert.equal(response.status, 200, JSON.stringify(body));
    assert.equal(body["choices"][0].message.content, steered.text);
    assert.equal(body["usage"].prompt_tokens, steered.stats.promptTokens);
  });

  it("are composed by weight where they have as many rows, and come back from their file", async () => {
    const parts = [
      { use: "prefix/answers", weight: 1 },
      { use: "prefix/states", weight: 3 },
    ];
    const job = await run("self-control/compose", { id: "prefix/both", parts });
    assert.equal(job["state"], "done", job["message"]);
    assert.equal((await chat({ own: { use: "prefix/both", strength: 1 } }, "c1")).steered.steered, true);
    const apart = await run("self-control/compose", { id: "prefix/none", parts: [parts[0], { use: "prefix/score", weight: 1 }] });
    assert.match(apart["message"], /are shifted at different layers, so their rows cannot be averaged/);
    const { data, name } = await client.call("artifact.export", { id: "prefix/both", format: "tiller" });
    assert.equal(name, "prefix-both.tiller.safetensors");
    const taken = await run("import", { id: "prefix/again", data });
    assert.equal(taken["state"], "done", taken["message"]);
    const [one, other] = [
      await client.call("artifact.get", { id: "prefix/both" }),
      await client.call("artifact.get", { id: "prefix/again" }),
    ];
    assert.equal(one.hash, other.hash);
  });

  it("are measured beside random rows, and the receipt is theirs", async () => {
    const spec = { ...QUICK_SPEC, title: "words", judge: { id: "length", value: "words" }, strengths: [1] };
    const receipt = await measure(client, { artifact: "prefix/answers", spec });
    assert.equal(receipt.artifact.sha256, (await client.call("artifact.get", { id: "prefix/answers" })).hash);
    const point = receipt.points.find(({ strength }) => strength === 1)!;
    assert.ok(point.random !== null && point.damage.bitsPerByte !== point.randomBitsPerByte);
  });
});
