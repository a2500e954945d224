import assert from "node:assert/strict";
import { Loop } from "../../../daemon/engine/loop/loop.ts";
import { penalised, samplerConfig } from "../../../daemon/engine/loop/sampling.ts";
import type { NativeModel } from "../../../daemon/engine/model/native.ts";
import { Vocabulary } from "../../../daemon/engine/model/vocabulary.ts";
import { PLAIN_READER } from "../../../daemon/engine/prompt/reader.ts";
import { Watches } from "../../../daemon/engine/steering/activation-stream.ts";
import type { LoweredPlan } from "../../../daemon/engine/steering/lowered.ts";
import { Steering } from "../../../daemon/engine/steering/steering.ts";
import { AnswerTask } from "../../../daemon/engine/tasks/generate.ts";
import type { Answer } from "../../../daemon/protocol/api/generate.ts";
import type { EngineEvents, EngineGenerate } from "../../../daemon/protocol/engine-api.ts";
import { FAKE_VOCABULARY, FakeContext } from "../../support/fake-context.ts";
import { PLAIN_EDITS, requestOf, rowsOf, shiftEdits } from "../../support/plans.ts";

type Result = Omit<Answer, "stream" | "model" | "numerics">;
type Event = { name: string; params: EngineEvents["started" | "tokens" | "steering"] };

/** A loop on a fake context, as the engine sets it up. */
function setUp(sequences = 4, maxProfiles = 16, batch = 64) {
  const context = new FakeContext();
  const steering = new Steering(context, maxProfiles);
  const watches = new Watches();
  const live: EngineEvents["live"][] = [];
  const loop = new Loop({
    ...{ context, steering, watches, sequences, batch, vocabulary: FAKE_VOCABULARY, keepsPositions: true, worthCopying: 16, threads: 1 },
    live: (frame) => live.push(frame),
  });
  const model = {
    tokenBytes: (token: number) => new TextEncoder().encode(`<${token}>`),
    isEndOfGeneration: (token: number) => token === 0,
  };
  const vocabulary = new Vocabulary(model as unknown as NativeModel);
  const events: Event[] = [];
  const ask = (changes: Partial<EngineGenerate<LoweredPlan>>): { task: AnswerTask; answer: Promise<Result> } => {
    const request = requestOf(changes);
    const prompt = Int32Array.from(request.tokens ?? [1, 2, 3]);
    const sampler = request.forced === null ? samplerConfig(request.sampling, 1, { ...request }) : null;
    let task!: AnswerTask;
    const answer = new Promise<Result>((done, failed) => {
      task = new AnswerTask({
        ...{
          request,
          prompt,
          prefixAt: 0,
          overflow: null,
          sampler,
          seed: 1,
          stops: request.stop,
          reader: PLAIN_READER,
          contextSize: 512,
          vocabulary,
          echo: null,
          received: 0,
          done,
          failed,
        },
        penalised: sampler === null ? new Int32Array(0) : penalised(prompt, sampler),
        emit: (name, params) => events.push({ name, params }),
      });
      loop.submit(task);
    });
    return { task, answer };
  };
  return { context, steering, watches, loop, events, live, ask };
}

const ids = (answer: Result): number[] => answer.tokens.map((token) => token.id);

