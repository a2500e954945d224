import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { armKey, armsOf, cellsOf, drawsFor, messagesOf, seedsFor, sweptStrengths } from "../../../daemon/evaluate/receipts/arms.ts";
import { calibrate } from "../../../daemon/evaluate/receipts/calibrate.ts";
import { countOf, differences, judgedPrompts, values } from "../../../daemon/evaluate/receipts/effects.ts";
import { inParts } from "../../../daemon/evaluate/receipts/study-parts.ts";
import { meanRepetition, meanWords, pooledDistinct } from "../../../daemon/evaluate/receipts/text-measures.ts";
import { underBounds, usableRange } from "../../../daemon/evaluate/receipts/usable.ts";
import { EvaluationSpecSchema } from "../../../daemon/protocol/evaluation.ts";

const SPEC = EvaluationSpecSchema.parse({
  tiller: 1,
  title: "words",
  judge: { id: "length", value: "words" },
  strengths: [1, -1, 0.5],
  seeds: 2,
  draws: 3,
  prompts: ["a", "b", "c", "d"].map((text) => ({ language: "en", text })),
  baseline: { en: "Answer at length." },
});

describe("evaluate: arms", () => {
  it("sweeps upwards with 0, and has no random control at 0", () => {
    assert.deepEqual(sweptStrengths(SPEC), [-1, 0, 0.5, 1]);
    assert.deepEqual(armsOf(SPEC).map(armKey), [
      "plain",
      "prompt",
      "steered -1",
      "steered 0",
      "steered 0.5",
      "steered 1",
      "random -1",
      "random 0.5",
      "random 1",
    ]);
  });

  it("counts N up to whole seeds, and gives every answer a seed of its own", () => {
    assert.equal(seedsFor(SPEC, undefined), 2);
    assert.equal(seedsFor(SPEC, 9), 3);
    const cells = cellsOf(SPEC, 3, 7);
    assert.equal(cells.length, 12);
    assert.equal(new Set(cells.map(({ seed }) => seed)).size, 12);
    assert.deepEqual(cellsOf(SPEC, 3, 7), cells);
    assert.notDeepEqual(cellsOf(SPEC, 3, 8), cells);
    // eight draws in any case, however few are asked for
    assert.deepEqual([...new Set(cells.flatMap(({ draws }) => draws))].length, 6);
    for (const [asked, answers, expected] of [
      [3, 12, 8],
      [10, 64, 8],
      [10, 200, 10],
      [64, 300, 15],
    ] as const)
      assert.equal(drawsFor({ draws: asked }, answers), expected);
  });

  it("asks by a system turn in the prompting baseline alone", () => {
    const cell = cellsOf(SPEC, 1, 1)[2]!;
    assert.deepEqual(messagesOf(SPEC, cell, { kind: "steered", strength: 1 }), [{ role: "user", content: "c" }]);
    assert.deepEqual(messagesOf(SPEC, cell, { kind: "prompt" }), [
      { role: "system", content: "Answer at length." },
      { role: "user", content: "c" },
    ]);
  });

  it("pairs answers with the plain ones; what could not be judged is no change", () => {
    const cells = cellsOf(SPEC, 2, 1);
    const paired = differences(cells, [1, 2, null, 4, 5, 6, 7, 8], [0, 0, 0, null, 1, 1, 1, 1]);
    assert.deepEqual(values(paired), [
      [1, 2],
      [0, 0],
      [4, 5],
      [6, 7],
    ]);
    assert.equal(countOf(paired), 8);
    assert.equal(judgedPrompts(paired), 3);
  });
});

