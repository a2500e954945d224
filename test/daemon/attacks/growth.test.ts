import assert from "node:assert/strict";
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { encodeGguf, entry } from "../../../daemon/formats/gguf/index.ts";
import { startTestDaemon, type TestDaemon, TURN_MS } from "../../support/daemon.ts";
import { asked, ended } from "../../support/evaluation.ts";
import { connect, type RpcClient, type RpcError } from "../../support/rpc.ts";
import { LONG, makeSteeredHome } from "../../support/steered-home.ts";

const MB = 1024 * 1024;

/** After each test the monitor has seen no turn of the event loop above 50 ms, see `TestDaemon.dispose`. */
describe("attacks: something small that grows large", () => {
  let daemon: TestDaemon;
  let owner: RpcClient;
  let app: RpcClient;
  let token: string;
  let model: string;
  before(async () => {
    const steered = await makeSteeredHome(LONG, { limits: { presets: 120 } });
    model = steered.model.id;
    daemon = await startTestDaemon({ home: steered.home });
    daemon.turnMs = TURN_MS;
    owner = await connect(daemon.url, { token: daemon.token });
    ({ token } = await owner.call("daemon.token.create", { name: "app", scopes: ["generate", "library"] }));
    app = await connect(daemon.url, { token });
  });
  after(async () => {
    await app.close();
    await owner.close();
    await daemon.dispose();
  });
  const many = (count: number, value: unknown, name = (i: number) => `c${i}`): object =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), value]));
  const control = { use: "direction/shift", strength: 1, with: { layers: [0, 1, 2, 3] }, description: "x".repeat(40) };
  const post = (body: object): Promise<Response> =>
    fetch(`${daemon.url}/v1/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ model, prompt: "x", max_tokens: 1, ...body }),
    });

  it("megabytes of controls, biases and names are refused before they are looked at", async () => {
    const params: [string, object][] = [
      ["controls", { steering: { rack: { controls: many(60_000, control) } } }],
      ["few controls too many", { steering: { rack: { controls: many(65, control) } } }],
      [
        "all records full",
        { steering: { rack: { controls: many(500, control), scope: many(500, "all"), hold: many(500, 1), when: many(500, "> 1") } } },
      ],
      ["strengths", { steering: { preset: "shift", set: many(500_000, 1) } }],
      ["biases", { logitBias: many(600_000, 1, String) }],
      ["tokens", { prompt: undefined, tokens: new Array(4_000_000).fill(1) }],
      ["depth", { jsonSchema: JSON.parse(`${'{"a":'.repeat(300)}1${"}".repeat(300)}`) }],
      ["unknown keys", many(300_000, 1)],
    ];
    for (const [what, more] of params) {
      const error: RpcError = await app
        .refused("generate.complete", { model, stream: "s", prompt: "x", sampling: { maxTokens: 1 }, ...more })
        .catch((other) => other);
      assert.ok(["too-large", "invalid-params", "invalid-request"].includes(error.code), `${what}: ${error.code}`);
    }
    for (const more of [{ logit_bias: many(600_000, 1, String) }, { steering: { rack: { controls: many(60_000, control) } } }]) {
      const response = await post(more);
      assert.equal(response.status, 413);
      await response.text();
    }
  });

  it("large texts of every kind are read in steps, and in their order", async () => {
    for (const prompt of ["a".repeat(9 * MB), '\\"'.repeat(2 * MB), `${"x".repeat(40)}\n`.repeat(220_000), "[{,".repeat(3 * MB)]) {
      const large = app.answer("generate.complete", { model, stream: "s", prompt, sampling: { maxTokens: 1 } }).catch((error) => error);
      const order: string[] = [];
      large.then(() => order.push("large"));
      await app.call("daemon.status").then(() => order.push("small"));
      assert.ok(((await large) as RpcError).code === "invalid-params" || ((await large) as RpcError).code === "context-full");
    }
  });

  it("a control vector that names a high layer of a great width is refused", async () => {
    const file = (layer: number, width: number): string =>
      Buffer.from(
        encodeGguf({
          metadata: [["general.architecture", entry.string("controlvector")]],
          tensors: [{ name: `direction.${layer}`, shape: [width], type: "F32", data: new Float32Array(width).fill(1) }],
        }),
      ).toString("base64");
    const importing = async (id: string, data: string) =>
      ended(app, (await app.call("experiment.start", asked("directions/import", { id, data }))).id);
    assert.equal((await importing("direction/wide", file(1023, 200_000)))["error"].code, "too-large");
    assert.equal((await importing("direction/fair", file(63, 16_384)))["state"], "done");
    assert.equal((await app.call("artifact.get", { id: "direction/fair" })).model.layers, 64);
    assert.equal((await importing("direction/bad", "A".repeat(8_999_996)))["error"].code, "bad-artifact");
  });

  it("preset texts made to take long are refused, and as many as there may be are listed", async () => {
    const texts = [
      "x:\n".repeat(80_000),
      "- ".repeat(100_000),
      "{a: ".repeat(60_000),
      `a: &a [1]\n${"b: *a\n".repeat(40_000)}`,
      `tiller: 1\nname: x\ncontrols:\n${Array.from({ length: 2500 }, (_, i) => `  c${i}: { use: direction/x, strength: 1, range: [-8, 8] }\n`).join("")}`,
      `a: "${"\\x41".repeat(60_000)}"`,
      "#".repeat(250_000),
      `? ${"[".repeat(100_000)}`,
      " ".repeat(250_000),
      `a: |\n${" x\n".repeat(80_000)}`,
    ];
    for (const text of texts) assert.ok((await app.call("preset.check", { text })).problems.length > 0);
    assert.equal((await app.refused("preset.check", { text: "x".repeat(300_000) })).code, "invalid-params");
    const controls = many(64, control) as Record<string, unknown>;
    for (let i = 0; i < 119; i++) await app.call("preset.save", { id: `many-${i}`, preset: { tiller: 2, name: `${i}`, controls } });
    const refused = await app.refused("preset.save", { id: "one-more", preset: { tiller: 2, name: "x", controls } });
    assert.equal(refused.code, "too-large");
    assert.match(refused.body.data?.suggestion ?? "", /limits\.presets/);
    assert.ok((await app.call("preset.list")).presets.length >= 120);
  });

  it("a model's header of many great arrays is read apart, once, and leaves the daemon as it is", async () => {
    const path = join(daemon.home.paths.home, "hostile.gguf");
    writeHeader(path, 7, 4 * MB);
    const other = join(daemon.home.paths.home, "not-one.gguf");
    writeFileSync(other, "GGUF");
    const registry = { version: 1, models: [path, other].map((file, i) => ({ id: `bad-${i}`, path: file, downloaded: false, added: "" })) };
    writeFileSync(daemon.home.paths.registry, JSON.stringify(registry));
    for (let i = 0; i < 3; i++) {
      const { models } = await owner.call("model.list");
      const found = models.filter(({ id }: { id: string }) => id.startsWith("bad-"));
      assert.equal(found.length, 2);
      for (const { reason } of found) assert.match(reason, /GGUF|header/);
    }
  });
});

/** Arrays of empty strings are zeros, so a file of any size takes no room on the disk. */
function writeHeader(path: string, arrays: number, items: number): void {
  const head = Buffer.alloc(24);
  head.write("GGUF");
  head.writeUInt32LE(3, 4);
  head.writeBigUInt64LE(BigInt(arrays), 16);
  const file = openSync(path, "w");
  let at = writeSync(file, head);
  for (let i = 0; i < arrays; i++) {
    const name = Buffer.from(`array.${i}`);
    const key = Buffer.alloc(8 + name.length + 16);
    key.writeBigUInt64LE(BigInt(name.length));
    name.copy(key, 8);
    key.writeUInt32LE(9, 8 + name.length);
    key.writeUInt32LE(8, 12 + name.length);
    key.writeBigUInt64LE(BigInt(items), 16 + name.length);
    writeSync(file, key, 0, key.length, at);
    at += key.length + items * 8;
  }
  closeSync(file);
  truncateSync(path, at);
}