describe("engine: the loop", () => {
  it("gives a request the same tokens alone, batched and in small steps", async () => {
    const prompts = Array.from({ length: 9 }, (_, i) => Array.from({ length: 5 + i * 20 }, (_, j) => (i * 7 + j * 3) % FAKE_VOCABULARY));
    const alone: number[][] = [];
    for (const tokens of prompts) alone.push(ids(await setUp().ask({ tokens }).answer));
    const { ask, context } = setUp(4, 16, 16);
    const together = await Promise.all(prompts.map((tokens, i) => ask({ id: `c${i}:x`, tokens }).answer));
    assert.deepEqual(together.map(ids), alone);
    assert.ok(context.batches.every((batch) => batch.rows <= 16));
    assert.ok(context.batches.some((batch) => batch.sequences.length === 4));
  });

  it("finishes 64 requests in turns of their clients", async () => {
    const { ask, events, loop } = setUp(8);
    const answers = Array.from({ length: 64 }, (_, i) => ask({ id: `${i < 48 ? "greedy" : "modest"}:${i}`, tokens: [i, 2, 3] }).answer);
    assert.equal(loop.queued, 64);
    const results = await Promise.all(answers);
    assert.ok(results.every((result) => result.reason === "length" && result.tokens.length === 8));
    const starts = events.filter((event) => event.name === "started").map((event) => event.params.id);
    const modest = starts.slice(0, 32).filter((id) => id.startsWith("modest")).length;
    assert.equal(modest, 16);
  });

  it("lets the next decode begin early only while every answer surely goes on", async () => {
    const { ask, context } = setUp(1);
    await Promise.all([ask({ id: "a:1", tokens: [1, 2, 3] }).answer, ask({ id: "b:1", tokens: [4, 5] }).answer]);
    // 8 tokens each: the prompt gives the first, and what follows the last is another answer's prompt
    const answer = [false, ...new Array(6).fill(true), false];
    assert.deepEqual(
      context.batches.map(({ ahead }) => ahead),
      [...answer, ...answer],
    );
  });

  it("reads prompts that come just behind another's in one step, and in small steps beside an answer that flows", async () => {
    const { ask, context } = setUp(4, 16, 512);
    context.rowMicros = 10_000; // 60 ms are six rows, so the least share of 32 holds
    const prompt = (start: number): number[] => Array.from({ length: 60 }, (_, i) => (start + i * 3) % FAKE_VOCABULARY);
    const come = (id: string, start: number): Promise<Result> =>
      ask({ id, tokens: prompt(start), sampling: { temperature: 0, maxTokens: 24 } }).answer;
    const written = async (tokens: number): Promise<void> => {
      const from = context.batches.length;
      while (context.batches.length < from + tokens) await new Promise((resolve) => setImmediate(resolve));
    };
    const first = come("a:1", 1);
    await written(1);
    const fellows = [come("b:1", 2), come("c:1", 3)];
    await written(8);
    const late = come("d:1", 4);
    await Promise.all([first, ...fellows, late]);
    const rows = context.batches.map((batch) => batch.rows);
    assert.ok(
      rows.some((count) => count >= 120),
      `one step for both: ${rows}`,
    );
    assert.ok(
      rows.slice(rows.findIndex((count) => count >= 120) + 1).every((count) => count <= 3 + 32),
      `small steps beside them: ${rows}`,
    );
  });

  it("reuses a prefix, counts it, and writes the same tokens", async () => {
    const { ask, context } = setUp(1);
    const first = await ask({ tokens: [1, 2, 3, 4, 5] }).answer;
    const longer = [1, 2, 3, 4, 5, ...ids(first), 6, 7];
    const fed = context.fed;
    const second = await ask({ tokens: longer }).answer;
    // The last token of an answer was never fed.
    assert.equal(second.stats.reusedTokens, 5 + 7);
    assert.equal(context.fed - fed, longer.length - 12 + 7);
    assert.deepEqual(ids(second), ids(await setUp().ask({ tokens: longer }).answer));
  });

  it("does not reuse a prefix under other steering", async () => {
    const plan = rowsOf(shiftEdits("resid", 0, [1]));
    const { ask } = setUp(1);
    await ask({ tokens: [1, 2, 3, 4], plan }).answer;
    const plain = await ask({ tokens: [1, 2, 3, 4, 5] }).answer;
    assert.equal(plain.stats.reusedTokens, 0);
    assert.deepEqual(ids(plain), ids(await setUp().ask({ tokens: [1, 2, 3, 4, 5] }).answer));
    const answerOnly = rowsOf(shiftEdits("resid", 0, [1]), PLAIN_EDITS);
    const first = await ask({ tokens: [1, 2, 3, 4, 5], plan: answerOnly }).answer;
    assert.equal(first.stats.reusedTokens, 4);
    const followUp = await ask({ tokens: [1, 2, 3, 4, 5, ...ids(first), 6], plan: answerOnly }).answer;
    assert.equal(followUp.stats.reusedTokens, 5);
  });

  it("steers the prompt's last token by itself, whatever the steps and the cache", async () => {
    const edits = shiftEdits("resid", 0, [1]);
    const plan = { ...rowsOf(edits, PLAIN_EDITS), last: { variants: [edits] } };
    const tokens = [1, 2, 3, 4, 5];
    const alone = ids(await setUp().ask({ tokens, plan }).answer);
    for (const other of [rowsOf(edits), rowsOf(edits, PLAIN_EDITS), rowsOf(PLAIN_EDITS)])
      assert.notDeepEqual(ids(await setUp().ask({ tokens, plan: other }).answer), alone);
    assert.deepEqual(ids(await setUp(4, 16, 2).ask({ tokens, plan }).answer), alone);
    assert.deepEqual(
      ids(await setUp().ask({ tokens: [5], plan }).answer),
      ids(await setUp().ask({ tokens: [5], plan: rowsOf(edits) }).answer),
    );
    const { ask } = setUp(1);
    const first = await ask({ tokens, plan }).answer;
    const again = await ask({ tokens, plan }).answer;
    assert.equal(again.stats.reusedTokens, 4);
    assert.deepEqual(ids(again), alone);
    // what the last token's own edits were computed under serves no longer prompt
    const longer = [...tokens, ...ids(first), 6];
    const followUp = await ask({ tokens: longer, plan }).answer;
    assert.equal(followUp.stats.reusedTokens, 4);
    assert.deepEqual(ids(followUp), ids(await setUp().ask({ tokens: longer, plan }).answer));
  });

  it("steers sequences differently in one batch, as it would alone", async () => {
    const plans = [null, ...[1, 2, 3].map((value) => rowsOf(shiftEdits("resid", value, [value])))];
    const alone: number[][] = [];
    for (const plan of plans) alone.push(ids(await setUp().ask({ plan }).answer));
    const { ask } = setUp(4);
    const together = await Promise.all(plans.map((plan) => ask({ plan }).answer));
    assert.deepEqual(together.map(ids), alone);
    assert.equal(new Set(alone.map((tokens) => tokens.join())).size, 4);
  });

  it("waits for profile slots instead of failing", async () => {
    const { ask } = setUp(8, 4);
    const plans = Array.from({ length: 8 }, (_, value) => rowsOf(shiftEdits("resid", 0, [value + 1])));
    const answers = await Promise.all(plans.map((plan) => ask({ plan }).answer));
    for (const [i, answer] of answers.entries()) assert.deepEqual(ids(answer), ids(await setUp().ask({ plan: plans[i]! }).answer));
  });

  it("ends a cancelled answer with what it has, running or waiting", async () => {
    const { ask, loop, events, context } = setUp(1);
    const running = ask({ id: "a:1", sampling: { temperature: 0, maxTokens: 400 } });
    const waiting = ask({ id: "a:2" });
    while (events.filter((event) => event.name === "tokens").length < 1) await new Promise((resolve) => setImmediate(resolve));
    loop.dropWaiting("a:2", "cancelled");
    running.task.stop = "cancelled";
    const [first, second] = await Promise.all([running.answer, waiting.answer]);
    assert.equal(first.reason, "cancelled");
    assert.ok(first.tokens.length > 0 && first.tokens.length < 400);
    assert.deepEqual([second.reason, second.tokens.length], ["cancelled", 0]);
    assert.equal(context.samplers, 0);
    assert.equal((await ask({ id: "a:3" }).answer).reason, "length");
  });

  it("feeds forced tokens and reports the logits before each", async () => {
    const { ask } = setUp();
    const answer = await ask({ forced: [5, 6, 7], logits: true, topLogprobs: 2 }).answer;
    assert.deepEqual(ids(answer), [5, 6, 7]);
    for (const token of answer.tokens) {
      assert.equal(token.logits?.length, FAKE_VOCABULARY);
      const sum = token.logits!.reduce((total, value) => total + Math.exp(value), 0);
      assert.ok(Math.abs(token.logprob - (token.logits![token.id]! - Math.log(sum))) < 1e-6);
      assert.equal(token.top?.length, 2);
      assert.equal(token.top![0]!.id, token.logits!.indexOf(Math.max(...token.logits!)));
    }
    assert.equal(answer.reason, "length");
  });

  it("hands out the logits of each of several requests in one batch", async () => {
    const alone = await setUp().ask({ tokens: [9, 8], forced: [1, 2], logits: true }).answer;
    const { ask } = setUp();
    const [, , third] = await Promise.all([
      ask({ forced: [4, 4, 4], logits: true }).answer,
      ask({}).answer,
      ask({ tokens: [9, 8], forced: [1, 2], logits: true }).answer,
    ]);
    assert.deepEqual(third!.tokens, alone.tokens);
  });

  it("gives every token the reading of the step that read it", async () => {
    const probe = { id: "probe/x", site: "resid" as const, layer: 0, vector: Float32Array.of(1) };
    const { ask } = setUp();
    const answer = await ask({ probes: [probe] }).answer;
    assert.equal(answer.tokens.length, 8);
    // The fake reads a token's own id.
    for (const token of answer.tokens) assert.deepEqual(token.probes, [token.id]);
  });

  it("moves a gate by the reading of the token before", async () => {
    const probe = { id: "probe/x", site: "resid" as const, layer: 0, vector: Float32Array.of(1) };
    const edits = shiftEdits("resid", 0, [1]);
    const plan = {
      ...rowsOf(edits),
      gates: [{ probe, compare: ">" as const, threshold: 48 }],
      prompt: { variants: [PLAIN_EDITS, edits] },
      last: { variants: [PLAIN_EDITS, edits] },
      answer: { variants: [PLAIN_EDITS, edits] },
    };
    const gated = await setUp().ask({ plan, tokens: [1, 2, 3], sampling: { temperature: 0, maxTokens: 40 } }).answer;
    // The same by hand: a token is fed under the edits exactly when the one before it reads above the threshold.
    const { context, steering } = setUp();
    steering.hold(steering.needs(plan, [], []));
    const on = steering.bind(0, rowsOf(edits))!.slots[0]!;
    let tokens = [1, 2, 3];
    const expected: number[] = [];
    let position = 0;
    let previous = -1;
    while (expected.length < 40) {
      for (const [i, token] of tokens.entries()) {
        const answering = expected.length > 0;
        context.bind(0, position, answering && previous > 48 ? on : 0);
        const last = i === tokens.length - 1;
        const result = await context.decode({
          ...{ tokens: Int32Array.of(token), positions: Int32Array.of(position++), sequences: Int32Array.of(0), outputs: Uint8Array.of(1) },
          ...{ samplers: Int32Array.of(0), capture: null, classes: null },
        });
        previous = token;
        if (last) {
          expected.push(result.sampled[0]!);
          tokens = [result.sampled[0]!];
          break;
        }
      }
    }
    assert.deepEqual(ids(gated), expected);
    assert.ok(expected.some((id) => id > 48) && expected.some((id) => id <= 48));
  });

  it("sends live frames of watched answers only", async () => {
    const { ask, watches, live } = setUp();
    watches.add(
      { id: "a:1", site: "mlp.mid", layers: null, fps: 1000, encoding: "f32" },
      [0, 1].map((layer) => ({ layer, width: 2 })),
    );
    const [watched] = await Promise.all([
      ask({ id: "a:1", sampling: { temperature: 0, maxTokens: 60 } }).answer,
      ask({ id: "a:2", sampling: { temperature: 0, maxTokens: 60 } }).answer,
    ]);
    assert.ok(live.length > 0 && live.every((frame) => frame.id === "a:1"));
    for (const frame of live) {
      const values = new Float32Array(frame.body.buffer);
      assert.equal(values[0], watched.tokens[frame.token]!.id);
      assert.deepEqual(
        [frame.layers, frame.widths],
        [
          [0, 1],
          [2, 2],
        ],
      );
    }
  });

  it("fails the work of a decode that failed, and goes on", async () => {
    const { ask, context } = setUp();
    context.failNext = "decode-failed";
    await assert.rejects(ask({}).answer, /decode-failed/);
    const answer = await ask({}).answer;
    assert.equal(answer.stats.reusedTokens, 0);
    assert.deepEqual(ids(answer), ids(await setUp().ask({}).answer));
  });

  it("ends a request whose grammar takes too long, and it alone", async () => {
    const { ask, context } = setUp(4);
    context.sampleMicros = 4_000_000;
    const slow = ask({ id: "a:1", grammar: "root ::= [a-z]*", sampling: { temperature: 0, maxTokens: 50 } }).answer;
    const fast = ask({ id: "b:1", sampling: { temperature: 0, maxTokens: 50 } }).answer;
    await assert.rejects(slow, { code: "too-large", message: /the grammar takes too long/ });
    assert.equal((await fast).tokens.length, 50);
    const { ask: again, context: quick } = setUp(1);
    quick.sampleMicros = 20_000;
    const patient = await again({ grammar: "root ::= [a-z]*", sampling: { temperature: 0, maxTokens: 400 } }).answer;
    assert.equal(patient.tokens.length, 400, "20 ms for a token are what a sound grammar takes beside a large vocabulary");
  });

  it("ends all work when a change could not be applied, and builds anew for what comes", async () => {
    const { ask, context } = setUp();
    const steered = rowsOf(shiftEdits("resid", 0, [3]));
    const running = [ask({ plan: steered }).answer, ask({}).answer].map((answer) => assert.rejects(answer, /staging-failed/));
    context.failNext = "staging-failed";
    await Promise.all(running);
    const builds = context.builds;
    const answer = await ask({ plan: steered }).answer;
    assert.ok(context.builds > builds);
    assert.deepEqual(ids(answer), ids(await setUp().ask({ plan: steered }).answer));
  });
});
