import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, describe, it } from "mocha";
import { LockSchema, readLock } from "../../daemon/store/lock.ts";
import { makeHome, runDaemon, startTestDaemon, type TestDaemon, type TestHome } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";

describe("daemon: start and end", () => {
  const daemons: TestDaemon[] = [];
  const homes: TestHome[] = [];
  const start = async (...args: Parameters<typeof startTestDaemon>): Promise<TestDaemon> => {
    const daemon = await startTestDaemon(...args);
    daemons.push(daemon);
    return daemon;
  };
  const home = (config?: unknown): TestHome => {
    const made = makeHome(config);
    homes.push(made);
    return made;
  };
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.dispose();
    for (const made of homes.splice(0)) made.remove();
  });

  it("says where it is in one line and in the lock file", async () => {
    const daemon = await start();
    const lock = LockSchema.parse(readLock(daemon.home.paths.lock));
    assert.deepEqual([lock.pid, lock.port, lock.token], [daemon.pid, daemon.port, daemon.token]);
    assert.match(daemon.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("ends on SIGTERM and SIGINT with code 0, tells its clients, and removes the lock", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const daemon = await start();
      const client = await connect(daemon.url, { token: daemon.token });
      daemon.process.kill(signal);
      assert.deepEqual(await client.closed, { code: 1001, reason: "the daemon is stopping" });
      assert.equal(client.of("daemon.stopping").length, 1);
      assert.deepEqual(await daemon.exited, { code: 0, signal: null });
      assert.ok(!existsSync(daemon.home.paths.lock));
    }
  });

  it("ends when an admin asks", async () => {
    const daemon = await start();
    const client = await connect(daemon.url, { token: daemon.token });
    assert.deepEqual(await client.call("daemon.stop"), { stopping: true });
    assert.deepEqual(await daemon.exited, { code: 0, signal: null });
  });

  it("takes the port of its last start again, and another where that is taken", async () => {
    const shared = home();
    const first = await start({ home: shared });
    await first.stop();
    const second = await startTestDaemon({ home: shared });
    assert.equal(second.port, first.port);
    await second.stop();
    const other = createServer().listen(first.port, "127.0.0.1");
    await once(other, "listening");
    try {
      const third = await startTestDaemon({ home: shared });
      assert.notEqual(third.port, first.port);
      await third.stop();
    } finally {
      other.close();
    }
  });

  it("lets a second daemon on the same home say which one runs", async () => {
    const first = await start();
    const second = runDaemon(first.home);
    assert.equal(await second.firstLine, null);
    assert.equal((await second.exited).code, 3);
    assert.match(second.stderr(), new RegExp(`pid ${first.pid} at ${first.url}`));
    assert.equal((await first.fetch("/v1/models")).status, 200);
  });

  it("lets exactly one of several that start at once win", async () => {
    const dead = { pid: 2 ** 22 + 1, host: "127.0.0.1", port: 1, token: "a".repeat(22), version: "0", protocol: 1, started: "then" };
    for (const stale of ["{ half a file", JSON.stringify(dead)]) {
      const shared = home();
      writeFileSync(shared.paths.lock, stale);
      const runs = Array.from({ length: 4 }, () => runDaemon(shared));
      const lines = await Promise.all(runs.map((run) => run.firstLine));
      const winners = runs.filter((_, index) => lines[index] !== null);
      assert.equal(winners.length, 1, runs.map((run) => run.stderr()).join("\n"));
      const { pid } = JSON.parse(lines.find((line) => line !== null)!);
      for (const run of runs) if (run !== winners[0]) assert.match(run.stderr(), new RegExp(`pid ${pid} `));
      winners[0]!.process.kill("SIGTERM");
      await winners[0]!.exited;
    }
  });

  it("replaces the lock of a daemon that was killed", async () => {
    const first = await start();
    first.process.kill("SIGKILL");
    await first.exited;
    assert.ok(existsSync(first.home.paths.lock));
    const second = await start({ home: first.home });
    assert.equal(readLock(first.home.paths.lock)?.pid, second.pid);
  });

  it("replaces a lock whose pid now belongs to another program", async () => {
    const shared = home();
    const lock = { pid: process.pid, host: "127.0.0.1", port: 1, token: "A".repeat(22), version: "0", protocol: 1, started: "then" };
    writeFileSync(shared.paths.lock, JSON.stringify(lock));
    const daemon = await start({ home: shared });
    assert.equal(readLock(shared.paths.lock)?.pid, daemon.pid);
  });

  it("does not take itself for the daemon before it when pid and port are in use again", async () => {
    const first = await start();
    const lock = readLock(first.home.paths.lock)!;
    first.process.kill("SIGKILL");
    await first.exited;
    writeFileSync(first.home.paths.lock, JSON.stringify({ ...lock, pid: process.pid }));
    const second = await start({ home: first.home });
    assert.equal(second.port, lock.port);
    assert.equal(readLock(first.home.paths.lock)?.pid, second.pid);
  });

  it("says which port is taken", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const { port } = blocker.address() as { port: number };
    const run = runDaemon(home(), ["--port", String(port)]);
    assert.equal((await run.exited).code, 3);
    assert.match(run.stderr(), new RegExp(`port ${port} is taken`));
    blocker.close();
  });

  it("listens beyond this machine only when told twice", async () => {
    const run = runDaemon(home(), ["--host", "0.0.0.0"]);
    assert.equal((await run.exited).code, 2);
    assert.match(run.stderr(), /--allow-remote/);
    const daemon = await start({ home: home(), args: ["--host", "0.0.0.0", "--allow-remote"] });
    assert.equal((await daemon.fetch("/v1/models")).status, 200);
    assert.equal((await fetch(`${daemon.url}/v1/models`)).status, 401);
  });

  it("refuses wrong arguments and a wrong config, naming them", async () => {
    const cases: [string[], unknown, RegExp][] = [
      [["--port", "99999"], undefined, /--port/],
      [["--fly"], undefined, /fly/],
      [[], { limits: { messageBites: 1 } }, /config\.limits\.messageBites/],
      [[], { limits: { connections: -1 } }, /config\.limits\.connections/],
    ];
    for (const [args, config, pattern] of cases) {
      const run = runDaemon(home(config), args);
      assert.equal((await run.exited).code, 2, run.stderr());
      assert.match(run.stderr(), pattern);
      assert.ok(!run.stderr().includes("    at "), run.stderr());
    }
  });
});