describe("evaluate: damage and its bounds", () => {
  const text = (...texts: string[]) => texts.map((one) => ({ text: one, language: "en" }));

  it("measures distinct words, repetition and length", () => {
    assert.equal(pooledDistinct(text("a b", "A c"), 1), 3 / 4);
    assert.equal(pooledDistinct(text("a b", "b c"), 2), 1);
    assert.equal(pooledDistinct(text(""), 2), 1);
    // a b a b a b: 4-grams abab, baba, abab → 1 of 3 repeated; the other text has none
    assert.ok(Math.abs(meanRepetition(text("a b a b a b", "one two three four")) - 1 / 6) < 1e-12);
    assert.equal(meanWords(text("one two three", "Hello!")), 2);
  });

  it("ends the usable range at the first strength over the bounds, on each side", () => {
    const strengths = [-2, -1, 0, 1, 2, 3];
    assert.deepEqual(usableRange(strengths, [true, false, true, true, false, true]), { low: 0, high: 1 });
    assert.deepEqual(usableRange(strengths, [true, true, true, true, true, true]), { low: -2, high: 3 });
    const bounds = { bitsPerByte: 0.25, repetition: 0.1, fluency: 0.5 };
    const arm = (textBitsPerByte: number, repetition: number, fluency = 0.2, scores: (number | null)[] = []) => ({
      textBitsPerByte,
      damage: { repetition, fluency },
      scores,
    });
    const beside = { plain: arm(1, 0.1), prompt: arm(1, 0.1, 0.6) };
    assert.equal(underBounds(arm(1.25, 0), beside, bounds), true);
    assert.equal(underBounds(arm(1.26, 0), beside, bounds), false);
    assert.equal(underBounds(arm(1, 0.3), beside, bounds), false);
    // as unlikely as what the prompt brings about, and half a bit more
    assert.equal(underBounds(arm(1, 0.1, 1.05), beside, bounds), true);
    assert.equal(underBounds(arm(1, 0.1, 1.15), beside, bounds), false);
    assert.equal(underBounds(arm(1, 0.1, 0.2, [1, 1, 1, 1, 1, 1, 1, 1, 1, null]), beside, bounds), true);
    assert.equal(underBounds(arm(1, 0.1, 0.2, [1, 1, 1, 1, null]), beside, bounds), false);
  });

  it("calibrates to where a known damage meets its bound", async () => {
    const asked: number[] = [];
    // damage s² on the positive side, bound 2 → √2; |s| on the negative side, bound 5, beyond the sweep
    const under = async (strength: number): Promise<boolean> => {
      asked.push(strength);
      return strength > 0 ? strength ** 2 <= 2 : strength >= -5;
    };
    const { low, high, steps } = await calibrate([-1, 0, 0.5, 1, 2], under);
    assert.ok(high! <= Math.SQRT2 && high! > Math.SQRT2 * 0.95, String(high));
    assert.ok(low! >= -5 && low! < -4.7, String(low));
    assert.equal(steps, asked.filter((strength) => ![-1, 0.5, 1, 2].includes(strength)).length);
    assert.deepEqual(await calibrate([0, 1], async () => false).then(({ low: side, high: best }) => [side, best! < 0.1]), [null, true]);
  });
});

describe("evaluate: studies in parts", () => {
  it("asks for everything once, in order, with progress over all parts", async () => {
    const sizes: [number, number][] = [];
    const told: number[] = [];
    const study = inParts(async ({ answers, texts }, progress) => {
      sizes.push([answers.length, texts.length]);
      progress(1);
      return {
        answers: answers.map(({ seed }) => ({ text: String(seed), tokens: [], ended: true })),
        texts: texts.map(({ text }) => ({ bits: Number(text), tokens: 1 })),
      };
    }, 4);
    const answers = Array.from({ length: 9 }, (_, seed) => ({ plan: 0, messages: [], seed }));
    const texts = Array.from({ length: 5 }, (_, i) => ({ plan: 0, messages: null, text: String(i), tokens: null }));
    const result = await study({ plans: [null], sampling: {}, answers, texts }, (fraction) => told.push(fraction));
    assert.deepEqual(sizes, [
      [4, 4],
      [4, 1],
      [1, 0],
    ]);
    assert.deepEqual(
      result.answers.map(({ text }) => Number(text)),
      answers.map(({ seed }) => seed),
    );
    assert.deepEqual(
      result.texts.map(({ bits }) => bits),
      [0, 1, 2, 3, 4],
    );
    assert.deepEqual(told, [1 / 3, 2 / 3, 1]);
  });
});
