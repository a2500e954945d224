import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { afterEach, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon, TURN_MS } from "../../support/daemon.ts";
import { openRaw, type RawSocket, requestText } from "../../support/raw.ts";
import { connect, openSocket, type RpcClient } from "../../support/rpc.ts";

/** More sockets than the daemon keeps for those that have shown no token. */
const MANY = 700;

describe("attacks: connections", () => {
  let daemon: TestDaemon;
  const sockets: RawSocket[] = [];
  const start = async (limits: object = {}): Promise<RpcClient> => {
    daemon = await startTestDaemon({ config: { limits } });
    // several hundred requests at once are no fault of a single one
    daemon.turnMs = 1000;
    return connect(daemon.url, { token: daemon.token });
  };
  afterEach(async () => {
    for (const { socket } of sockets.splice(0)) socket.destroy();
    await daemon.dispose();
  });
  const flood = async (text: string): Promise<void> => {
    for (let i = 0; i < MANY; i += 100) sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => openRaw(daemon.port, text)))));
  };
  const appToken = async (owner: RpcClient, name: string): Promise<string> =>
    (await owner.call("daemon.token.create", { name, scopes: ["generate"] })).token;

  it("silent sockets without a token keep nobody out", async () => {
    const before = await start({ handshakeSeconds: 600 });
    await flood("");
    await flood(`GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1:${daemon.port}\r\nx-slow: `);
    await (await connect(daemon.url, { token: daemon.token })).close();
    assert.equal((await daemon.fetch("/v1/models")).status, 200);
    await before.close();
  });

  it("refused upgrades whose client never closes are ended", async () => {
    const before = await start();
    const own = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length;
    const open = own();
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    };
    await flood(requestText(daemon.port, "GET /ws", upgrade));
    await (await connect(daemon.url, { token: daemon.token })).close();
    await Promise.all(sockets.map(({ ended }) => ended));
    assert.ok(sockets.filter(({ received }) => received().startsWith("HTTP/1.1 400")).length > MANY / 2, "they are told why");
    // our side stays half open
    while (own() > open + 5) await new Promise((resolve) => setTimeout(resolve, 50));
    await before.close();
  });

  it("one app's sockets leave room for other apps, and all apps' for the owner", async () => {
    const owner = await start({ connections: 12, connectionsPerToken: 5 });
    const [a, b] = [await appToken(owner, "a"), await appToken(owner, "b")];
    const open: RpcClient[] = [];
    for (let i = 0; i < 5; i++) open.push(await connect(daemon.url, { token: a }));
    await assert.rejects(openSocket(daemon.url, { token: a }), { status: 429 });
    const refused = await fetch(`${daemon.url}/v1/models`, { headers: { authorization: `Bearer ${a}` } });
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    for (let i = 0; i < 5; i++) open.push(await connect(daemon.url, { token: b }));
    const c = await appToken(owner, "c");
    open.push(await connect(daemon.url, { token: c }));
    await assert.rejects(openSocket(daemon.url, { token: c }), { status: 429 });
    // all twelve are taken
    const second = await connect(daemon.url, { token: daemon.token });
    const { tokens } = await second.call("daemon.token.list");
    await second.call("daemon.token.revoke", { id: tokens[0].id });
    assert.equal((await open[0]!.closed).code, 4003);
    await second.call("daemon.stop");
    assert.equal((await daemon.exited).code, 0);
    await owner.closed;
  });

  it("every one of 600 requests at once is answered, if only with when to come back", async () => {
    const owner = await start({ connectionsPerToken: 64 });
    const token = await appToken(owner, "app");
    const text = requestText(daemon.port, "GET /v1/models", { authorization: `Bearer ${token}`, connection: "close" });
    const all = await Promise.all(Array.from({ length: 600 }, () => openRaw(daemon.port, text)));
    sockets.push(...all);
    await Promise.all(all.map(({ ended }) => ended));
    const statuses = all.map(({ received }) => /^HTTP\/1\.1 (\d+)/.exec(received())?.[1] ?? "none");
    assert.deepEqual([...new Set(statuses)].sort(), ["200", "429"]);
    assert.ok(all.every(({ received }) => !received().startsWith("HTTP/1.1 429") || /\r\nretry-after: \d/i.test(received())));
    assert.equal((await daemon.fetch("/v1/models")).status, 200);
    await owner.close();
  });

  it("an idle kept-alive socket gives way to a new one", async () => {
    const owner = await start({ connectionsPerToken: 3 });
    const token = await appToken(owner, "app");
    const text = requestText(daemon.port, "GET /v1/models", { authorization: `Bearer ${token}` });
    for (let i = 0; i < 10; i++) {
      const raw = await openRaw(daemon.port, text);
      sockets.push(raw);
      while (!raw.received().includes('"object":"list"')) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.ok(sockets.every(({ received }) => received().startsWith("HTTP/1.1 200")));
    await owner.close();
  });

  it("a URL made for backtracking costs nothing before a token is looked at", async () => {
    const owner = await start();
    daemon.turnMs = TURN_MS;
    for (const filler of [";", "?", "auth", ";auth", "%"]) {
      const raw = await openRaw(
        daemon.port,
        requestText(daemon.port, `GET /v1/models?${filler.repeat(Math.floor(15_000 / filler.length))}`),
      );
      sockets.push(raw);
      while (raw.received() === "") await new Promise((resolve) => setTimeout(resolve, 2));
      assert.match(raw.received(), /^HTTP\/1\.1 401/);
    }
    await owner.close();
  });
});
