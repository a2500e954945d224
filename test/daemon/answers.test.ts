import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { AnswerSchema } from "../../daemon/protocol/api/generate.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { ENDLESS, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const user = (content: string) => [{ role: "user", content }];

describe("daemon: answers over the WebSocket", () => {
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome();
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home, env: { TILLER_LOG: "debug" } });
    client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: QUICK });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  it("streams tokens that make up the answer, and says what steered it", async () => {
    const answer = AnswerSchema.parse(
      await client.answer("generate.chat", {
        model,
        stream: "a1",
        messages: user("hello"),
        sampling: { maxTokens: 20, seed: 3 },
        topLogprobs: 2,
        ...ENDLESS,
      }),
    );
    assert.equal(client.of("generate.start", "a1").length, 1);
    assert.deepEqual(client.tokens("a1"), answer.tokens);
    assert.equal(answer.tokens.length, 20);
    assert.equal(answer.reason, "length");
    assert.equal(answer.text, answer.tokens.map((token) => token.text).join(""));
    assert.equal(answer.steered.steered, false);
    assert.match(answer.steered.summary, /^NOT steered/);
    assert.equal(answer.tokens[0]?.top?.length, 2);
    assert.equal(client.of("generate.end", "a1").length, 0);
  });

  it("takes what is asked of an answer right behind it: a moved slider, and its end", async () => {
    const steering = { rack: { controls: { shift: { use: "direction/shift", strength: 1, range: [-8, 8] } } } };
    const asked = { model, messages: user("go"), steering, sampling: { maxTokens: 8 }, ...ENDLESS };
    const [answer, moved] = await Promise.all([
      client.call("generate.chat", { ...asked, stream: "behind" }),
      client.call("steer.set", { stream: "behind", set: { shift: 4 } }),
    ]);
    assert.equal(answer.reason, "length");
    assert.ok(moved.steered.summary.length > 0);
    const [ended, cancelled] = await Promise.all([
      client.call("generate.chat", { ...asked, stream: "ended", sampling: { maxTokens: 5000 } }),
      client.call("generate.cancel", { stream: "ended" }),
    ]);
    assert.deepEqual([ended.reason, cancelled.cancelled], ["cancelled", true]);
  });

  it("sends each token once: the result repeats none", async () => {
    const result = await client.call("generate.chat", {
      model,
      stream: "once",
      messages: user("go"),
      sampling: { maxTokens: 5 },
      ...ENDLESS,
    });
    assert.equal("tokens" in result, false);
    assert.equal(
      client
        .tokens("once")
        .map(({ text }) => text)
        .join(""),
      result.text,
    );
  });

  it("steers by preset and by inline rack alike, and by strength 0 not at all", async () => {
    const ask = (stream: string, steering?: object) =>
      client.answer("generate.chat", {
        model,
        stream,
        messages: user("hello"),
        sampling: { maxTokens: 24, seed: 3 },
        ...ENDLESS,
        ...(steering === undefined ? {} : { steering }),
      });
    const plain = await ask("b1");
    const zero = await ask("b2", { preset: "shift", set: { shift: 0 } });
    const preset = await ask("b3", { preset: "shift", set: { shift: 6 } });
    const rack = await ask("b4", { rack: { controls: { shift: { use: "direction/shift", strength: 6, range: [-8, 8] } } } });
    assert.equal(zero.text, plain.text);
    assert.notEqual(preset.text, plain.text);
    assert.equal(rack.text, preset.text);
    assert.deepEqual(preset.steered.controls[0].name, "shift");
    assert.match(preset.steered.summary, /shift 6/);
  });

  it("takes a slider that moves in mid-answer and says at which token", async () => {
    const answer = client.answer("generate.chat", {
      model,
      stream: "c1",
      messages: user("go"),
      sampling: { maxTokens: 2000, seed: 1 },
      steering: { preset: "shift" },
      ...ENDLESS,
    });
    await client.until(() => client.tokens("c1").length > 5);
    const { steered } = await client.call("steer.set", { stream: "c1", set: { shift: 3 } });
    assert.match(steered.summary, /shift 3/);
    const changed = (await client.until(() => client.of("generate.steering", "c1")[0])) as { token: number; controls: object };
    assert.deepEqual(changed.controls, { shift: 3 });
    const error = await client.refused("steer.set", { stream: "c1", set: { none: 1 } });
    assert.equal(error.code, "unknown-control");
    const range = await client.refused("steer.set", { stream: "c1", set: { shift: 9 } });
    assert.equal(range.code, "out-of-range");
    assert.match(range.message, /-8 to 8/);
    // at once, as a slider that is dragged: taken in their order, and what is refused leaves no trace in what follows
    const sets = [{ shift: 2 }, { shift: 9 }, { none: 1 }, {}, { shift: 1 }];
    const [two, ...others] = await Promise.allSettled(sets.map((set) => client.call("steer.set", { stream: "c1", set })));
    const summary = (one: PromiseSettledResult<Wire> | undefined) => (one?.status === "fulfilled" ? one.value.steered.summary : "refused");
    assert.match(summary(two), /shift 2/);
    // what waits while the engine has a change becomes one, told to all who asked for a part of it
    const one = summary(two).replace("shift 2", "shift 1");
    const [high, none, nothing, last] = others.map(summary);
    assert.deepEqual([high, none, last], ["refused", "refused", one]);
    assert.ok(nothing === summary(two) || nothing === one, nothing);
    const dragged = Array.from({ length: 200 }, (_, i) => client.call("steer.set", { stream: "c1", set: { shift: 1 + (i + 1) / 100 } }));
    const told = (await Promise.all(dragged)).map(({ steered }) => Number(/shift (\S+)/.exec(steered.summary)![1]));
    assert.equal(told.at(-1), 3);
    told.forEach((strength, i) => {
      assert.ok(Math.round(100 * strength) > 100 + i, `${i}: ${strength}`);
    });
    assert.ok(new Set(told).size < 200, `${new Set(told).size} changes for as many moves`);
    await client.until(() => client.of("generate.steering", "c1").at(-1)?.controls.shift === 3);
    const changes = client.of("generate.steering", "c1").filter(({ controls }) => controls.shift > 1 && controls.shift < 3);
    assert.ok(changes.length <= new Set(told).size, `${changes.length} changes, ${new Set(told).size} told`);
    await client.call("generate.cancel", { stream: "c1" });
    const result = await answer;
    assert.equal(result.reason, "cancelled");
    assert.deepEqual(result.changes[0], { token: changed.token, controls: { shift: 3 } });
    assert.deepEqual(result.changes.at(-1).controls, { shift: 3 });
    assert.ok(changed.token > 5);
  });

  it("cancels by method, by request id and by going away", async () => {
    const cancelled = client.answer("generate.chat", { model, stream: "d1", messages: user("go"), ...ENDLESS });
    await client.until(() => client.tokens("d1").length > 0);
    assert.deepEqual(await client.call("generate.cancel", { stream: "d1" }), { cancelled: true });
    assert.equal((await cancelled).reason, "cancelled");
    assert.deepEqual(await client.call("generate.cancel", { stream: "d1" }), { cancelled: false });

    const { id, result } = client.request("generate.chat", { model, stream: "d2", messages: user("go"), ...ENDLESS });
    await client.until(() => client.tokens("d2").length > 0);
    client.socket.send(JSON.stringify({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } }));
    assert.equal((await result).reason, "cancelled");

    const leaving = await connect(daemon.url, { token: daemon.token });
    leaving.answer("generate.chat", { model, stream: "d3", messages: user("go"), ...ENDLESS }).catch(() => undefined);
    await leaving.until(() => leaving.tokens("d3").length > 0);
    await leaving.close();
    while ((await client.call("daemon.status")).running > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("keeps clients' streams apart and refuses one name twice", async () => {
    const other = await connect(daemon.url, { token: daemon.token });
    const first = client.answer("generate.chat", { model, stream: "same", messages: user("go"), ...ENDLESS });
    const second = other.answer("generate.chat", { model, stream: "same", messages: user("go"), ...ENDLESS });
    await other.until(() => other.tokens("same").length > 0);
    await client.until(() => client.tokens("same").length > 0);
    assert.equal((await client.refused("generate.chat", { model, stream: "same", messages: user("x") })).code, "conflict");
    await other.call("generate.cancel", { stream: "same" });
    assert.equal((await second).reason, "cancelled");
    assert.equal((await client.call("daemon.status")).running, 1);
    await client.call("generate.cancel", { stream: "same" });
    await first;
    await other.close();
  });

  it("refuses what cannot be steered, each by name, before anything is generated", async () => {
    const ask = (steering: object) => client.refused("generate.chat", { model, stream: "e1", messages: user("x"), steering });
    const control = (values: object) => ({ rack: { controls: { joy: { use: "direction/shift", ...values } } } });
    const cases: [object, string, RegExp][] = [
      [{ preset: "none" }, "not-found", /preset 'none'/],
      [{ preset: "shift", set: { joy: 1 } }, "unknown-control", /joy.*shift/],
      [{ preset: "shift", set: { shift: 100 } }, "out-of-range", /100.*-8 to 8/],
      [{ rack: { controls: { joy: { use: "direction/none", strength: 1 } } } }, "not-found", /direction\/none/],
      [{ rack: { controls: { joy: { use: "scorer/none", strength: 1 } } } }, "not-supported", /scorer/],
      [{ rack: { controls: { joy: { use: "expert/none", strength: 1 } } } }, "not-supported", /expert/],
      [{ rack: { controls: {}, decoding: { contrast: {} } } }, "not-supported", /decoding.contrast: self and plain are the same/],
      [control({ strength: 1, with: { layers: [99] } }), "out-of-range", /99/],
      [{ set: { joy: 1 } }, "unknown-control", /joy/],
    ];
    for (const [steering, code, pattern] of cases) {
      const error = await ask(steering);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, pattern);
    }
    assert.equal(client.of("generate.start", "e1").length, 0);
    // Accepted and then refused by the compiler: the stream is told as well.
    assert.equal(
      (await client.refused("generate.chat", { model, stream: "e2", messages: user("x"), steering: { preset: "shift", set: { joy: 1 } } }))
        .code,
      "unknown-control",
    );
  });

  it("refuses a preset that was made for another model", async () => {
    const text = `tiller: 1\nname: other\nmodel: { fingerprint: 'sha256:${"0".repeat(64)}' }\ncontrols: {}\n`;
    await client.call("preset.save", { id: "other", text });
    const error = await client.refused("generate.chat", { model, stream: "f1", messages: user("x"), steering: { preset: "other" } });
    assert.equal(error.code, "wrong-model");
    assert.equal(error.body.data?.field, "model.fingerprint");
    const listed = (await client.call("preset.list", { model })).presets.find((entry: { id: string }) => entry.id === "other");
    assert.match(listed.problem, /fingerprint/);
  });

  it("checks steering without generating", async () => {
    const check = await client.call("steer.check", { model, steering: { preset: "shift" } });
    assert.equal(check.steered.steered, true);
    assert.ok(check.ops > 0);
  });

  it("runs many answers at once, each whole", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        client.answer("generate.complete", {
          model,
          stream: `g${i}`,
          prompt: `text ${i}`,
          sampling: { maxTokens: 30, seed: i },
          ...ENDLESS,
        }),
      ),
    );
    answers.forEach((answer, i) => {
      assert.equal(answer.tokens.length, 30);
      assert.deepEqual(client.tokens(`g${i}`), answer.tokens);
    });
  });

  it("tells the state of the model to everyone", async () => {
    const listed = (await client.call("model.list")).models.find((entry: { id: string }) => entry.id === model);
    assert.equal(listed.state, "loaded");
    assert.equal((await client.call("model.unload", { model })).state, "available");
    assert.equal(client.of("model.changed").at(-1).model.state, "available");
    assert.equal((await client.call("model.load", { model, options: { ...QUICK, contextSize: 512 } })).state, "loaded");
    const inspected = await client.call("model.inspect", { model });
    assert.ok(inspected.sites.length > 10);
    const estimate = await client.call("model.estimate", { model });
    assert.ok(estimate.totalBytes > 0);
    assert.equal((await client.refused("model.load", { model: "none-00000000" })).code, "not-found");
  });

  it("logs neither prompts nor answers, paths or tokens, even at the lowest level", async () => {
    const secret = "xylophone-quartz";
    const answer = await client.answer("generate.chat", {
      model,
      stream: "h1",
      messages: user(secret),
      sampling: { maxTokens: 40, seed: 2 },
      ...ENDLESS,
    });
    await client.refused("generate.complete", { model, stream: "h2", prompt: secret, grammar: `root ::= ${secret} (` });
    assert.ok(answer.text.length > 10);
    for (const text of [secret, answer.text.slice(0, 10), daemon.token, daemon.home.paths.home])
      assert.ok(!daemon.log.includes(text), text);
  });
});
