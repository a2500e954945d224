import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../../support/daemon.ts";
import { connect, type RpcClient } from "../../support/rpc.ts";
import { ENDLESS, LONG, makeSteeredHome, QUICK } from "../../support/steered-home.ts";

describe("attacks: what one token learns of another, or takes from it", () => {
  let daemon: TestDaemon;
  let owner: RpcClient;
  let model: string;
  const apps: { token: string; client: RpcClient }[] = [];
  before(async () => {
    const steered = await makeSteeredHome(LONG, { limits: { queuePerToken: 40 } });
    model = steered.model.id;
    daemon = await startTestDaemon({ home: steered.home });
    owner = await connect(daemon.url, { token: daemon.token });
    await owner.call("model.load", { model, options: { ...QUICK, sequences: 2, contextSize: 4096 } });
    for (const name of ["a", "b"]) {
      const { token } = await owner.call("daemon.token.create", { name, scopes: ["generate"] });
      apps.push({ token, client: await connect(daemon.url, { token }) });
    }
  });
  after(async () => {
    for (const { client } of apps) await client.close();
    await owner.close();
    await daemon.dispose();
  });

  it("a prompt that another token had read is not in the cache for it", async () => {
    const prompt = `The secret is ${"blue elephants and ".repeat(20)}`;
    const ask = async (client: RpcClient): Promise<number> =>
      (await client.answer("generate.complete", { model, stream: "s", prompt, sampling: { maxTokens: 1 }, ...ENDLESS })).stats.reusedTokens;
    const cached = async (token: string): Promise<number> => {
      const response = await fetch(`${daemon.url}/v1/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ model, prompt, max_tokens: 1 }),
      });
      return ((await response.json()) as { usage: { prompt_tokens_details: { cached_tokens: number } } }).usage.prompt_tokens_details
        .cached_tokens;
    };
    const [a, b] = apps;
    await ask(owner);
    assert.equal(await ask(a!.client), 0);
    assert.ok((await ask(a!.client)) > 20, "its own is");
    assert.equal(await cached(b!.token), 0);
    assert.ok((await cached(b!.token)) > 20);
  });

  it("150 requests of one token let another one's through in turn", async () => {
    const [a, b] = apps;
    const post = (token: string): Promise<Response> =>
      fetch(`${daemon.url}/v1/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ model, prompt: "x", max_tokens: 400, logit_bias: { "2": -100 } }),
      });
    let answered = 0;
    let asked = 0;
    const flood = Array.from({ length: 150 }, async () => {
      const response = await post(a!.token);
      if (response.status === 200) answered++;
      else asked++;
      await response.text();
      return response;
    });
    while ((await owner.call("daemon.status")).queued < 30) await new Promise((resolve) => setTimeout(resolve, 5));
    const { running } = await owner.call("daemon.status");
    assert.ok(running <= 2, `${running} run on two sequences`);
    const earlier = answered;
    const mine = await post(b!.token);
    assert.equal(mine.status, 200);
    assert.ok(answered - earlier < 28, `${answered - earlier} of the other token's were answered before`);
    for (const response of await Promise.all(flood)) {
      assert.ok(response.status === 200 || response.status === 429);
      if (response.status === 429) assert.ok(Number(response.headers.get("retry-after")) > 0);
    }
    assert.ok(asked >= 50, `${asked} were told to come back`);
  });
});
