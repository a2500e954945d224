/** Emotion circuits end to end on models with random weights: found, kept, nudged; and the one-layer shortcut against real masking. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { decodeSafetensors, tensorValues } from "../../daemon/formats/safetensors.ts";
import { EMOTIONS } from "../../daemon/methods/emotion-circuits/emotions.ts";
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
        const answer = await client.call("generate.chat", {
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
