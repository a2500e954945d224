import assert from "node:assert/strict";
import { chmodSync, chownSync } from "node:fs";
import { afterEach, describe, it } from "mocha";
import { childrenOf, makeHome, runDaemon, startTestDaemon, type TestDaemon } from "../../support/daemon.ts";
import { connect, type RpcError } from "../../support/rpc.ts";
import { skip } from "../../support/shared.ts";
import { ENDLESS, LONG, makeSteeredHome, QUICK } from "../../support/steered-home.ts";

describe("attacks: stuck engines, revoked tokens, homes of others", () => {
  const daemons: TestDaemon[] = [];
  const start = async (config: object, env: NodeJS.ProcessEnv = {}): Promise<{ daemon: TestDaemon; model: string }> => {
    const { home, model } = await makeSteeredHome(LONG, config);
    const daemon = await startTestDaemon({ home, env });
    daemons.push(daemon);
    return { daemon, model: model.id };
  };
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.dispose();
  });

  it("an answer of a stopped engine is cancelled at once, and the engine is ended after a while", async function () {
    if (process.platform !== "linux") skip(this, "finds engines through /proc");
    const { daemon, model } = await start({ engine: { cancelSeconds: 4, restartSeconds: 0.05 } });
    const client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: QUICK });
    const answer = client.refused("generate.complete", { model, stream: "s", prompt: "x", ...ENDLESS });
    await client.until(() => client.tokens("s").length > 0);
    const [engine] = childrenOf(daemon.pid);
    process.kill(engine!, "SIGSTOP");
    assert.deepEqual(await client.call("generate.cancel", { stream: "s" }), { cancelled: true });
    assert.equal(((await answer) as RpcError).code, "cancelled");
    assert.equal(childrenOf(daemon.pid)[0], engine, "it may still come back");
    await client.until(() => client.of("model.changed").some(({ model: { state } }) => state === "crashed"));
    await client.until(() => client.of("model.changed").at(-1)?.model.state === "loaded");
    assert.equal(
      (await client.answer("generate.complete", { model, stream: "t", prompt: "x", sampling: { maxTokens: 2 }, ...ENDLESS })).tokens.length,
      2,
    );
    await client.close();
  });

  it("a revoked token's HTTP stream ends", async () => {
    const { daemon, model } = await start({});
    const owner = await connect(daemon.url, { token: daemon.token });
    await owner.call("model.load", { model, options: { ...QUICK, contextSize: 8192 } });
    const { entry, token } = await owner.call("daemon.token.create", { name: "app", scopes: ["generate"] });
    const response = await fetch(`${daemon.url}/v1/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ model, prompt: "x", max_tokens: 8000, stream: true, logit_bias: { "2": -100 } }),
    });
    const reader = response.body!.getReader();
    let text = "";
    const more = async (): Promise<boolean> => {
      const { done, value } = await reader.read();
      text += new TextDecoder().decode(value);
      return !done;
    };
    await more();
    await owner.call("daemon.token.revoke", { id: entry.id });
    await (async () => {
      while (await more());
    })().catch(() => undefined);
    assert.ok(!text.includes("[DONE]"), "the answer came to its end");
    while ((await owner.call("daemon.status")).running > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await owner.close();
  });

  it("a home that others own or may write to is refused, with what to do", async function () {
    if (process.getuid === undefined) skip(this, "needs POSIX owners");
    const home = makeHome();
    try {
      chmodSync(home.paths.home, 0o777);
      const open = runDaemon(home);
      assert.equal(await open.firstLine, null);
      assert.match(open.stderr(), /can be written by every user.*chmod 700/);
      chmodSync(home.paths.home, 0o700);
      if (process.getuid() === 0) {
        chownSync(home.paths.home, 12_345, 12_345);
        const foreign = runDaemon(home);
        assert.equal(await foreign.firstLine, null);
        assert.match(foreign.stderr(), /belongs to another user/);
      }
    } finally {
      home.remove();
    }
  });

  it("an address that others can reach is warned of", async () => {
    const home = makeHome();
    const daemon = await startTestDaemon({ home, args: ["--host", "0.0.0.0", "--allow-remote"] });
    daemons.push(daemon);
    assert.match(daemon.log, /other machines can connect to 0\.0\.0\.0, and nothing is encrypted/);
  });

  it("models load whatever CI is set to", async () => {
    for (const CI of ["", "woodpecker"]) {
      const { daemon, model } = await start({}, { CI });
      const client = await connect(daemon.url, { token: daemon.token });
      assert.equal((await client.call("model.load", { model, options: QUICK })).state, "loaded");
      await client.close();
    }
  });
});
