import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon, type TestHome } from "../support/daemon.ts";
import { asked } from "../support/evaluation.ts";
import { connect, type RpcError } from "../support/rpc.ts";
import { ENDLESS, LONG, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const user = (content: string) => [{ role: "user", content }];

describe("daemon: draining", () => {
  const homes: TestHome[] = [];
  const daemons: TestDaemon[] = [];
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.dispose();
    for (const home of homes.splice(0)) home.remove();
  });

  it("ends running answers with an event, refuses new ones, and exits with code 0", async () => {
    const { home, model } = await makeSteeredHome(LONG, { limits: { drainSeconds: 0.3 } });
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    let failure: RpcError | undefined;
    client.answer("generate.chat", { model: model.id, stream: "long", messages: user("go"), ...ENDLESS }).catch((error: RpcError) => {
      failure = error;
    });
    const http = daemon
      .post("/v1/completions", { model: model.id, prompt: "go", stream: true, max_tokens: 8000, logit_bias: ENDLESS.logitBias })
      .then((response) => response.text());
    await client.until(() => client.tokens("long").length > 3);
    daemon.process.kill("SIGTERM");
    await client.until(() => client.of("daemon.stopping").length > 0);
    assert.equal((await client.refused("generate.chat", { model: model.id, stream: "late", messages: user("x") })).code, "shutting-down");
    await client.closed;
    const [end] = client.of("generate.end", "long");
    assert.equal(end.reason, "shutting-down");
    assert.equal(failure?.code, "shutting-down");
    const events = await http;
    assert.match(events, /"code":"shutting-down"/);
    assert.deepEqual(await daemon.exited, { code: 0, signal: null });
  });

  it("lets an answer that is nearly done finish", async () => {
    const { home, model } = await makeSteeredHome();
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model: model.id, options: QUICK });
    const answer = client.answer("generate.chat", {
      model: model.id,
      stream: "short",
      messages: user("go"),
      sampling: { maxTokens: 100 },
      ...ENDLESS,
    });
    await client.until(() => client.tokens("short").length > 0);
    daemon.process.kill("SIGTERM");
    assert.equal((await answer).reason, "length");
    assert.deepEqual(await daemon.exited, { code: 0, signal: null });
  });

  it("saves a running job as interrupted and finishes it after the next start", async () => {
    const { home, model } = await makeSteeredHome(LONG, { limits: { drainSeconds: 0.1 } });
    homes.push(home);
    const first = await startTestDaemon({ home });
    const client = await connect(first.url, { token: first.token });
    const texts = Array.from({ length: 40 }, (_, i) => `some text number ${i}`);
    const params = { id: "direction/found", model: model.id, templates: { positive: "good {}", negative: "bad {}", texts } };
    const job = await client.call("experiment.start", asked("directions/from-pairs", params));
    assert.equal(job.state, "queued");
    await client.until(() => client.of("job.changed").some(({ state }) => state === "running"));
    await first.stop();
    const second = await startTestDaemon({ home });
    daemons.push(second);
    const again = await connect(second.url, { token: second.token });
    while (!["done", "failed"].includes((await again.call("job.get", { job: job.id })).state))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const done = await again.call("job.get", { job: job.id });
    assert.deepEqual([done.state, done.result], ["done", "direction/found"], done.message);
    const artifact = await again.call("artifact.get", { id: "direction/found" });
    assert.equal(artifact.model.fingerprint, model.fingerprint);
    homes.splice(homes.indexOf(home), 1);
  });

  it("cancels a job", async () => {
    const { home, model } = await makeSteeredHome();
    const daemon = await startTestDaemon({ home });
    daemons.push(daemon);
    const client = await connect(daemon.url, { token: daemon.token });
    const texts = Array.from({ length: 400 }, (_, i) => `text ${i} ${"and more words ".repeat(30)}`);
    const params = { id: "direction/found", model: model.id, templates: { positive: "good {}", negative: "bad {}", texts } };
    const job = await client.call("experiment.start", asked("directions/from-pairs", params));
    await client.until(() => client.of("job.changed").some(({ state, message }) => state === "running" && /reading/.test(message)));
    await client.call("job.cancel", { job: job.id });
    await client.until(() => client.of("job.changed").at(-1)?.state === "cancelled");
    assert.equal((await client.refused("artifact.get", { id: "direction/found" })).code, "not-found");
    assert.equal((await client.call("job.list")).jobs[0].state, "cancelled");
    await client.close();
  });
});
