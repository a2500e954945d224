import assert from "node:assert/strict";
import type { LoweredColumn, LoweredEdits, LoweredPlan } from "../../daemon/engine/steering/lowered.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { type EngineAnswer, EngineUnderTest, idsOf, relativeError } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { asked, PLAIN_EDITS, planOf, rowsOf, shiftEdits } from "../support/plans.ts";

const PROMPT = "Once upon a time";
const WIDTH = 64;
const greedy = { temperature: 0, maxTokens: 24 };
/** F32 weights, F32 cache, no flash attention. */
const TOLERANCE = 1e-4;

function wave(seed: number, size: number): Float32Array {
  return Float32Array.from({ length: WIDTH }, (_, i) => size * Math.sin(seed * 12.9898 + i * 78.233));
}

function unit(seed: number): Float32Array {
  const vector = wave(seed, 1);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

const joy = (strength: number): LoweredEdits => (strength === 0 ? PLAIN_EDITS : shiftEdits("resid", 2, wave(1, strength)));

/** A plan whose reserve covers the slider, whatever its position. */
function slider(prompt: number, answer: number): SteeringPlan {
  return asked({ ...rowsOf(joy(answer), joy(prompt)), reserve: rowsOf(joy(1)).reserve });
}

function hold(at: number, layer = 2): LoweredEdits {
  const v = unit(3);
  const column: LoweredColumn = { site: "resid", layer, id: "hold", v, u: v, add: 0, gain: 0, floor: at, ceil: null, rotate: false };
  return { element: [], columns: [column], fingerprint: `hold ${at} ${layer}` };
}

describe("engine: steering a trained model", () => {
  let engine: EngineUnderTest;

  before(async () => {
    const path = storiesOrTwin();
    engine = await EngineUnderTest.load(path);
  });
  after(async () => {
    await engine?.stop();
  });

  const rows = (answer: EngineAnswer): number[][] => answer.tokens.map((token) => token.logits!);
  const forcedRun = (changes: Parameters<EngineUnderTest["generate"]>[0]): Promise<EngineAnswer> =>
    engine.generate({ logits: true, ...changes });

  it("changes the answer, and differently for every sequence of a batch", async () => {
    const strengths = [0, 0.5, 1, 2];
    const alone: EngineAnswer[] = [];
    const forced = idsOf(await engine.generate({ prompt: PROMPT, sampling: greedy }));
    for (const strength of strengths) alone.push(await forcedRun({ prompt: PROMPT, forced, plan: slider(strength, strength) }));
    const together = await Promise.all(
      strengths.map((strength) => forcedRun({ prompt: PROMPT, forced, plan: slider(strength, strength) })),
    );
    together.forEach((answer, i) => {
      rows(answer).forEach((row, t) => {
        assert.ok(relativeError(row, rows(alone[i]!)[t]!) < 1e-5, `strength ${strengths[i]} token ${t}`);
      });
    });
    assert.ok(relativeError(rows(alone[2]!)[3]!, rows(alone[0]!)[3]!) > 0.01);
    const plain = await forcedRun({ prompt: PROMPT, forced });
    rows(plain).forEach((row, t) => {
      assert.ok(relativeError(rows(alone[0]!)[t]!, row) < 1e-6);
    });
  });

  it("reuses no prefix that was read under other steering", async () => {
    const prompt = "Tom had a red ball. He liked to play with it all day long.";
    await engine.generate({ prompt, sampling: greedy, plan: slider(1, 1) });
    const plain = await engine.generate({ prompt, sampling: greedy });
    // what begins every text (and in a vocabulary of bytes the space after it) was read plainly by an earlier test
    assert.ok(plain.stats.reusedTokens <= 2, `${plain.stats.reusedTokens}`);
    const again = await engine.generate({ prompt, sampling: greedy, plan: slider(1, 1) });
    assert.ok(again.stats.reusedTokens > 10);
    const other = await engine.generate({ prompt, sampling: greedy, plan: slider(1.5, 1) });
    assert.equal(other.stats.reusedTokens, 0);
    const answerOnly = await engine.generate({ prompt, sampling: greedy, plan: slider(0, 2) });
    const followUp = await engine.generate({ prompt: `${prompt}${answerOnly.text} So`, sampling: greedy, plan: slider(0, 2) });
    assert.ok(followUp.stats.reusedTokens <= answerOnly.stats.promptTokens);
  });

  it("takes a moved slider at the next token, and says which", async () => {
    const { tokens: prompt } = await engine.request("tap", {
      client: "test",
      prompt: PROMPT,
      tokens: null,
      sites: [],
      layers: null,
      logits: false,
      plan: null,
    });
    const forced = Array.from({ length: 400 }, (_, i) => 260 + ((i * 37) % 200));
    const id = "slide:1";
    const running = forcedRun({ id, tokens: prompt, forced, plan: slider(0.5, 0.5) });
    await engine.event("tokens", (params) => params.id === id && params.tokens.at(-1)!.index >= 20);
    await engine.request("steer", { id, plan: slider(0.5, 2), controls: { joy: 2 } });
    const seen = engine.streamed(id).length;
    const answer = await running;
    const [change] = answer.changes;
    assert.deepEqual(answer.changes, [{ token: change!.token, controls: { joy: 2 } }]);
    // every token that was written without the change is here with the acknowledgement, and one more decode may have started
    assert.ok(change!.token >= seen && change!.token <= seen + 1, `${change!.token} after ${seen}`);
    const news = engine.events.find((event) => event.name === "steering" && event.params.id === id);
    assert.equal((news!.params as { token: number }).token, change!.token);

    const before = await forcedRun({ tokens: prompt, forced: forced.slice(0, change!.token + 1), plan: slider(0.5, 0.5) });
    for (let t = 0; t < change!.token; t++) assert.ok(relativeError(rows(answer)[t]!, rows(before)[t]!) < TOLERANCE, `token ${t}`);
    assert.ok(relativeError(rows(answer)[change!.token]!, rows(before)[change!.token]!) > 0.01);
    // Read under the old strength up to the change, under the new one from there on.
    const cut = change!.token - 1;
    const after = await forcedRun({ tokens: [...prompt, ...forced.slice(0, cut)], forced: forced.slice(cut), plan: slider(0.5, 2) });
    for (let t = change!.token; t < 400; t++) assert.ok(relativeError(rows(answer)[t]!, rows(after)[t - cut]!) < TOLERANCE, `token ${t}`);
  });

  it("lets a slider move before its answer starts, and refuses one of an answer that ended", async () => {
    const answer = engine.generate({ id: "early:1", prompt: PROMPT, sampling: greedy, plan: slider(1, 1) });
    await engine.request("steer", { id: "early:1", plan: slider(0, 0), controls: { joy: 0 } }).catch(() => undefined);
    await answer;
    await assert.rejects(
      engine.request("steer", { id: "early:1", plan: slider(0, 0), controls: {} }),
      (error: TillerError) => error.code === "not-found",
    );
  });

  it("holds a reading on its target in the same token", async () => {
    const probe = { id: "probe/hold", site: "resid" as const, layer: 2, vector: unit(3) };
    const forced = Array.from({ length: 12 }, (_, i) => 300 + i * 7);
    const free = await engine.generate({ prompt: PROMPT, forced, probes: [probe] });
    const readings = free.tokens.map((token) => token.probes![0]!);
    const at = Math.max(...readings) + 1;
    const held = await engine.request("tap", {
      client: "test",
      prompt: null,
      tokens: [1, ...forced],
      sites: ["resid"],
      layers: [2, 3],
      logits: true,
      plan: planOf(hold(at)),
    });
    const plain = await engine.request("tap", {
      client: "test",
      prompt: null,
      tokens: [1, ...forced],
      sites: ["resid"],
      layers: [2],
      logits: true,
      plan: null,
    });
    // Sites are read before the edit: the same at layer 2, and on from there by exactly what was missing.
    const before = held.sites.find((site) => site.layer === 2)!;
    assert.ok(relativeError(before.data, plain.sites[0]!.data) < 1e-5);
    const shifted = await engine.request("tap", {
      client: "test",
      ...{ prompt: null, tokens: [1, ...forced], sites: [], layers: null, logits: true },
      plan: planOf(hold(-1e6)),
    });
    assert.ok(relativeError(shifted.logits!, plain.logits!) < 1e-5);
    assert.ok(relativeError(held.logits!, plain.logits!) > 1e-3);
  });

  it("opens and closes a gate by the reading of the token before", async () => {
    const probe = { id: "probe/gate", site: "resid" as const, layer: 1, vector: unit(5) };
    const { tokens: prompt } = await engine.request("tap", {
      client: "test",
      prompt: PROMPT,
      tokens: null,
      sites: [],
      layers: null,
      logits: false,
      plan: null,
    });
    const forced = Array.from({ length: 30 }, (_, i) => 260 + ((i * 53) % 220));
    const plain = await forcedRun({ tokens: prompt, forced, probes: [probe] });
    const readings = plain.tokens.map((token) => token.probes![0]!);
    const threshold = [...readings].sort((a, b) => a - b)[15]!;
    const edits = shiftEdits("resid", 3, wave(2, 1));
    const gated: LoweredPlan = {
      ...rowsOf(edits),
      gates: [{ probe, compare: ">", threshold }],
      prompt: { variants: [PLAIN_EDITS, edits] },
      last: { variants: [PLAIN_EDITS, edits] },
      answer: { variants: [PLAIN_EDITS, edits] },
    };
    const answer = await forcedRun({ tokens: prompt, forced, plan: asked(gated), probes: [probe] });
    // Layer 1 is read before layer 3 is edited, but later tokens attend to edited ones only above layer 3: readings stay.
    answer.tokens.forEach((token, t) => {
      assert.ok(Math.abs(token.probes![0]! - readings[t]!) < 1e-4);
    });
    const closed = await forcedRun({ tokens: prompt, forced, plan: asked({ ...gated, gates: [{ probe, compare: ">", threshold: 1e9 }] }) });
    rows(closed).forEach((row, t) => {
      assert.ok(relativeError(row, rows(plain)[t]!) < 1e-5);
    });
    // Token t's logits come from the position before it, which is governed by the reading before that.
    for (let t = 2; t < 30; t++) {
      const open = readings[t - 2]! > threshold;
      const error = relativeError(rows(answer)[t]!, rows(plain)[t]!);
      const earlier = readings.slice(0, t - 2).some((reading) => reading > threshold);
      if (open) assert.ok(error > 1e-3, `token ${t}: ${error}`);
      else if (!earlier) assert.ok(error < 1e-5, `token ${t}: ${error}`);
    }
  });

  it("refuses sites that this model does not have", async () => {
    await assert.rejects(
      engine.generate({ prompt: PROMPT, plan: planOf(shiftEdits("resid", 99, wave(1, 1))) }),
      (error: TillerError) => error.code === "not-steerable" && /99/.test(error.message),
    );
    assert.equal((await engine.generate({ prompt: PROMPT, sampling: greedy })).tokens.length, 24);
  });
});
