/** A prefix scorer from its training to answers that are decoded by it, on the embedded model. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";

const SUBJECTS = ["the sea", "a cat", "rain", "winter", "bread", "the moon", "a train", "a friend", "snow", "tea"];
const PROMPTS = SUBJECTS.flatMap((subject) => [`Tell me about ${subject}.`, `Write a few words about ${subject}.`]);
const TRAINING = { prompts: PROMPTS, rollouts: 12, maxTokens: 48, epochs: 15 };
const LENGTH = "prefix-scorer/length";

describe("daemon: prefix scorers", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon();
    client = await connect(daemon.url, { token: daemon.token });
    const { models } = await client.call("model.list", {});
    await client.call("model.load", { model: models[0].id, options: { threads: 1 } });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  const run = async (params: object): Promise<Wire> =>
    ended(client, (await client.call("experiment.start", asked("prefix-scorer/train", { ...TRAINING, ...params }))).id);
  let streams = 0;
  const ask = (decoding: object, seed = 1, more: object = {}) =>
    client.answer("generate.chat", {
      stream: `s${streams++}`,
      messages: [{ role: "user", content: "Tell me about the wind." }],
      steering: { rack: { controls: {}, decoding } },
      sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, maxTokens: 48, seed, ...more },
    });

  it("are refused a training by name where there is nothing to learn", async () => {
    const refusal = (params: object) => client.refused("experiment.start", asked("prefix-scorer/train", { ...TRAINING, ...params }));
    assert.match((await refusal({ id: "direction/x" })).message, /called prefix-scorer\/…/);
    assert.match((await refusal({ id: LENGTH, reward: "pattern" })).message, /name the pattern/);
    assert.match((await refusal({ id: LENGTH, reward: "pattern", pattern: "(" })).message, /pattern/);
    assert.match((await refusal({ id: LENGTH, reward: "judge", judge: "joyful" })).message, /no judge/);
    assert.match((await refusal({ id: LENGTH, reward: "judge", judge: "emotion/hunger" })).message, /hunger/);
  });

  it("learn from the model's own answers, and say what their values are worth on others", async () => {
    for (const [id, params] of [
      [LENGTH, {}],
      ["prefix-scorer/q", { objective: "cd-q", reward: "pattern", pattern: "[.!?]$", rank: 2, unended: 0 }],
    ] as const) {
      const job = await run({ id, ...params });
      assert.equal(job["state"], "done", job["message"]);
      const { body } = await client.call("artifact.get", { id });
      assert.equal(body.answers, 4 * TRAINING.rollouts);
      assert.ok(body.spread > 0);
      const report = await client.call("report.get", { job: job["id"] });
      assert.deepEqual(
        report.blocks.map((block: Wire) => block["id"]),
        ["summary", "depths", "calibration", "frontier", "epochs"],
      );
      const frontier = report.blocks[3].spec.data.values;
      assert.deepEqual(
        frontier.map(({ K }: Wire) => K),
        [1, 2, 4, 6, 8],
      );
      for (const [i, point] of frontier.entries())
        if (i > 0) assert.ok(point.reward >= frontier[i - 1].reward, "the best of more is no worse");
    }
    const { body } = await client.call("artifact.get", { id: LENGTH });
    assert.ok(body.r2 < 1);
  });

  it("weigh every next token: longer one way, shorter the other, and 0 is the plain answer to the byte", async () => {
    const mean = async (strength: number) => {
      const lengths: number[] = [];
      for (let seed = 0; seed < 40; seed++)
        lengths.push((await ask({ tilt: { strength, scorers: { [LENGTH]: 1 } }, kl: true }, seed)).stats.answerTokens);
      return lengths.reduce((a, b) => a + b) / lengths.length;
    };
    const [short, long] = [await mean(-1), await mean(1)];
    assert.ok(long > 1.3 * short, `${long} tokens, and ${short}`);
    const told = await ask({ tilt: { strength: 1, scorers: { [LENGTH]: 1 } }, kl: true });
    assert.match(told.steered.summary, /steered: decoding: tokens weighed by exp\(1 × prefix-scorer\/length\)/);
    assert.ok(told.decoding.kl.total > 0);
    const off = await ask({ tilt: { strength: 0, scorers: { [LENGTH]: 1 } } });
    assert.equal(off.steered.decoding, "off");
    assert.equal(off.text, (await ask({ contrast: { alpha: 0 } })).text);
  });

  it("stand for the reward of blocks that go on", async () => {
    const rewards = { long: { is: "length", unended: { scorer: LENGTH } } };
    const answer = await ask({ best: { candidates: 4, block: 4, rewards } });
    assert.match(answer.decoding.text, /best of 4 blocks of 4 tokens by 1 × long, unfinished ones as prefix-scorer\/length expects/);
    const { blocks } = answer.decoding.best;
    for (const { totals, chosen } of blocks) assert.equal(totals[chosen], Math.max(...totals));
    assert.ok(new Set(blocks[0].totals).size > 1, "candidates differ");
  });

  it("are refused by name where they cannot act", async () => {
    const refusal = (rack: object) =>
      client.refused("generate.chat", { stream: `r${streams++}`, messages: [{ role: "user", content: "x" }], steering: { rack } });
    const unknown = await refusal({ controls: {}, decoding: { tilt: { scorers: { "prefix-scorer/none": 1 } } } });
    assert.deepEqual([unknown.code, /no artifact 'prefix-scorer\/none'/.test(unknown.message)], ["not-found", true]);
    const other = await refusal({ controls: {}, decoding: { tilt: { scorers: { "direction/joy": 1 } } } });
    assert.match(other.message, /direction\/joy is no prefix scorer/);
    const control = await refusal({ controls: { x: { use: LENGTH, strength: 1 } } });
    assert.match(control.message, /no control but a prefix scorer, which stands under `decoding`/);
    const beside = await refusal({
      controls: {},
      decoding: { tilt: { scorers: { [LENGTH]: 1 } }, best: { candidates: 2, rewards: { l: { is: "length" } } } },
    });
    assert.match(beside.message, /decoding\.tilt: not beside `best`/);
  });
});
