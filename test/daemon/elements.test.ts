/** Elements chosen by hand: made, steered with, measured beside its own random control, written to a file and read back. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended, measure, QUICK_SPEC } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";

/** Neurons at three layers and heads at two, other values for the prompt than for the answer. */
const GROUPS = [
  { site: "mlp.mid", layer: 2, indices: [1, 5, 9], values: [2, -1, 0.5] },
  { site: "mlp.mid", layer: 3, indices: [0, 7], values: 3, scope: "prompt" },
  { site: "mlp.mid", layer: 3, indices: [0, 7], values: -3, scope: "answer" },
  { site: "mlp.mid", layer: 4, indices: [11], values: 0, mode: "scale" },
  { site: "attn.heads", layer: 1, heads: [0, 2], values: 0, mode: "scale" },
  { site: "attn.heads", layer: 5, heads: [1], values: 0.25, mode: "replace", scope: "answer" },
];
const ID = "elements/composite";

describe("daemon: elements by hand", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon();
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });
  const run = async (id: string, params: Parameters<typeof asked>[1]): Promise<Wire> =>
    ended(client, (await client.call("experiment.start", asked(id, params))).id);
  const make = (groups: readonly object[], id = ID) => run("elements/by-hand", { id, groups });
  it("refuses what the model does not have, by group and with the reason", async () => {
    const cases: [object, string, RegExp][] = [
      [{ site: "mlp.mid", layer: 99, indices: [0], values: 1 }, "not-steerable", /groups\.0: mlp\.mid at layer 99 .* does not exist/],
      [{ site: "mlp.mid", layer: 0, indices: [999_999], values: 1 }, "out-of-range", /element 999999 does not exist/],
      [{ site: "mlp.mid", layer: 0, heads: [0], values: 1 }, "invalid-params", /mlp\.mid has no heads/],
      [{ site: "mlp.mid", layer: 0, indices: [0, 1], values: [1] }, "invalid-params", /there are 1 for 2 elements/],
      [{ site: "mlp.mid", layer: 0, indices: [3, 3], values: 1 }, "invalid-params", /named twice/],
    ];
    for (const [group, code, pattern] of cases) {
      const job = await make([group]);
      assert.deepEqual([job["state"], job["error"].code], ["failed", code], job["message"]);
      assert.match(job["message"], pattern);
    }
    const both = await client.refused("experiment.start", asked("elements/by-hand", { id: ID, groups: [{ ...GROUPS[0], heads: [1] }] }));
    assert.match(both.message, /exactly one of indices and heads/);
    const name = await client.refused("experiment.start", asked("elements/by-hand", { id: "direction/x", groups: GROUPS }));
    assert.match(name.message, /elements are called elements\/…/);
  });

  it("are made, act where and when they were told to, and say so", async () => {
    const job = await make(GROUPS);
    assert.equal(job["state"], "done", job["message"]);
    const artifact = await client.call("artifact.get", { id: ID });
    assert.deepEqual(
      artifact.body.groups.map(({ site, layer, count }: Wire) => [site, layer, count > 0]),
      GROUPS.map(({ site, layer }) => [site, layer, true]),
    );
    const chat = (strength: number) =>
      client.answer("generate.chat", {
        stream: `s${strength}`.replace(".", "-"),
        messages: [{ role: "user", content: "How are you?" }],
        steering: { rack: { controls: { own: { use: ID, strength } } } },
        sampling: { temperature: 0, maxTokens: 12 },
      });
    const [plain, steered] = [await chat(0), await chat(1)];
    assert.equal(plain.steered.steered, false);
    assert.match(steered.steered.summary, /^steered: own 1 \(elements\) \d+ of mlp\.mid at layers 2–4, \d+ of attn\.heads at layers 1, 5$/);
    assert.notEqual(plain.text, steered.text);
    const places = steered.steered.controls[0].places as { site: string; layers: number[] }[];
    assert.deepEqual(places, [
      { site: "mlp.mid", layers: [2, 3, 4] },
      { site: "attn.heads", layers: [1, 5] },
    ]);
  });

  it("are measured beside as many elements chosen at random, and the receipt is theirs", async () => {
    const spec = { ...QUICK_SPEC, title: "words", judge: { id: "length", value: "words" }, strengths: [1] };
    const receipt = await measure(client, { artifact: ID, spec });
    const artifact = await client.call("artifact.get", { id: ID });
    assert.equal(receipt.artifact.sha256, artifact.hash);
    const point = receipt.points.find(({ strength }) => strength === 1)!;
    assert.ok(point.random !== null && point.damage.bitsPerByte !== point.randomBitsPerByte);
    // as many of the eight as twelve answers meet
    assert.ok(receipt.draws >= 6 && receipt.draws <= 8, `${receipt.draws}`);
  });

  it("come back from the file that they are written to, with the same hash; other formats are refused by name", async () => {
    const { data, name } = await client.call("artifact.export", { id: ID, format: "tiller" });
    assert.equal(name, "elements-composite.tiller.safetensors");
    const job = await run("import", { id: "elements/again", data });
    assert.equal(job["state"], "done", job["message"]);
    const [one, other] = [await client.call("artifact.get", { id: ID }), await client.call("artifact.get", { id: "elements/again" })];
    assert.equal(other.hash, one.hash);
    assert.deepEqual([other.receipts, other.body], [[], one.body]);
    const refused = await client.refused("artifact.export", { id: ID, format: "gguf" });
    assert.match(refused.message, /cannot be written as 'gguf'/);
    const wrong = await client.refused("experiment.start", asked("import", { id: "direction/again", data }));
    assert.match(wrong.message, /of kind 'elements'/);
  });
});
