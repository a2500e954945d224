import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

const ANSWERS = [
  { text: "a", weight: 1 },
  { text: "b", weight: -1 },
];

describe("daemon: gradients", () => {
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome(undefined, { limits: { captureBytes: 16 * 1024 * 1024, gradientsPerToken: 1 } });
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: QUICK });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  it("sends gradients, values and products as frames before the result", async () => {
    client.frames.length = 0;
    const wants = (["gradient", "value", "product"] as const).map((what) => ({ site: "mlp.mid", layers: [0, 2], what }));
    const result = await client.call("gradient.run", { model, stream: "g1", prompt: "some text", answers: ANSWERS, wants });
    const own = client.frames.filter(({ header }) => header.stream === "g1");
    assert.equal(own.length, result.frames);
    assert.deepEqual(
      own.map(({ header }) => `${header.kind}@${header.layers[0]}`),
      ["gradient@0", "gradient@2", "site@0", "site@2", "product@0", "product@2"],
    );
    const [slope, , value, , product] = own.map(({ body }) => body as Float32Array);
    assert.ok(slope!.some((one) => one !== 0));
    product!.forEach((one, i) => {
      assert.equal(one, Math.fround(slope![i]! * value![i]!));
    });
    assert.ok(Math.abs(result.loss + result.answers[0].logprob - result.answers[1].logprob) < 1e-4);
  });

  it("needs its own scope, and keeps to the quota", async () => {
    const { token } = await client.call("daemon.token.create", { name: "reader", scopes: ["generate", "capture"] });
    const app = await connect(daemon.url, { token });
    const error = await app.refused("gradient.run", { model, stream: "g2", prompt: "x", answers: ANSWERS });
    assert.equal(error.code, "forbidden");
    assert.match(error.message, /'gradient'/);
    await app.close();
    const first = client.call("gradient.run", { model, stream: "g3", prompt: "x", answers: ANSWERS });
    const refused = await client.refused("gradient.run", { model, stream: "g4", prompt: "x", answers: ANSWERS });
    assert.equal(refused.code, "overloaded");
    await first;
    await client.call("gradient.run", { model, stream: "g5", prompt: "x", answers: ANSWERS });
  });

  it("refuses what is not there and what would be enormous", async () => {
    const ask = { model, stream: "g6", answers: ANSWERS };
    const missing = await client.refused("gradient.run", { ...ask, prompt: "x", wants: [{ site: "resid", layers: [9] }] });
    assert.equal(missing.code, "out-of-range");
    const large = { prompt: "x".repeat(20_000), wants: [{ site: "mlp.mid" }, { site: "mlp.up" }, { site: "mlp.gate" }, { site: "resid" }] };
    assert.equal((await client.refused("gradient.run", { ...ask, ...large })).code, "too-large");
    assert.equal((await client.refused("gradient.run", { ...ask })).code, "invalid-params");
  });
});
