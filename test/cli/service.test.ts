import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, describe, it } from "mocha";
import { readLock } from "../../daemon/store/lock.ts";
import { Cli } from "../support/cli.ts";

describe("cli: serve, status, stop", () => {
  const clis: Cli[] = [];
  const fresh = (): Cli => {
    const cli = new Cli();
    clis.push(cli);
    return cli;
  };
  afterEach(async () => {
    for (const cli of clis.splice(0)) await cli.dispose();
  });

  it("serve --json prints one line with url, token and pid, logs to stderr, and ends on SIGTERM and Ctrl-C with code 0", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const cli = fresh();
      const server = cli.start(["serve", "--port", "0", "--json"]);
      await server.until(/\n/);
      const first = JSON.parse(server.out());
      assert.deepEqual(Object.keys(first), ["url", "token", "pid"]);
      assert.equal(first.pid, server.process.pid);
      const answer = await fetch(`${first.url}/v1/models`, { headers: { authorization: `Bearer ${first.token}` } });
      assert.equal(answer.status, 200);
      server.process.kill(signal);
      const { code, stdout, stderr } = await server.ended;
      assert.equal(code, 0);
      assert.equal(stdout.split("\n").length, 2, stdout);
      assert.ok(!stderr.includes(first.token), "the token is in the log");
      assert.ok(!existsSync(cli.home.paths.lock));
    }
  });

  it("serve prints the page's address for people, without the token where a log keeps it, and survives a reader that leaves", async () => {
    const cli = fresh();
    const server = cli.shell("tiller serve | head -1");
    const [, url] = await server.until(/(http:\/\/127\.0\.0\.1:\d+) \(`tiller status --page` prints/);
    const { page } = await cli.json(["status", "--page"]);
    const code = /#code=([\w-]{22})$/.exec(page)?.[1];
    assert.equal(page, `${url}/#code=${code}`);
    const body = JSON.stringify({ code });
    const signIn = () => fetch(`${url}/v1/page/session`, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { token } = (await (await signIn()).json()) as { token: string };
    const answer = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200);
    assert.equal((await signIn()).status, 401);
    assert.equal((await cli.json(["stop"])).stopped, true);
    await server.ended;
  });

  it("status and stop say with code 0 that no daemon runs", async () => {
    const cli = fresh();
    assert.deepEqual(await cli.json(["status"]), { running: false });
    assert.deepEqual(await cli.json(["stop"]), { stopped: false, running: false });
    assert.match((await cli.run(["status"])).stdout, /No daemon runs/);
    assert.equal((await cli.run(["stop"])).code, 0);
  });

  it("a daemon of another build is told from one's own", async () => {
    const cli = fresh();
    const server = cli.start(["serve", "--json"]);
    await server.until(/\n/);
    assert.doesNotMatch((await cli.run(["status"])).stderr, /another build/);
    const lock = readLock(cli.home.paths.lock)!;
    writeFileSync(cli.home.paths.lock, JSON.stringify({ ...lock, build: "0".repeat(16) }));
    assert.match((await cli.run(["status"])).stderr, /pid \d+\) is of another build than this command; `tiller stop`/);
    // with --open it has forked an engine already, which must not keep it alive
    const second = await cli.run(["serve", "--open"]);
    assert.equal(second.code, 6);
    assert.match(second.stderr, /It is of another build/);
    assert.equal((await cli.json(["stop"])).stopped, true);
  });

  it("status tells what runs, and the page's address only when asked", async () => {
    const cli = fresh();
    const server = cli.start(["serve", "--json"]);
    await server.until(/\n/);
    const { url, token, pid } = JSON.parse(server.out());
    const status = await cli.json(["status"]);
    assert.deepEqual([status.running, status.url, status.pid], [true, url, pid]);
    assert.deepEqual(status.answers, { running: 0, queued: 0 });
    assert.ok(!JSON.stringify(status).includes(token));
    const { page } = await cli.json(["status", "--page"]);
    assert.match(page, /^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{22}$/);
    assert.ok(page.startsWith(url) && !page.includes(token));
    assert.match((await cli.run(["status"])).stdout, new RegExp(`pid ${pid}, ${url}`));
  });

  it("a command starts the daemon when there is none, says so once on stderr, and the next one uses it", async () => {
    const cli = fresh();
    const first = await cli.run(["models"]);
    assert.equal(first.code, 0);
    assert.match(first.stderr, /started the daemon \(pid \d+\).*tiller stop/);
    const pid = cli.daemonPid;
    const second = await cli.run(["models"]);
    assert.equal(second.stderr, "");
    assert.equal(cli.daemonPid, pid);
    assert.equal(statSync(cli.home.paths.lock).mode & 0o777, 0o600);
    assert.deepEqual(await cli.json(["stop"]), { stopped: true, pid });
    assert.equal(cli.daemonPid, null);
  });

  it("commands that start a daemon at the same time share one", async () => {
    const cli = fresh();
    const results = await Promise.all(Array.from({ length: 4 }, () => cli.run(["models", "--json"])));
    for (const { code, stdout, stderr } of results) {
      assert.equal(code, 0, stderr);
      assert.ok(Array.isArray(JSON.parse(stdout)));
    }
    assert.equal((await cli.json(["status"])).pid, cli.daemonPid);
  });

  it("two daemons at once: the second names the first, without its token, and changes nothing", async () => {
    const cli = fresh();
    const server = cli.start(["serve", "--json"]);
    await server.until(/\n/);
    const { url, token, pid } = JSON.parse(server.out());
    const lock = readFileSync(cli.home.paths.lock, "utf8");
    const error = await cli.refused(["serve"]);
    assert.deepEqual([error.exit, error.code], [6, "conflict"]);
    assert.equal(error.message, `a daemon already runs: pid ${pid} at ${url}`);
    assert.match(error.suggestion, /tiller stop/);
    assert.ok(!JSON.stringify(error).includes(token));
    assert.equal(readFileSync(cli.home.paths.lock, "utf8"), lock);
    assert.equal((await cli.json(["status"])).pid, pid);
  });

  it("port taken: says which, with code 6, and leaves no lock", async () => {
    const cli = fresh();
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const { port } = blocker.address() as { port: number };
    try {
      const error = await cli.refused(["serve", "--port", String(port)]);
      assert.deepEqual([error.exit, error.code], [6, "conflict"]);
      assert.match(error.message, new RegExp(`port ${port} is taken`));
      assert.match(error.suggestion, /another port, or 0/);
      assert.equal(readLock(cli.home.paths.lock), null);
    } finally {
      blocker.close();
    }
  });

  it("listens beyond this machine only when told twice", async () => {
    const error = await fresh().refused(["serve", "--host", "0.0.0.0"]);
    assert.deepEqual([error.exit, error.code, error.field], [4, "forbidden", "host"]);
    assert.match(error.suggestion, /--allow-remote/);
  });

  it("a daemon that cannot start is explained by its own last words", async () => {
    const cli = fresh();
    writeFileSync(cli.home.paths.config, '{"limits":{"messageBites":1}}');
    const error = await cli.refused(["models"]);
    assert.deepEqual([error.exit, error.code], [5, "unreachable"]);
    assert.match(error.message, /config\.limits\.messageBites: unknown key/);
    assert.equal((await cli.refused(["serve"])).exit, 2);
  });
});
