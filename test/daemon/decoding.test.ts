/** Rules of decoding as a client sees them: in presets, racks and HTTP bodies, with what is refused, each by name. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { AnswerSchema } from "../../daemon/protocol/api/generate.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { ENDLESS, makeSteeredHome, QUICK } from "../support/steered-home.ts";

const user = (content: string) => [{ role: "user", content }];
const controls = (strength: number) => ({ shift: { use: "direction/shift", strength, range: [-8, 8] } });
const sampling = { maxTokens: 16, seed: 3 };

describe("daemon: rules of decoding", () => {
  let daemon: TestDaemon;
  let client: RpcClient;
  let model: string;
  before(async () => {
    const made = await makeSteeredHome();
    model = made.model.id;
    daemon = await startTestDaemon({ home: made.home });
    client = await connect(daemon.url, { token: daemon.token });
    await client.call("model.load", { model, options: { ...QUICK, sequences: 4 } });
    const text =
      "tiller: 2\nname: Told\ncontrols:\n  shift: { use: direction/shift, strength: 3, range: [-8, 8] }\ndecoding: { contrast: { alpha: 2 }, kl: true }\n";
    await client.call("preset.save", { id: "told", text });
    await client.call("preset.save", { id: "spoken", text: `${text}system: Be kind.\n`.replace(/^decoding.*$/m, "") });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  let streams = 0;
  const ask = async (steering: object, more: object = {}) =>
    AnswerSchema.parse(
      await client.answer("generate.chat", {
        model,
        stream: `d${streams++}`,
        messages: user("hello"),
        sampling,
        ...ENDLESS,
        steering,
        ...more,
      }),
    );

  it("stand in a preset, and in the answer's record", async () => {
    const plain = await ask({ preset: "told", set: { shift: 0 } });
    const told = await ask({ preset: "told" });
    assert.notEqual(told.text, plain.text);
    assert.match(told.steered.summary, /^steered: shift 3.*; decoding: contrast 2 × \(self − plain\)/);
    assert.equal(told.steered.decoding, told.decoding!.text);
    assert.equal(told.decoding!.streams, 2);
    assert.equal(told.decoding!.kl!.tokens, 16);
    assert.ok(told.decoding!.kl!.total > 0);
    assert.ok(told.tokens.every((token) => token.kl! >= 0));
    // both streams are the plain model: what is left is that implausible tokens, at most those below 0.1 × the likeliest, are gone
    assert.ok(plain.decoding!.kl!.max > 0);
  });

  it("do nothing at alpha 0, and change nothing but what is told with kl", async () => {
    const rack = { controls: controls(3) };
    const plain = await ask({ rack });
    for (const decoding of [{}, { contrast: { alpha: 0 } }, { kl: true }]) {
      const same = await ask({ rack: { ...rack, decoding } });
      assert.equal(same.text, plain.text, JSON.stringify(decoding));
      assert.deepEqual(
        same.tokens.map(({ id }) => id),
        plain.tokens.map(({ id }) => id),
      );
    }
    assert.equal((await ask({ rack: { ...rack, decoding: { contrast: { alpha: 0 } } } })).decoding, undefined);
  });

  it("take other presets as streams: experts on a rack without controls", async () => {
    const decoding = { contrast: { toward: { preset: "shift" }, against: "plain", alpha: 4, plausibility: 0 } };
    const answer = await ask({ rack: { controls: {}, decoding } });
    assert.equal(answer.steered.steered, true);
    assert.match(answer.steered.summary, /^steered: decoding: contrast 4 × \(preset shift − plain\)$/);
    // the same model is plain and expert at once: z + 4·(z_shifted − z), which at alpha 1 is the shifted model itself
    const once = await ask(
      { rack: { controls: {}, decoding: { contrast: { ...decoding.contrast, alpha: 1 } } } },
      { sampling: { ...sampling, temperature: 0 } },
    );
    const shifted = await ask({ preset: "shift" }, { sampling: { ...sampling, temperature: 0 } });
    assert.deepEqual(
      once.tokens.map(({ id }) => id),
      shifted.tokens.map(({ id }) => id),
    );
  });

  it("choose the best of several, over HTTP, too", async () => {
    const best = {
      candidates: 4,
      block: 4,
      rewards: { e: { is: "pattern", pattern: "[a-m]" }, n: { is: "length", weight: -1 } },
      dial: 0.75,
    };
    const answer = await ask({ rack: { controls: controls(2), decoding: { best } } }, { sampling: { ...sampling, temperature: 1 } });
    assert.equal(answer.decoding!.best!.blocks.length, 4);
    assert.match(answer.steered.summary, /decoding: best of 4 blocks of 4 tokens by 0\.75 × e \+ -0\.25 × n/);
    const response = await fetch(`${daemon.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${daemon.token}`, "content-type": "application/json" },
      body: JSON.stringify({
        ...{ model, messages: user("hello"), max_tokens: 16, seed: 3, temperature: 1, logit_bias: ENDLESS.logitBias },
        steering: { rack: { controls: controls(2), decoding: { best } } },
      }),
    });
    const body = (await response.json()) as { choices: { message: { content: string } }[]; decoding: { best: { candidates: number } } };
    assert.equal(body.decoding.best.candidates, 4);
    assert.equal(body.choices[0]!.message.content, answer.text);
  });

  it("let judges choose, whose findings the record has", async () => {
    const rewards = { words: { is: "judge", judge: "length:words", weight: -1 } };
    const answer = await ask({ rack: { controls: controls(1), decoding: { best: { candidates: 3, rewards } } } });
    const { blocks } = answer.decoding!.best!;
    assert.equal(blocks.length, 1);
    const { totals, chosen, rewards: found } = blocks[0]!;
    assert.equal(totals[chosen], Math.max(...totals));
    assert.equal(totals[chosen], -found["words"]!);
    const cancelled = client.answer("generate.chat", {
      ...{ model, stream: "j1", messages: user("hello"), sampling: { maxTokens: 4000, temperature: 1 }, ...ENDLESS },
      steering: { rack: { controls: {}, decoding: { best: { candidates: 2, block: 4, rewards } } } },
    });
    await client.until(() => client.of("generate.token", "j1").length > 0);
    await client.call("generate.cancel", { stream: "j1" });
    assert.equal((await cancelled).reason, "cancelled");
  });

  it("are refused by name where they cannot act", async () => {
    const rack = (decoding: object, strength = 1) => ({ rack: { controls: controls(strength), decoding } });
    const best = { candidates: 2, rewards: { n: { is: "length" } } };
    const cases: [object, object, string, RegExp][] = [
      [rack({ mode: "blockwise" }), {}, "invalid-params", /mode/],
      [rack({ contrast: { against: "self" } }), {}, "not-supported", /self and self are the same/],
      [rack({ contrast: { against: { preset: "none" } } }), {}, "not-found", /preset 'none'/],
      [rack({ contrast: { against: { preset: "told" } } }), {}, "not-supported", /preset 'told' has a part 'decoding'/],
      [rack({ contrast: { against: { preset: "spoken" } } }), {}, "not-supported", /preset 'spoken' has a part 'system'/],
      [rack({ best: { ...best, candidates: 5 } }), {}, "not-supported", /needs 5 sequences, the model was loaded for 4/],
      [rack({ best, kl: true }), {}, "not-supported", /decoding\.kl: not beside `best`/],
      [rack({ best, contrast: {} }), {}, "not-supported", /decoding\.contrast: not beside `best`/],
      [rack({ best }), { sampling: { ...sampling, temperature: 0 } }, "not-supported", /all candidates are the same/],
      [rack({ best }), { sampling: { ...sampling, mirostat: 2 } }, "not-supported", /mirostat/],
      [rack({ best }), { probes: ["direction/shift"] }, "not-supported", /`probes`/],
      [rack({ best: { ...best, dial: 0.5 } }), {}, "invalid-params", /two rewards/],
      [rack({ best: { rewards: { x: { is: "judge" } } } }), {}, "invalid-params", /judge/],
      [rack({ best: { rewards: { x: { is: "judge", judge: "none/joy" } } } }), {}, "not-found", /no judge 'none'/],
      [rack({ best: { rewards: { x: { is: "judge", judge: "emotion/nonsense" } } } }), {}, "invalid-params", /no label 'nonsense'/],
    ];
    for (const [steering, more, code, pattern] of cases) {
      const error = await client.refused("generate.chat", { model, stream: "r1", messages: user("x"), sampling, steering, ...more });
      assert.equal(error.code, code, JSON.stringify(steering));
      assert.match(`${error.message} ${JSON.stringify(error.body)}`, pattern);
    }
    const forced = { model, stream: "r2", prompt: "x", forced: [5, 6], steering: rack({ contrast: {} }) };
    assert.match((await client.refused("generate.complete", forced)).message, /forced/);
    const tap = { model, stream: "r3", prompt: "x", sites: ["resid"], layers: [0], steering: rack({ kl: true }) };
    assert.match((await client.refused("tap.run", tap)).message, /acts on answers only/);
    const checked = await client.call("steer.check", { model, steering: { preset: "told" } });
    assert.match(checked.steered.decoding, /contrast 2/);
  });
});
