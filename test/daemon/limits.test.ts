import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, openSocket, type RpcError } from "../support/rpc.ts";
import { ENDLESS, LONG, makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("daemon: limits", () => {
  const daemons: TestDaemon[] = [];
  const start = async (config: object): Promise<{ daemon: TestDaemon; model: string }> => {
    const { home, model } = await makeSteeredHome(LONG, config);
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    return { daemon, model: model.id };
  };
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.dispose();
  });

  it("refuses answers beyond the queue, and takes them again once there is room", async () => {
    const { daemon, model } = await start({ limits: { queue: 1 } });
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: { ...QUICK, sequences: 2, contextSize: 32_768 } });
    const ask = (stream: string) => client.answer("generate.complete", { model, stream, prompt: "x", ...ENDLESS });
    const answers = ["a", "b", "c"].map(ask);
    await client.until(() => client.tokens("a").length > 0);
    assert.equal((await client.refused("generate.complete", { model, stream: "d", prompt: "x" })).code, "overloaded");
    const http = await daemon.post("/v1/completions", { model, prompt: "x" });
    assert.equal(http.status, 429);
    await client.call("generate.cancel", { stream: "a" });
    await answers[0];
    answers.push(ask("e"));
    await client.until(() => client.tokens("c").length > 0);
    for (const stream of ["b", "c", "e"]) await client.call("generate.cancel", { stream });
    for (const answer of await Promise.all(answers)) assert.equal(answer.reason, "cancelled");
    await client.close();
  });

  it("limits what one client runs at once, and still lets it cancel", async () => {
    const { daemon, model } = await start({ limits: { requestsPerClient: 2 } });
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: QUICK });
    const outcomes = ["a", "b", "c"].map((stream) =>
      client.answer("generate.complete", { model, stream, prompt: "x", ...ENDLESS }).then(
        ({ reason }) => reason,
        (error: RpcError) => error.code,
      ),
    );
    assert.equal(await outcomes[2], "overloaded");
    const other = await connect(daemon.url, { token: daemon.token });
    assert.equal(
      (await other.answer("generate.complete", { model, stream: "a", prompt: "x", sampling: { maxTokens: 2 }, ...ENDLESS })).tokens.length,
      2,
    );
    await client.until(() => client.tokens("a").length > 0 && client.tokens("b").length > 0);
    for (const stream of ["a", "b"]) await client.call("generate.cancel", { stream });
    assert.deepEqual(await Promise.all(outcomes), ["cancelled", "cancelled", "overloaded"]);
    await client.close();
    await other.close();
  });

  it("limits clients, and is still seen to live", async () => {
    const { daemon } = await start({ limits: { connections: 3 } });
    const owner = await connect(daemon.url, { token: daemon.token });
    const { token } = await owner.call("daemon.token.create", { name: "app", scopes: ["generate"] });
    const clients = await Promise.all([1, 2].map(() => connect(daemon.url, { token })));
    await assert.rejects(openSocket(daemon.url, { token }), { status: 429 });
    assert.equal((await fetch(`${daemon.url}/health`)).status, 200);
    await clients[0]!.close();
    while ((await clients[1]!.call("daemon.status")).clients > 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await (await connect(daemon.url, { token })).close();
    await owner.close();
    for (const client of clients.slice(1)) await client.close();
  });

  it("closes a socket that answers no ping", async () => {
    const { daemon } = await start({ limits: { idleSeconds: 1 } });
    const witness = await connect(daemon.url, { token: daemon.token });
    const silent = await openSocket(daemon.url, { token: daemon.token });
    silent.send(
      JSON.stringify({ jsonrpc: "2.0", id: 0, method: "daemon.hello", params: { protocol: 1, client: { name: "x", version: "0" } } }),
    );
    silent.pause();
    while ((await witness.call("daemon.status")).clients > 1) await new Promise((resolve) => setTimeout(resolve, 50));
    silent.terminate();
    await witness.close();
  });

  it("unloads a model that nobody used for a while, and loads it again when asked", async () => {
    const { daemon, model } = await start({});
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: { ...QUICK, idleMinutes: 0.005 } });
    const states = (): string[] => client.of("model.changed").map(({ model: changed }) => changed.state);
    await client.until(() => states().at(-1) === "available");
    assert.deepEqual((await client.call("daemon.status")).loaded, []);
    const answer = await client.answer("generate.complete", { model, stream: "a", prompt: "x", sampling: { maxTokens: 3 }, ...ENDLESS });
    assert.equal(answer.tokens.length, 3);
    await client.close();
  });

  it("lets a token without `load` use loaded models only", async () => {
    const { daemon, model } = await start({});
    const admin = await connect(daemon.url, { token: daemon.token });
    const { token } = await admin.call("daemon.token.create", { name: "app", scopes: ["generate"] });
    const app = await connect(daemon.url, { token });
    const hello = await admin.call("model.list");
    const isDefault = hello.models[0].id === model;
    const ask = { model, stream: "a", prompt: "x", sampling: { maxTokens: 2 }, ...ENDLESS };
    if (!isDefault) assert.equal((await app.refused("generate.complete", ask)).code, "forbidden");
    await admin.call("model.load", { model, options: QUICK });
    assert.equal((await app.answer("generate.complete", ask)).tokens.length, 2);
    await app.close();
    await admin.close();
  });
});
