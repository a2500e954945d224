/** The parts of self-control that need no model: steps of a search, Adam, the loop of a training, what is kept of it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { packProgress, TrainingSchema, unpackProgress } from "../../../daemon/methods/self-control/checkpoint.ts";
import { GUIDELINE_IDS, GUIDELINES, guidelineOf, MOST_SUFFIXES, suffixes } from "../../../daemon/methods/self-control/guidelines.ts";
import type { Controller, Example } from "../../../daemon/methods/self-control/objectives.ts";
import { ParamsSchema, TrainSchema } from "../../../daemon/methods/self-control/params.ts";
import { directionOf, randomLike, rowOf, stepped } from "../../../daemon/methods/self-control/step.ts";
import { type Progress, split, type TrainHost, train } from "../../../daemon/methods/self-control/train.ts";
import { adamOf, adamStep } from "../../../daemon/methods/shared/adam.ts";
import { noise } from "../../support/native.ts";

const length = (values: Float32Array) => Math.hypot(...values);

describe("self-control: steps of a search", () => {
  const [rows, width] = [3, 4];
  const slopes = [noise(rows * width, 1), noise(rows * width, 2).map((value) => value * 5)];
  const rules = { layers: [0, 1], topK: 0, bound: 0 };

  it("go along the gradient, in units of its largest row", () => {
    const direction = directionOf(slopes, rows, rules)!;
    const largest = Math.max(...slopes.flatMap((values) => [0, 1, 2].map((row) => length(rowOf(values, row, rows)))));
    for (const [layer, values] of direction.entries())
      for (const [i, value] of values.entries()) assert.ok(Math.abs(value - slopes[layer]![i]! / largest) < 1e-6);
    assert.equal(directionOf([new Float32Array(12)], rows, rules), null);
  });

  it("move only the k rows with the largest gradients", () => {
    const direction = directionOf(slopes, rows, { ...rules, topK: 2 })!;
    const moved = direction.flatMap((values, layer) =>
      [0, 1, 2].flatMap((row) => (length(rowOf(values, row, rows)) > 0 ? [[layer, row]] : [])),
    );
    assert.equal(moved.length, 2);
    const order = slopes
      .flatMap((values, layer) => [0, 1, 2].map((row) => ({ layer, row, size: length(rowOf(values, row, rows)) })))
      .sort((a, b) => b.size - a.size);
    const expected = order.slice(0, 2).map(({ layer, row }) => [layer, row]);
    assert.deepEqual([...moved].sort(), expected.sort());
  });

  it("stay within the bound where one is given, and add up", () => {
    const bounded = { ...rules, bound: 0.5 };
    const direction = directionOf(slopes, rows, bounded)!;
    for (const values of direction) for (let row = 0; row < rows; row++) assert.ok(Math.abs(length(rowOf(values, row, rows)) - 1) < 1e-5);
    const norms = [10, 20];
    const once = stepped([], direction, rows, [3, 6], norms, bounded);
    const twice = stepped(once, direction, rows, [3, 6], norms, bounded);
    const size = (place: (typeof once)[number]) => length(rowOf(place.values, 1, rows));
    assert.deepEqual(once.map(size).map(Math.round), [3, 6]);
    assert.deepEqual(twice.map(size).map(Math.round), [5, 10]);
    const free = stepped(once, direction, rows, [3, 6], norms, rules);
    assert.deepEqual(free.map(size).map(Math.round), [6, 12]);
    for (const [i, place] of randomLike(once, 4).entries()) assert.ok(Math.abs(size(place) / size(once[i]!) - 1) < 1e-5);
  });
});

describe("self-control: guidelines", () => {
  it("become questions of which one is never searched with", () => {
    const { searched, heldOut } = suffixes("is calm", MOST_SUFFIXES);
    const questions = [...searched, ...heldOut].map(({ question }) => question);
    assert.equal(new Set(questions).size, MOST_SUFFIXES + 1);
    for (const question of questions) assert.match(question, /is calm/);
    assert.equal(suffixes("is calm").searched.length, 1);
    for (const id of GUIDELINE_IDS) assert.equal(guidelineOf({ ready: id }).instruction, GUIDELINES[id].instruction);
    assert.equal(guidelineOf({ guideline: "is calm" }).instruction, "Make sure that your answer is calm.");
    assert.equal(guidelineOf({ ready: "calm", instruction: "Breathe." }).instruction, "Breathe.");
  });

  it("are asked for, one or the other", () => {
    const asked = { prompts: ["a", "b", "c", "d", "e", "f"] };
    assert.equal(ParamsSchema.safeParse(asked).success, false);
    assert.equal(ParamsSchema.safeParse({ ...asked, ready: "calm" }).success, true);
    assert.equal(TrainSchema.safeParse({ ...asked, id: "prefix/x", guideline: "is calm" }).success, true);
    assert.equal(TrainSchema.safeParse({ ...asked, id: "prefix/x", guideline: "is calm", prompts: ["a"] }).success, false);
  });
});

describe("self-control: the training of a prefix", () => {
  it("moves by Adam as its paper has it", () => {
    const groups = [Float32Array.of(1, -2), Float32Array.of(0.5)];
    const state = adamOf(groups);
    const expected = groups.map((group) => [...group]);
    const moments = expected.map((group) => group.map(() => ({ m: 0, v: 0 })));
    for (let step = 1; step <= 5; step++) {
      const slopes = [Float32Array.of(0.3 * step, -1e-7), Float32Array.of(step - 3)];
      adamStep(groups, slopes, state, [0.1, 0.01]);
      for (const [k, group] of expected.entries())
        for (const [i, value] of group.entries()) {
          const moment = moments[k]![i]!;
          const g = slopes[k]![i]!;
          moment.m = 0.9 * moment.m + 0.1 * g;
          moment.v = 0.999 * moment.v + 0.001 * g * g;
          group[i] = value - ([0.1, 0.01][k]! * (moment.m / (1 - 0.9 ** step))) / (Math.sqrt(moment.v / (1 - 0.999 ** step)) + 1e-12);
        }
    }
    for (const [k, group] of groups.entries())
      for (const [i, value] of group.entries()) assert.ok(Math.abs(value - expected[k]![i]!) < 1e-5);
  });

  it("keeps three parts of the prompts apart", () => {
    const prompts = Array.from({ length: 11 }, (_, i) => `${i}`);
    const { train: taught, choose, measure } = split(prompts, 3);
    assert.deepEqual([taught.length, choose.length, measure.length], [7, 2, 2]);
    assert.deepEqual([...taught, ...choose, ...measure].sort(), [...prompts].sort());
    assert.deepEqual(split(prompts, 3).choose, choose);
  });

  /** A bowl: the loss is half the squared distance of the rows to 1, and the score its negative until `turn`, then worse. */
  const start: Controller = { rows: 2, values: Float32Array.of(3, -1, 2, 5), layers: [0], shifts: [new Float32Array(4).fill(0.5)] };
  const distance = ({ values, shifts }: Controller) => [...values, ...shifts[0]!].reduce((sum, value) => sum + (value - 1) ** 2 / 2, 0);
  const host = (told: (progress: Progress) => void, turn = Number.POSITIVE_INFINITY): TrainHost => {
    let epoch = -1;
    return {
      lab: {
        signal: new AbortController().signal,
        gradient: async ({ embeddings, shifts }) => {
          const wanted = [embeddings!.values, shifts![0]!.values].map((values) => {
            // the prefix stands behind one token, and before two
            const rows = new Float32Array(5 * 2);
            rows.set(
              values.map((value) => value - 1),
              2,
            );
            return rows;
          });
          const loss = [...embeddings!.values, ...shifts![0]!.values].reduce((sum, value) => sum + (value - 1) ** 2 / 2, 0);
          return { loss, wanted } as never;
        },
      },
      ...{ at: 1, residuals: [1] },
      score: async (controller) => (++epoch > turn ? -1000 : -distance(controller)),
      examples: async () => Array.from({ length: 3 }, (): Example => ({ objective: "answers", prompt: [], answer: "x" })),
      told,
    };
  };
  const settings = { rate: 0.03, epochs: 30, patience: 4, batch: 2, seed: 1 };

  it("goes down, keeps the best epoch and stops where it gets no better", async () => {
    const down = await train(
      start,
      settings,
      host(() => undefined),
      null,
    );
    assert.equal(down.history.length, 31);
    assert.ok(distance(down.best.controller) < 0.1 * distance(start), `${distance(down.best.controller)}`);
    assert.deepEqual([...start.values], [3, -1, 2, 5]);
    const turned = await train(
      start,
      settings,
      host(() => undefined, 5),
      null,
    );
    assert.deepEqual([turned.best.epoch, turned.history.length], [5, 10]);
    assert.equal(-turned.best.score, distance(turned.best.controller));
    const none = await train(
      start,
      { ...settings, epochs: 0 },
      host(() => undefined),
      null,
    );
    assert.deepEqual([none.best.epoch, none.best.controller], [0, start]);
  });

  it("goes on from what was kept, to the last bit", async () => {
    const all: Progress[] = [];
    const whole = await train(
      start,
      { ...settings, epochs: 6 },
      host((progress) => all.push(progress)),
      null,
    );
    const third = all.find(({ history }) => history.length === 4)!;
    const kept = TrainingSchema.parse(JSON.parse(JSON.stringify({ found: [], progress: packProgress(third), measured: [] })));
    const resumed = await train(
      start,
      { ...settings, epochs: 6 },
      host(() => undefined),
      unpackProgress(kept.progress!),
    );
    assert.deepEqual(resumed.controller, whole.controller);
    assert.deepEqual(resumed.history, whole.history);
  });
});
