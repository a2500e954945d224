import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { reached } from "../support/metrics.ts";
import { connect, openSocket } from "../support/rpc.ts";

const MB = 1024 * 1024;

describe("daemon: a client that does not read", () => {
  const daemons: TestDaemon[] = [];
  const start = async (limits: object): Promise<TestDaemon> => {
    const daemon = await startTestDaemon({ config: { limits: { pauseBytes: 256 * 1024, requestsPerClient: 1000, ...limits } } });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("preset.save", { id: "big", text: `tiller: 1\nname: big\n# ${"x".repeat(250_000)}\n` });
    await client.close();
    return daemon;
  };
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.dispose();
  });

  it("is disconnected once too much waits for it; memory stays bounded and others are served", async () => {
    const daemon = await start({ bufferedBytes: 4 * MB });
    const other = await connect(daemon.url, { token: daemon.token });
    const before = residentBytes(daemon.pid);
    const slow = await openSocket(daemon.url, { token: daemon.token });
    const closed = new Promise<void>((resolve) => slow.once("close", () => resolve()));
    slow.send(
      JSON.stringify({ jsonrpc: "2.0", id: 0, method: "daemon.hello", params: { protocol: 1, client: { name: "slow", version: "0" } } }),
    );
    slow.pause();
    for (let id = 1; id <= 900; id++) slow.send(JSON.stringify({ jsonrpc: "2.0", id, method: "preset.get", params: { id: "big" } }));
    while ((await other.call("daemon.status")).clients > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const after = residentBytes(daemon.pid);
    // 900 answers of 0.25 MB were asked for; a daemon that kept them all would have grown by more than 220 MB.
    assert.ok(after - before < 150 * MB, `grew by ${Math.round((after - before) / MB)} MB`);
    assert.match(await (await daemon.fetch("/metrics")).text(), /tiller_stuck_clients_total [1-9]/);
    slow.resume();
    await closed;
    await other.close();
  });

  it("is disconnected when it takes nothing for too long, even if it may have much waiting", async () => {
    const daemon = await start({ bufferedBytes: 1024 * MB, stuckSeconds: 0.5 });
    const other = await connect(daemon.url, { token: daemon.token });
    const slow = await openSocket(daemon.url, { token: daemon.token });
    slow.send(
      JSON.stringify({ jsonrpc: "2.0", id: 0, method: "daemon.hello", params: { protocol: 1, client: { name: "slow", version: "0" } } }),
    );
    slow.pause();
    // More than the system's own socket buffers take.
    for (let id = 1; id <= 120; id++) slow.send(JSON.stringify({ jsonrpc: "2.0", id, method: "preset.get", params: { id: "big" } }));
    while ((await other.call("daemon.status")).clients > 1) await new Promise((resolve) => setTimeout(resolve, 50));
    slow.terminate();
    await other.close();
  });

  it("gets a message that is larger than what may wait for it", async () => {
    const daemon = await start({ bufferedBytes: 64 * 1024, pauseBytes: 1024 });
    const client = await connect(daemon.url, { token: daemon.token });
    assert.ok((await client.call("preset.get", { id: "big" })).text.length > 250_000);
    await client.close();
  });

  it("gets everything, in order, when it was only slow for a moment", async () => {
    const daemon = await start({});
    const client = await connect(daemon.url, { token: daemon.token });
    client.socket.pause();
    const answers = Array.from({ length: 60 }, () => client.call("preset.get", { id: "big" }));
    await reached(daemon, "tiller_client_waiting_bytes", MB);
    client.socket.resume();
    for (const answer of await Promise.all(answers)) assert.equal(answer.text.length > 250_000, true);
    await client.close();
  });
});

function residentBytes(pid: number): number {
  if (process.platform !== "linux") return 0;
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}
