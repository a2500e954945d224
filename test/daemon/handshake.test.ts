import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, openSocket } from "../support/rpc.ts";

describe("daemon: handshake and calls", () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await startTestDaemon({ config: { limits: { handshakeSeconds: 0.5, requestsPerClient: 4, messageBytes: 100_000 } } });
  });
  after(() => daemon.dispose());

  it("says hello with version, scopes and limits", async () => {
    const client = await connect(daemon.url, { token: daemon.token, hello: false });
    const hello = await client.call("daemon.hello", { protocol: 1, client: { name: "test", version: "1" } });
    assert.equal(hello.protocol, 1);
    assert.deepEqual(hello.scopes, ["generate", "library", "capture", "gradient", "load", "admin"]);
    assert.equal(hello.limits.messageBytes, 100_000);
    assert.equal((await client.refused("daemon.hello", { protocol: 1, client: { name: "test", version: "1" } })).code, "invalid-request");
    await client.close();
  });

  it("refuses another protocol version and every call before hello", async () => {
    const client = await connect(daemon.url, { token: daemon.token, hello: false });
    const early = await client.refused("model.list");
    assert.equal(early.code, "invalid-request");
    assert.match(early.message, /daemon\.hello/);
    const wrong = await client.refused("daemon.hello", { protocol: 99, client: { name: "test", version: "1" } });
    assert.equal(wrong.code, "protocol-mismatch");
    assert.equal(wrong.body.data?.field, "protocol");
    await client.close();
  });

  it("closes a connection that says no hello in time", async () => {
    const client = await connect(daemon.url, { token: daemon.token, hello: false });
    assert.equal((await client.closed).code, 4001);
  });

  it("names unknown methods and the field that is wrong", async () => {
    const client = await connect(daemon.url, { token: daemon.token });
    const unknown = await client.refused("model.fly");
    assert.equal(unknown.code, "unknown-method");
    assert.equal(unknown.body.code, -32601);
    assert.match(unknown.message, /model\.fly/);
    for (const name of ["__proto__", "constructor", "toString"]) assert.equal((await client.refused(name)).code, "unknown-method");
    const message = { role: "user", content: "x" };
    const cases: [string, object, string][] = [
      ["generate.chat", { stream: "a", messages: [message], extra: 1 }, "extra"],
      ["generate.chat", { stream: "a/b", messages: [message] }, "stream"],
      ["generate.chat", { stream: "a", messages: [{ role: "robot", content: "x" }] }, "messages.0.role"],
      ["generate.chat", { stream: "a", messages: [message], sampling: { temperature: -1 } }, "sampling.temperature"],
      ["generate.chat", { stream: "a", messages: [message], sampling: { topK: 1.5 } }, "sampling.topK"],
      [
        "generate.chat",
        { stream: "a", messages: [message], steering: { rack: { controls: { joy: { use: "../x" } } } } },
        "steering.rack.controls.joy.use",
      ],
      ["steer.set", { stream: "a", set: { joy: 1e9 } }, "set.joy"],
      ["steer.set", { stream: "a", set: { joy: null } }, "set.joy"],
      ["tap.run", { stream: "a", prompt: "x", sites: ["nowhere"] }, "sites.0"],
      ["model.load", { model: "../../etc/passwd" }, "model"],
      ["preset.get", { id: "../secrets" }, "id"],
      ["artifact.get", { id: "direction/../../x" }, "id"],
      ["job.get", { job: 7 }, "job"],
    ];
    for (const [method, params, field] of cases) {
      const error = await client.refused(method, params);
      assert.equal(error.code, "invalid-params", `${method} ${error.message}`);
      assert.equal(error.body.data?.field, field);
      assert.match(error.message, new RegExp(`^${field.replaceAll(".", "\\.")}`));
    }
    await client.close();
  });

  it("refuses what is no JSON-RPC, saying what is wrong", async () => {
    const client = await connect(daemon.url, { token: daemon.token });
    const bad: [string | Buffer, RegExp][] = [
      ["{", /not JSON/],
      ["[]", /batches/],
      ["7", /object/],
      ['{"jsonrpc":"1.0","id":1,"method":"x"}', /jsonrpc/],
      ['{"jsonrpc":"2.0","id":null,"method":"x"}', /id/],
      ['{"jsonrpc":"2.0","method":"model.list"}', /method/],
      ['{"jsonrpc":"2.0","id":{},"method":"model.list"}', /id/],
      ['{"jsonrpc":"2.0","id":"q","method":"model.list","params":[]}', /params/],
      ['{"jsonrpc":"2.0","id":"q","method":"model.list","extra":1}', /extra/],
      ['{"jsonrpc":"2.0","id":7,"method":"steer.set","params":{"stream":"a","set":{"__pro\\u0074o__":1}}}', /__proto__/],
      [`{"jsonrpc":"2.0","id":8,"method":"steer.check","params":${'{"a":'.repeat(3000)}1${"}".repeat(3000)}}`, /nested more than 256/],
      [Buffer.from([1, 2, 3]), /binary/],
    ];
    for (const [text] of bad) client.socket.send(text);
    await client.until(() => client.errors.length >= bad.length);
    bad.forEach(([, pattern], index) => {
      assert.match(client.errors[index]!.message, pattern);
    });
    assert.ok((await client.call("daemon.status")).pid);
    await client.close();
  });

  it("closes a connection whose message is too large, and only that one", async () => {
    const other = await connect(daemon.url, { token: daemon.token });
    const client = await connect(daemon.url, { token: daemon.token });
    client.socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "preset.check", params: { text: "x".repeat(200_000) } }));
    assert.equal((await client.closed).code, 1009);
    assert.ok((await other.call("daemon.status")).clients >= 1);
    await other.close();
  });

  it("answers each id once, and forgets cancels of what does not run", async () => {
    const client = await connect(daemon.url, { token: daemon.token });
    const twice = JSON.stringify({ jsonrpc: "2.0", id: "twice", method: "model.list", params: {} });
    // in one packet, or the first would be answered before the second is there
    const raw = (client.socket as unknown as { _socket: Duplex })._socket;
    raw.cork();
    client.socket.send(twice);
    client.socket.send(twice);
    raw.uncork();
    await client.until(() => client.errors.length > 0);
    assert.match(client.errors[0]!.message, /^id: is in use/);
    for (const id of ["twice", 1, 99, "none"])
      client.socket.send(JSON.stringify({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } }));
    assert.ok((await client.call("daemon.status")).pid);
    assert.equal(client.errors.length, 1);
    await client.close();
  });

  it("refuses names that copying an object would lose, over HTTP too", async () => {
    const body = '{"model":"default","messages":[{"role":"user","content":"x"}],"steering":{"set":{"__proto__":1}}}';
    const response = await daemon.fetch("/v1/chat/completions", { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /__proto__/);
  });

  it("answers odd paths with 404, and counts what it refuses", async () => {
    for (const path of ["/v1/models/%", "/v1/models/%E0%A4%A", "/constructor", "/__proto__", "/v1/models/toString"])
      assert.equal((await daemon.fetch(path)).status, 404, path);
    assert.equal((await daemon.fetch("/v1/models", { method: "PUT" })).status, 405);
    const metrics = await (await daemon.fetch("/metrics")).text();
    assert.match(metrics, /tiller_requests_total\{method="\/v1\/models\/…",outcome="not-found"\} 3/);
    assert.match(metrics, /tiller_requests_total\{method="unknown",outcome="not-found"\} 2/);
  });

  it("limits HTTP bodies", async () => {
    const big = await daemon.post("/v1/completions", { model: "default", prompt: "x".repeat(200_000) });
    assert.equal(big.status, 413);
  });

  it("keeps working for others while one socket never finishes its upgrade", async () => {
    const { connect: tcp } = await import("node:net");
    const half = tcp(daemon.port, "127.0.0.1");
    half.on("error", () => undefined);
    half.resume();
    half.write("GET /ws HTTP/1.1\r\nHost: 127");
    const socket = await openSocket(daemon.url, { token: daemon.token });
    socket.terminate();
    await new Promise((resolve) => half.once("close", resolve));
  });

  it("tells nobody where its files are", async () => {
    const client = await connect(daemon.url, { token: daemon.token });
    const errors = [
      await client.refused("model.load", { model: "no-such-model" }),
      await client.refused("preset.get", { id: "none" }),
      await client.refused("artifact.get", { id: "direction/none" }),
    ];
    for (const error of errors) assert.ok(!JSON.stringify(error.body).includes(daemon.home.paths.home));
    assert.ok(!JSON.stringify(await client.call("model.list")).includes("/"));
    await client.close();
  });
});
