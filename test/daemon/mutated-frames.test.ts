import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type RpcClient } from "../support/rpc.ts";

const FRAMES = 10_000;
/** Well-formed messages to start from; the model does not exist, so that nothing is loaded. */
const SEEDS = [
  {
    jsonrpc: "2.0",
    id: 1,
    method: "generate.chat",
    params: { model: "none-0", stream: "s", messages: [{ role: "user", content: "hé 🙂" }], sampling: { temperature: 0.5, seed: 1 } },
  },
  {
    jsonrpc: "2.0",
    id: "a",
    method: "generate.complete",
    params: { model: "none-0", stream: "t", tokens: [1, 2, 3], logitBias: { "5": -1 }, topLogprobs: 3 },
  },
  {
    jsonrpc: "2.0",
    id: 2,
    method: "steer.check",
    params: { model: "none-0", steering: { rack: { controls: { joy: { use: "direction/joy", range: [0, 2] } } }, set: { joy: 1 } } },
  },
  { jsonrpc: "2.0", id: 3, method: "tap.run", params: { model: "none-0", stream: "u", prompt: "x", sites: ["mlp.mid"], layers: [0, 1] } },
  { jsonrpc: "2.0", id: 4, method: "preset.check", params: { text: "tiller: 1\nname: x\ncontrols: {}\n" } },
  { jsonrpc: "2.0", id: 5, method: "job.get", params: { job: "000000000-00000000" } },
  { jsonrpc: "2.0", id: 6, method: "daemon.status", params: {} },
  { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } },
].map((message) => Buffer.from(JSON.stringify(message)));
const SPLICES = [
  "null",
  "-1",
  "1e999",
  "{}",
  "[]",
  '"',
  "\\u0000",
  "9007199254740993",
  "true",
  "\ud800",
  "__proto__",
  "}".repeat(50),
  "[".repeat(2000),
];

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function mutate(next: () => number): Buffer {
  const pick = (n: number): number => Math.floor(next() * n);
  let bytes = Buffer.from(SEEDS[pick(SEEDS.length)]!);
  for (let i = pick(4); i >= 0; i--) {
    const at = pick(bytes.length + 1);
    const kind = pick(5);
    if (kind === 0 && bytes.length > 0) bytes[Math.min(at, bytes.length - 1)] = pick(256);
    else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(SPLICES[pick(SPLICES.length)]!), bytes.subarray(at)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(at + pick(20), bytes.length))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(pick(bytes.length + 1)), bytes.subarray(at)]);
  }
  return Buffer.from(bytes);
}

describe("daemon: any bytes on the socket", () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await startTestDaemon();
  });
  after(() => daemon.dispose());

  it(`answers ${FRAMES} mutated messages with errors, and goes on`, async () => {
    const next = random(20261124);
    const witness = await connect(daemon.url, { token: daemon.token });
    let client: RpcClient | null = null;
    let errors = 0;
    let reconnects = 0;
    for (let i = 0; i < FRAMES; i++) {
      if (client === null || client.socket.readyState !== client.socket.OPEN) {
        errors += client?.errors.length ?? 0;
        reconnects++;
        client = await connect(daemon.url, { token: daemon.token });
      }
      client.socket.send(mutate(next), { binary: next() < 0.1 });
      if (i % 100 === 0) assert.equal((await witness.call("daemon.status")).pid, daemon.pid);
      // A bad frame may have closed the connection; the next one is then sent on a new one.
      if (i % 4 === 0) await Promise.race([client.call("daemon.status").catch(() => undefined), client.closed]);
    }
    await Promise.race([client!.call("daemon.status").catch(() => undefined), client!.closed]);
    errors += client!.errors.length;
    for (const error of client!.errors) assert.ok(error.data?.code !== "internal", error.message);
    // Text that is not UTF-8 ends its connection instead, as RFC 6455 asks, and what was waiting to be sent goes with it.
    assert.ok(errors + reconnects > FRAMES / 2, `${errors} errors, ${reconnects} connections`);
    assert.equal((await witness.call("daemon.status")).pid, daemon.pid);
    assert.ok(!/unhandled|uncaught|internal/.test(daemon.log), daemon.log);
    await witness.close();
  });

  it("closes connections whose WebSocket framing is broken, and goes on", async () => {
    const { connect: tcp } = await import("node:net");
    const next = random(7);
    const head = [
      "GET /ws HTTP/1.1",
      `Host: 127.0.0.1:${daemon.port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
      `Sec-WebSocket-Protocol: tiller.v1, tiller.token.${daemon.token}`,
      "\r\n",
    ].join("\r\n");
    for (let i = 0; i < 200; i++) {
      const socket = tcp(daemon.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.resume();
      socket.write(head);
      const bytes = Buffer.alloc(2 + Math.floor(next() * 60));
      for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(next() * 256);
      socket.end(bytes);
      await closed;
    }
    const client = await connect(daemon.url, { token: daemon.token });
    assert.equal((await client.call("daemon.status")).pid, daemon.pid);
    await client.close();
    assert.ok(!/unhandled|uncaught|internal/.test(daemon.log), daemon.log);
  });
});
