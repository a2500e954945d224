import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { childrenOf, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type RpcError } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";
import { addRandomModel, ENDLESS, LONG, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const user = (content: string) => [{ role: "user", content }];

describe("daemon: engines that die", () => {
  const daemons: TestDaemon[] = [];
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.dispose();
  });

  it("tells the clients of a killed engine within a second, leaves the other engine alone, and starts a new one", async function () {
    if (process.platform !== "linux") skip(this, "finds engines through /proc");
    const { home, model } = await makeSteeredHome();
    const second = await addRandomModel(home, "second", { ...LONG, seed: 2 });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    const [first] = childrenOf(daemon.pid);
    await client.call("model.load", { model: second.id, options: QUICK });

    let failed: { at: number; error: RpcError } | undefined;
    client.answer("generate.chat", { model: model.id, stream: "doomed", messages: user("go"), ...ENDLESS }).catch((error: RpcError) => {
      failed = { at: Date.now(), error };
    });
    const survivor = client.answer("generate.chat", { model: second.id, stream: "survivor", messages: user("go"), ...ENDLESS });
    await client.until(() => client.tokens("doomed").length > 3 && client.tokens("survivor").length > 3);
    const killed = Date.now();
    process.kill(first!, "SIGKILL");
    await client.until(() => client.of("generate.end", "doomed").length > 0);
    const end = client.notifications.find((entry) => entry.method === "generate.end")!;
    assert.equal(end.params.reason, "engine-crashed");
    assert.ok(end.at - killed < 1000, `${end.at - killed} ms`);
    await client.until(() => failed !== undefined);
    assert.ok(failed!.at - killed < 1000);
    assert.equal(failed!.error.code, "engine-crashed");

    const seen = client.tokens("survivor").length;
    await client.until(() => client.tokens("survivor").length > seen + 20);
    await client.call("generate.cancel", { stream: "survivor" });
    assert.equal((await survivor).reason, "cancelled");

    const states = (): string[] =>
      client
        .of("model.changed")
        .filter(({ model: changed }) => changed.id === model.id)
        .map(({ model: changed }) => changed.state);
    await client.until(() => states().lastIndexOf("loaded") > states().indexOf("crashed") && states().includes("crashed"));
    const again = await client.answer("generate.chat", {
      model: model.id,
      stream: "again",
      messages: user("go"),
      sampling: { maxTokens: 5 },
      ...ENDLESS,
    });
    assert.equal(again.tokens.length, 5);
    assert.equal((await client.call("daemon.status")).pid, daemon.pid);
    assert.match(await (await daemon.fetch("/metrics")).text(), /tiller_engine_crashes_total\{[^}]*\} 1/);
    await client.close();
  });

  it("fails what waited for a killed engine with a clear error", async function () {
    if (process.platform !== "linux") skip(this, "finds engines through /proc");
    const { home, model } = await makeSteeredHome();
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: { ...QUICK, sequences: 2 } });
    const outcomes = Array.from({ length: 6 }, (_, i) =>
      client.answer("generate.chat", { model: model.id, stream: `s${i}`, messages: user("go"), ...ENDLESS }).then(
        () => "answered",
        (error: RpcError) => error.code,
      ),
    );
    await client.until(() => client.tokens("s0").length > 0);
    process.kill(childrenOf(daemon.pid)[0]!, "SIGKILL");
    assert.deepEqual(new Set(await Promise.all(outcomes)), new Set(["engine-crashed"]));
    assert.equal(client.of("generate.end").length, 6);
    await client.close();
  });

  it("lives through a vocabulary that makes llama.cpp end its process", async () => {
    const { home } = await makeSteeredHome();
    const deadly = await addRandomModel(home, "no-bytes", { architecture: "llama", byteTokens: false });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    const error = await client.refused("generate.complete", { model: deadly.id, stream: "a", prompt: "snow ☃ 雪" });
    assert.ok(["engine-crashed", "engine-failed", "bad-model-file"].includes(error.code), `${error.code} ${error.message}`);
    assert.ok(!JSON.stringify(error.body).includes("☃"));
    assert.equal((await client.call("daemon.status")).pid, daemon.pid);
    assert.ok(!daemon.log.includes("☃"));
    await client.close();
  });

  it("says why llama.cpp ends its process while it loads a model, and promises no start", async () => {
    const { home } = await makeSteeredHome();
    const broken = await addRandomModel(home, "broken", { architecture: "dots1" });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    for (const call of ["model.load", "model.inspect"] as const) {
      const error = await client.refused(call, { model: broken.id });
      assert.equal(error.code, "engine-crashed");
      assert.match(error.message, /cannot use this model: .*expert_gating_func 0/);
      assert.doesNotMatch(JSON.stringify(error.body), /started again/);
    }
    await client.close();
  });

  it("waits longer before each restart of an engine that keeps dying, and stops trying in the end", async function () {
    if (process.platform !== "linux") skip(this, "finds engines through /proc");
    const { home, model } = await makeSteeredHome(LONG, { engine: { restartSeconds: 0.05, restartLimit: 2 } });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    const states = (): string[] => client.of("model.changed").map(({ model: changed }) => changed.state);
    for (let crash = 1; crash <= 3; crash++) {
      process.kill(childrenOf(daemon.pid)[0]!, "SIGKILL");
      await client.until(() => states().filter((state) => state === "crashed").length === crash);
      if (crash <= 2) await client.until(() => states().filter((state) => state === "loaded").length === crash + 1);
    }
    assert.equal(states().at(-1), "crashed");
    // A request is worth another attempt.
    const answer = await client.answer("generate.chat", {
      model: model.id,
      stream: "a",
      messages: user("x"),
      sampling: { maxTokens: 3 },
      ...ENDLESS,
    });
    assert.equal(answer.tokens.length, 3);
    await client.close();
  });

  it("goes on trying when the engine that was started again dies while it loads", async function () {
    if (process.platform !== "linux") skip(this, "finds engines through /proc");
    const { home, model } = await makeSteeredHome(LONG, { engine: { restartSeconds: 0.05, restartLimit: 5 } });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    const states = (): string[] => client.of("model.changed").map(({ model: changed }) => changed.state);
    const first = childrenOf(daemon.pid)[0]!;
    process.kill(first, "SIGKILL");
    await client.until(() => states().filter((state) => state === "loading").length === 2);
    await client.until(() => childrenOf(daemon.pid).some((pid) => pid !== first));
    process.kill(childrenOf(daemon.pid).find((pid) => pid !== first)!, "SIGKILL");
    await client.until(() => states().filter((state) => state === "crashed").length === 2);
    assert.deepEqual(states().filter((state) => state === "loaded").length, 1, "the second engine was still loading");
    // nobody asks for it
    await client.until(() => states().at(-1) === "loaded");
    await client.close();
  });

  it("ends an engine that hangs, tells its clients, and serves again", async () => {
    const { home, model } = await makeSteeredHome(LONG, { engine: { hangSeconds: 4, restartSeconds: 0.05 } });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    const ask = (stream: string, more: object): Promise<unknown> =>
      client.answer("generate.chat", { model: model.id, stream, messages: user("x"), sampling: { maxTokens: 2000 }, ...ENDLESS, ...more });
    const beside = assert.rejects(ask("a", {}), (error: RpcError) => error.code === "engine-crashed");
    await client.until(() => client.tokens("a").length > 0);
    // 2⁴⁰ ways to begin: llama.cpp goes through them all
    const rules = Array.from({ length: 40 }, (_, k) => `r${k} ::= r${k + 1} | r${k + 1}`);
    const grammar = ["root ::= r0", ...rules, 'r40 ::= "b"'].join("\n");
    await assert.rejects(ask("b", { grammar }), (error: RpcError) => error.code === "engine-crashed");
    await beside;
    assert.match(daemon.log, /did not answer for \d+ s/);
    await client.until(() => client.of("model.changed").at(-1)?.model.state === "loaded");
    await ask("c", { sampling: { maxTokens: 2 } });
    await client.close();
  });

  it("ends an engine that takes more memory than config.json allows, and says so", async function () {
    if (process.platform !== "linux") skip(this, "reads /proc");
    const { home, model } = await makeSteeredHome(LONG, { engine: { memoryBytes: 1024 * 1024, restartLimit: 0 } });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    await client.until(() => client.of("model.changed").at(-1)?.model.state === "crashed");
    assert.match(daemon.log, /used more than the 1048576 bytes that it may have/);
    await client.close();
  });
});
