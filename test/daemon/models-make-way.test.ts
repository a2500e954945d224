import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { makeHome, startTestDaemon, type TestDaemon, type TestHome } from "../support/daemon.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { addRandomModel, ENDLESS, SLOW } from "../support/steered-home.ts";

describe("daemon: more models than may be loaded", () => {
  let home: TestHome;
  let daemon: TestDaemon;
  let client: RpcClient;
  const ids: string[] = [];
  before(async () => {
    home = makeHome({ engine: { models: 2 } });
    for (const seed of [1, 2, 3]) ids.push((await addRandomModel(home, `model-${seed}`, { ...SLOW, seed })).id);
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  const loaded = async (): Promise<string[]> => {
    const { models } = (await client.call("model.list", {})) as { models: { id: string; state: string }[] };
    return models.filter(({ id, state }) => state === "loaded" && ids.includes(id)).map(({ id }) => id);
  };
  const ask = (model: string, stream: string, more: object = {}) =>
    client.answer("generate.chat", { model, stream, messages: [{ role: "user", content: "go" }], sampling: { maxTokens: 2 }, ...more });

  it("the one used longest ago makes way, one in use never does", async () => {
    const [a, b, c] = ids as [string, string, string];
    await ask(a, "1");
    await ask(b, "2");
    await ask(a, "3");
    await ask(c, "4");
    assert.deepEqual((await loaded()).sort(), [a, c].sort());
    const long = ask(a, "long", { sampling: { maxTokens: 5000 }, ...ENDLESS });
    await client.until(() => client.tokens("long").length > 0);
    await ask(b, "5");
    assert.deepEqual((await loaded()).sort(), [a, b].sort());
    const other = ask(b, "other", { sampling: { maxTokens: 5000 }, ...ENDLESS });
    await client.until(() => client.tokens("other").length > 0);
    const refused = await client.refused("generate.chat", { model: c, stream: "6", messages: [{ role: "user", content: "go" }] });
    assert.equal(refused.code, "overloaded");
    assert.match(refused.message, /engine\.models/);
    for (const stream of ["long", "other"]) await client.call("generate.cancel", { stream });
    await Promise.all([long, other]);
  });
});
