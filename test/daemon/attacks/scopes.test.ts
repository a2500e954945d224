import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { encodeGguf, entry } from "../../../daemon/formats/gguf/index.ts";
import { TokenStore } from "../../../daemon/store/tokens.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../../support/daemon.ts";
import { asked, ended } from "../../support/evaluation.ts";
import { connect, type RpcClient } from "../../support/rpc.ts";
import { addRandomModel, ENDLESS, LONG, makeSteeredHome, PRESET, QUICK } from "../../support/steered-home.ts";

describe("attacks: what a token's scopes do not allow", () => {
  let daemon: TestDaemon;
  let owner: RpcClient;
  let model: string;
  let other: string;
  let plain: RpcClient;
  const apps: RpcClient[] = [];
  before(async () => {
    const steered = await makeSteeredHome(LONG);
    model = steered.model.id;
    other = (await addRandomModel(steered.home, "other", { architecture: "llama", size: { context: 512 } })).id;
    daemon = await startTestDaemon({ home: steered.home });
    owner = await connect(daemon.url, { token: daemon.token });
    const as = async (name: string, scopes: string[]): Promise<RpcClient> =>
      connect(daemon.url, { token: (await owner.call("daemon.token.create", { name, scopes })).token });
    plain = await as("plain", ["generate"]);
    for (const name of ["a", "b"]) apps.push(await as(name, ["generate", "library"]));
    await owner.call("model.load", { model, options: QUICK });
  });
  after(async () => {
    for (const client of [owner, plain, ...apps]) await client.close();
    await daemon.dispose();
  });

  it("readings and logits need `capture`, whatever they are read along", async () => {
    const ask = { model, stream: "s", prompt: "x", sampling: { maxTokens: 1 }, ...ENDLESS };
    const width = (await owner.call("artifact.get", { id: "direction/shift" })).model.width;
    const data = Buffer.from(
      encodeGguf({
        metadata: [["general.architecture", entry.string("controlvector")]],
        tensors: [
          { name: "direction.1", shape: [width], type: "F32", data: Float32Array.from({ length: width }, (_, i) => (i === 0 ? 1 : 0)) },
        ],
      }),
    ).toString("base64");
    const importing = await apps[0]!.call("experiment.start", asked("directions/import", { id: "direction/one-hot", data, model }));
    assert.equal((await ended(apps[0]!, importing.id))["state"], "done");
    for (const client of [plain, apps[0]!]) {
      for (const reading of [{ probes: ["direction/one-hot"] }, { probes: ["direction/shift"] }, { logits: true }]) {
        const error = await client.refused("generate.complete", { ...ask, ...reading });
        assert.equal(error.code, "forbidden");
        assert.match(error.message, /'capture'/);
      }
    }
    assert.equal((await owner.answer("generate.complete", { ...ask, probes: ["direction/one-hot"] })).tokens[0].probes.length, 1);
  });

  it("a token that may only generate changes nothing that is kept", async () => {
    const refused: [string, object][] = [
      ["preset.save", { id: "mine", text: PRESET }],
      ["preset.delete", { id: "shift" }],
      ["artifact.delete", { id: "direction/shift" }],
      ["experiment.start", asked("directions/import", { id: "direction/x", data: "" })],
      ["job.cancel", { job: "x" }],
      ["job.retry", { job: "x" }],
    ];
    for (const [method, params] of refused) {
      const error = await plain.refused(method, params);
      assert.equal(error.code, "forbidden", method);
      assert.match(error.message, /'library'/);
    }
  });

  it("a token changes what it made, not what the owner, the program or another token made", async () => {
    const [a, b] = apps as [RpcClient, RpcClient];
    const { presets } = await owner.call("preset.list");
    const shipped = presets.find((preset: { shipped: boolean }) => preset.shipped).id;
    for (const id of ["shift", shipped]) {
      assert.equal((await a.refused("preset.save", { id, text: PRESET })).code, "forbidden");
      assert.equal((await a.refused("preset.delete", { id })).code, "forbidden");
    }
    assert.equal((await a.refused("artifact.delete", { id: "direction/shift" })).code, "forbidden");
    await a.call("preset.save", { id: "of-a", text: PRESET });
    assert.equal((await b.refused("preset.save", { id: "of-a", text: PRESET })).code, "forbidden");
    assert.equal((await b.refused("preset.delete", { id: "of-a" })).code, "forbidden");
    await a.call("preset.save", { id: "of-a", text: `${PRESET}# again\n` });
    assert.deepEqual(await a.call("preset.delete", { id: "of-a" }), { deleted: true });
    await owner.call("preset.save", { id: "shift", text: PRESET });
    const pairs = Array.from({ length: 8 }, (_, i) => ({ positive: `joy ${i}`, negative: `woe ${i}` }));
    const { id: job } = await a.call("experiment.start", asked("directions/from-pairs", { id: "direction/of-a", model, pairs }));
    assert.equal((await b.refused("job.cancel", { job })).code, "forbidden");
    assert.equal((await a.call("job.cancel", { job })).id, job);
    assert.equal((await owner.call("job.cancel", { job })).id, job);
  });

  it("a model that the owner has loaded once comes back for `generate`, until the owner unloads it", async () => {
    const ask = { model: other, stream: "s", prompt: "x", sampling: { maxTokens: 1 }, ...ENDLESS };
    assert.equal((await plain.refused("generate.complete", ask)).code, "forbidden");
    await owner.call("model.load", { model: other, options: { ...QUICK, idleMinutes: 0.001 } });
    while ((await owner.call("daemon.status")).loaded.includes(other)) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal((await plain.answer("generate.complete", ask)).tokens.length, 1);
    await owner.call("model.unload", { model: other });
    assert.equal((await plain.refused("generate.complete", ask)).code, "forbidden");
  });

  it("tokens of the first version keep what they could do to things of their own", () => {
    const home = makeHome();
    try {
      const { token } = new TokenStore(home.paths.tokens).create("old", ["generate"]);
      const stored = JSON.parse(readFileSync(home.paths.tokens, "utf8"));
      writeFileSync(home.paths.tokens, JSON.stringify({ ...stored, version: 1 }));
      assert.deepEqual(new TokenStore(home.paths.tokens).find(token)?.scopes, ["generate", "library"]);
      assert.equal(JSON.parse(readFileSync(home.paths.tokens, "utf8")).version, 2);
      const fresh = new TokenStore(home.paths.tokens).create("new", ["generate"]);
      assert.deepEqual(new TokenStore(home.paths.tokens).find(fresh.token)?.scopes, ["generate"]);
    } finally {
      home.remove();
    }
  });
});
