/** Emotion circuits end to end on models with random weights: found, kept, nudged; and the one-layer shortcut against real masking. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { decodeSafetensors, tensorValues } from "../../daemon/formats/safetensors.ts";
import { EMOTIONS, type Emotion, JUDGED } from "../../daemon/methods/emotion-circuits/emotions.ts";
import type { Block, Report } from "../../daemon/protocol/report.ts";
import { addModel, makeHome, startTestDaemon, type TestDaemon, type TestHome } from "../support/daemon.ts";
import { asked, ended } from "../support/evaluation.ts";
import { makeModel } from "../support/models/make.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";

const ARCHITECTURES = ["llama", "qwen2", "qwen3", "gemma3", "phi3"] as const;

describe("daemon: emotion circuits", function () {
  this.timeout(600_000);
  let home: TestHome;
  let daemon: TestDaemon;
  let client: RpcClient;
  let streams = 0;
  before(async () => {
    home = makeHome();
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client?.close();
    await daemon?.dispose();
  });
  const random = (architecture: (typeof ARCHITECTURES)[number] | "mixtral" | "command-r" | "olmo") =>
    addModel(home, makeModel(join(home.paths.home, `${architecture}.gguf`), { architecture }));
  const discover = async (model: string | undefined, params: object): Promise<Wire> => {
    const start = asked("emotion-circuits/discover", { model, scenarios: 8, accept: "off", pushes: 2, tokens: 8, ...params });
    return ended(client, (await client.call("experiment.start", start)).id);
  };
  const tensorsOf = async (id: string): Promise<(name: string) => Float32Array> => {
    const { data } = await client.call("artifact.export", { id, format: "tiller" });
    const { tensors } = decodeSafetensors(Buffer.from(data, "base64"));
    return (name) => Float32Array.from(tensorValues(tensors.get(name)!));
  };

  for (const architecture of ARCHITECTURES)
    it(`find six circuits, which change what is written: ${architecture}`, async () => {
      const { id: model } = await random(architecture);
      const job = await discover(model, { id: `circuit/${architecture}` });
      assert.equal(job["state"], "done", job["message"]);
      for (const emotion of EMOTIONS) {
        const id = `circuit/${architecture}-${emotion}`;
        const { body } = await client.call("artifact.get", { id });
        // three layers: 14 neurons for each, and a quarter of twelve heads
        assert.deepEqual([body.emotion, body.neurons, body.heads, body.groups], [emotion, 42, 3, 24]);
        const tensor = await tensorsOf(id);
        assert.ok(tensor("neuron.value").some((value) => value !== 0) && tensor("head.value").some((value) => value !== 0));
        for (const name of ["direction.attn", "direction.mlp"])
          for (let layer = 0; layer < 3; layer++)
            assert.ok(Math.abs(Math.hypot(...tensor(name).subarray(layer * 64, (layer + 1) * 64)) - 1) < 1e-4, `${name} ${layer}`);
      }
      const logitsOf = async (strength: number, settings: object): Promise<number[]> => {
        const answer = await client.answer("generate.chat", {
          stream: `s${++streams}`,
          model,
          messages: [{ role: "user", content: "How are you?" }],
          steering: { rack: { controls: { own: { use: `circuit/${architecture}-anger`, strength, with: settings } } } },
          sampling: { temperature: 0, maxTokens: 1 },
          topLogprobs: 5,
        });
        if (strength !== 0) assert.match(answer.steered.summary, /^steered: own -?\d+ \(anger\) /);
        return answer.tokens.flatMap(({ top }: Wire) => (top as unknown as { logprob: number }[]).map(({ logprob }) => logprob));
      };
      const plain = await logitsOf(0, {});
      const kinds = [{}, { where: "symmetric" }, { parts: "neurons" }, { parts: "heads" }, { parts: "residual" }];
      const changed = await Promise.all(kinds.flatMap((settings) => [logitsOf(2, settings), logitsOf(-2, settings)]));
      for (const one of changed) assert.notDeepEqual(one, plain);
      assert.equal(new Set(changed.map((one) => one.join())).size, changed.length);
      const { blocks }: Report = await client.call("report.get", { job: job["id"] });
      const ids = [
        "what",
        "acceptance",
        "depth",
        "influence",
        "overlap-neurons",
        "overlap-heads",
        "overlap",
        "separable",
        "top",
        "samples",
      ];
      assert.deepEqual(
        blocks.map(({ id }: Block) => id),
        ids,
      );
    });

  it("are measured on held-out scenarios beside what they are compared with, and the tables follow from the answers", async () => {
    const { id: model } = await random("llama");
    const params = { circuits: "circuit/llama", scenarios: 3, choosing: 1, strengths: [0.5, 2], residuals: [1], damage: 10, tokens: 8 };
    const started = await client.call("experiment.start", asked("emotion-circuits/validate", { model, ...params }));
    const job = await ended(client, started.id);
    assert.equal(job["state"], "done", job["message"]);
    const { blocks }: Report = await client.call("report.get", { job: job["id"] });
    const rows = (id: string) => (blocks.find((block) => block.id === id) as Extract<Block, { type: "table" }>).rows;
    assert.deepEqual(
      rows("arms").map((row) => [row["arm"], row["n"]]),
      [["plain", 9], ...["prompted", "circuit", "symmetric", "residual", "random"].map((arm) => [arm, 54])],
    );
    // an arm's share is the mean of its emotions', and of what the confusion matrix has on its diagonal
    const confusion = (blocks.find(({ id }) => id === "confusion") as Extract<Block, { type: "chart" }>).spec["data"] as { values: Wire[] };
    for (const arm of rows("arms").slice(1)) {
      const name = String(arm["arm"]);
      const mean = rows("emotions").reduce((sum, row) => sum + Number(row[name]) / 6, 0);
      assert.ok(Math.abs(mean - Number(arm["right"])) < 1e-9 && Number(arm["low"]) <= mean && mean <= Number(arm["high"]));
      for (const row of rows("emotions")) {
        const judged = JUDGED[row["emotion"] as Emotion];
        const own = confusion.values.find(
          (cell) => cell["arm"] === name && cell["emotion"] === row["emotion"] && cell["label"] === judged,
        )!;
        assert.equal(own["share"], row[name]);
      }
    }
    const [circuit, prompted] = ["circuit", "prompted"].map((name) => Number(rows("arms").find((row) => row["arm"] === name)!["right"]));
    const paired = rows("paired").find((row) => row["arm"] === "circuit" && row["other"] === "prompted")!;
    assert.ok(Math.abs(Number(paired["difference"]) - (circuit! - prompted!)) < 1e-9);
    assert.equal(rows("strengths").length, 18);
    // one neuron's part at zero takes away what it writes along the direction, whatever random ones do
    const curves = (blocks.find(({ id }) => id === "curves") as Extract<Block, { type: "chart" }>).spec["data"] as { values: Wire[] };
    const change = (which: string, panel: string, k: number): number =>
      Number(curves.values.find((point) => point["which"] === which && point["panel"] === panel && point["k"] === k)!["change"]);
    for (const k of [1, 2, 4]) {
      assert.ok(change("top", "neurons, set to zero", k) < change("random", "neurons, set to zero", k));
      assert.ok(change("top", "neurons, raised", k) > change("random", "neurons, raised", k));
    }
    const samples = blocks.find(({ id }) => id === "samples") as Extract<Block, { type: "samples" }>;
    assert.equal(samples.samples.length, 9 * 6 * 5);
    const missing = await client.refused("experiment.start", asked("emotion-circuits/validate", { circuits: "circuit/none" }));
    assert.match(missing.message, /there is no artifact 'circuit\/none-anger'/);
  });

  it("are refused by name where the steps do not hold", async () => {
    for (const [architecture, pattern] of [
      ["mixtral", /mixture of experts/],
      ["command-r", /RMS norms/],
      ["olmo", /its MLP does not read a norm of the residual after attention/],
    ] as const) {
      const job = await discover((await random(architecture)).id, { id: `circuit/${architecture}` });
      assert.deepEqual([job["state"], job["error"].code], ["failed", "not-supported"], job["message"]);
      assert.match(job["message"], pattern);
    }
  });

  it("want a name of their kind that is free, and emotions that the model can show", async () => {
    const start = (params: object) => client.refused("experiment.start", asked("emotion-circuits/discover", params as never));
    assert.match((await start({ id: "direction/x" })).message, /are called circuit\/…/);
    const { id: model } = await random("llama");
    assert.match((await start({ id: "circuit/llama", model })).message, /there is an artifact 'circuit\/llama-anger' already/);
    const job = await discover(model, { id: "circuit/none", accept: "all" });
    assert.equal(job["state"], "failed");
    assert.match(job["message"], /too few scenarios count: 0 for anger, at least 6 are needed; of 24 the judge accepted anger \d+/);
  });
});
