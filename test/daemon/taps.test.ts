import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { reached } from "../support/metrics.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { ENDLESS, LONG, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const PAUSE_BYTES = 256 * 1024;
/** 3000 tokens at both sites of three layers: 11 MB, more than the system's own socket buffers take. */
const LARGE = { tokens: Array.from({ length: 3000 }, (_, i) => 3 + (i % 500)), sites: ["mlp.mid", "mlp.gate"], logits: false };

describe("daemon: activations as binary frames", () => {
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome(LONG, { limits: { captureBytes: 16 * 1024 * 1024, pauseBytes: PAUSE_BYTES } });
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: QUICK });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  it("sends every value of a pass before its result", async () => {
    client.frames.length = 0;
    const result = await client.call("tap.run", { model, stream: "t1", prompt: "some text", sites: ["mlp.mid", "resid"], layers: [0, 2] });
    const own = client.frames.filter(({ header }) => header.stream === "t1");
    assert.equal(own.length, result.frames);
    const logits = own.filter(({ header }) => header.kind === "logits");
    assert.equal(
      logits.reduce((rows, { header }) => rows + header.rows, 0),
      result.tokens.length,
    );
    assert.deepEqual(logits[0]?.header.widths, [512]);
    const sites = own.filter(({ header }) => header.kind === "site").map(({ header }) => `${header.site}@${header.layers[0]}`);
    assert.deepEqual(new Set(sites), new Set(["mlp.mid@0", "mlp.mid@2", "resid@0", "resid@2"]));
    for (const { body } of own) assert.ok((body as Float32Array).every(Number.isFinite));
    assert.equal(result.texts.length, result.tokens.length);
  });

  it("refuses a capture that would be enormous, before computing it", async () => {
    const error = await client.refused("tap.run", { model, stream: "t2", prompt: "x".repeat(20_000), sites: ["mlp.mid"] });
    assert.equal(error.code, "too-large");
    assert.match(error.message, /captureBytes|one capture may have/);
  });

  it("gives a slow reader a large result in full", async () => {
    client.frames.length = 0;
    client.socket.pause();
    const call = client.call("tap.run", { model, stream: "t3", ...LARGE });
    await reached(daemon, "tiller_client_waiting_bytes", PAUSE_BYTES);
    client.socket.resume();
    const result = await call;
    const own = client.frames.filter(({ header }) => header.stream === "t3");
    assert.equal(own.length, result.frames);
    const values = own.reduce((sum, { body }) => sum + body.length, 0);
    assert.equal(values, 3000 * 160 * 3 * 2);
  });

  it("shows a running answer live, at most so often, and stops when told", async () => {
    client.frames.length = 0;
    const watch = await client.call("tap.subscribe", { stream: "w1", site: "mlp.mid", fps: 60 });
    assert.deepEqual(watch.layers, [0, 1, 2]);
    assert.deepEqual(watch.widths, [160, 160, 160]);
    const answer = client.answer("generate.complete", { model, stream: "w1", prompt: "go", ...ENDLESS });
    await client.until(() => client.frames.length >= 3);
    const { header, body } = client.frames[1]!;
    assert.equal(header.kind, "live");
    assert.equal(header.stream, "w1");
    assert.equal(body.length, 480);
    const largest = header.strongest!.map(({ value }) => Math.abs(value));
    assert.ok(largest.length > 0 && header.strongest!.every(({ layer, index }) => layer < 3 && index < 160));
    assert.deepEqual(
      largest,
      largest.toSorted((a, b) => b - a),
    );
    assert.deepEqual(await client.call("tap.unsubscribe", { stream: "w1" }), { ended: true });
    const before = client.frames.length;
    const seen = client.tokens("w1").length;
    await client.until(() => client.tokens("w1").length > seen + 50);
    assert.ok(client.frames.length <= before + 1);
    await client.call("generate.cancel", { stream: "w1" });
    await answer;
  });

  it("drops live frames of a client that does not read, and keeps its tokens", async () => {
    const slow = await connect(daemon.url, { token: daemon.token });
    await slow.call("tap.subscribe", { stream: "w2", site: "mlp.mid", fps: 60, encoding: "f32" });
    const answer = slow.answer("generate.complete", { model, stream: "w2", prompt: "go", ...ENDLESS });
    await slow.until(() => slow.tokens("w2").length > 0);
    slow.socket.pause();
    const large = slow.call("tap.run", { model, stream: "t4", ...LARGE });
    await reached(daemon, "tiller_live_frames_dropped_total", 1);
    slow.socket.resume();
    await large;
    await slow.call("generate.cancel", { stream: "w2" });
    const result = await answer;
    assert.deepEqual(slow.tokens("w2"), result.tokens);
    await slow.close();
  });
});
