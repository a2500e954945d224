import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { drawOf } from "../../../daemon/evaluate/receipts/arms.ts";
import { drawVariance, type RandomAnswers } from "../../../daemon/evaluate/receipts/draws.ts";
import { ENOUGH, intervalOf, marginAt, pooledMargin, type StrengthAnswers, slopesOf } from "../../../daemon/evaluate/receipts/margin.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import type { Estimate } from "../../../daemon/protocol/receipt.ts";

interface Design {
  readonly prompts: number;
  readonly seeds: number;
  readonly draws: number;
  /** standard deviations: of single answers, between prompts, between random directions at strength 1 */
  readonly noise: number;
  readonly between: number;
  readonly spread: number;
}
const DESIGN: Design = { prompts: 40, seeds: 5, draws: 10, noise: 0.5, between: 0, spread: 0 };

function normals(seed: number): () => number {
  const next = generator(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A sweep whose control has `effect` at strength 1, or is one more random direction (null). Prompts meet draws as in cellsOf. */
function sweep(seed: number, design: Design, effect: number | null, strengths: readonly number[]): StrengthAnswers[] {
  const normal = normals(seed);
  const directions = Array.from({ length: design.draws }, () => design.spread * normal());
  const own = effect ?? design.spread * normal();
  const prompts = Array.from({ length: design.prompts }, () => design.between * normal());
  const answer = (mean: number): number => mean + design.noise * normal();
  return strengths.map((strength) => ({
    strength,
    steered: prompts.map((prompt) => Array.from({ length: design.seeds }, () => answer(prompt + strength * own))),
    random: prompts.map((prompt, p) =>
      Array.from({ length: design.seeds }, (_, k) => {
        const draw = drawOf(p, k, design.draws);
        return { draw, value: answer(prompt + strength * directions[draw]!) };
      }),
    ),
  }));
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("evaluate: how much random directions differ", () => {
  it("is their variance less that of the noise, as the textbook has it for balanced data", () => {
    // Every prompt meets every draw once: draws −1, 0, 1 by 4 prompts without noise. Variance of the draws' effects is 1.
    const exact = [0, 5, 7, -3].map((prompt): RandomAnswers => [-1, 0, 1].map((effect, draw) => ({ draw, value: prompt + effect })));
    assert.ok(Math.abs(drawVariance(exact)!.between - 1) < 1e-9);
    // With noise e: between = var of draw means − MSE / prompts, MSE of the two-way table without interaction.
    const noise = [
      [0.3, -0.1, -0.2],
      [-0.4, 0.2, 0.2],
      [0.1, 0.1, -0.2],
      [0.5, -0.3, -0.2],
    ];
    const noisy = exact.map((answers, p) => answers.map(({ draw, value }, d) => ({ draw, value: value + noise[p]![d]! })));
    const rows = noisy.map((answers) => answers.map(({ value }) => value));
    const columns = [0, 1, 2].map((d) => mean(rows.map((row) => row[d]!)));
    const all = mean(columns);
    const rest = rows.flatMap((row) => row.map((value, d) => (value - mean(row) - columns[d]! + all) ** 2)).reduce((a, b) => a + b, 0) / 6;
    const wanted = columns.reduce((sum, column) => sum + (column - all) ** 2, 0) / 2 - rest / 4;
    assert.ok(Math.abs(drawVariance(noisy)!.between - wanted) < 1e-9);
  });

  it("does not take prompts for draws, nor hide draws behind prompts", () => {
    for (const between of [0, 0.5, 2]) {
      const found = Array.from({ length: 200 }, (_, i) => {
        const [{ random }] = sweep(i + 1, { ...DESIGN, between, spread: 0.3 }, 0, [1]) as [StrengthAnswers];
        return drawVariance(random)!.between;
      });
      assert.ok(Math.abs(mean(found) - 0.09) < 0.015, `${between}: ${mean(found)}`);
    }
  });

  it("compares any two draws well, also where each prompt meets but two or three of them", () => {
    for (const [prompts, seeds, draws, most] of [
      [36, 2, 12, 2.1],
      [36, 3, 12, 1.5],
      [48, 3, 8, 1.5],
      [40, 5, 10, 1.2],
    ] as const) {
      // Noise alone: what is measured of the draws is its variance over the answers of a draw, and more the worse they are connected.
      const measured = Array.from({ length: 300 }, (_, i) => {
        const [{ random }] = sweep(i + 1, { ...DESIGN, prompts, seeds, draws }, 0, [1]) as [StrengthAnswers];
        return drawVariance(random)!.measured;
      });
      const least = 0.25 / ((prompts * seeds) / draws);
      assert.ok(mean(measured) / least < most + 0.1, `${prompts} ${seeds} ${draws}: ${mean(measured) / least}`);
    }
  });

  it("takes one answer to each prompt for what it is: prompts are noise then", () => {
    const nested = [0, 1, 10, 11].map((value, prompt): RandomAnswers => [{ draw: Math.floor(prompt / 2), value }]);
    // means 0.5 and 10.5: variance 50, less the residual 0.5 over 2 prompts each
    assert.equal(drawVariance(nested)!.between, 50 - 0.25);
  });

  it("says so where draws cannot be compared", () => {
    const apart = [0, 1, 2, 3].map((p): RandomAnswers => [0, 1].map((k) => ({ draw: 2 * (p % 2) + k, value: p + k })));
    assert.equal(drawVariance(apart), null);
    assert.equal(drawVariance([[{ draw: 0, value: 1 }]]), null);
  });
});

describe("evaluate: margin over random directions", () => {
  it("is the difference of the two means, by prompts, at a strength and in the slopes", () => {
    const [answers] = sweep(3, DESIGN, 0.5, [0.5]) as [StrengthAnswers];
    const wanted = mean(answers.steered.map((values, p) => mean(values) - mean(answers.random[p]!.map(({ value }) => value))));
    assert.ok(Math.abs(marginAt(answers, 0)!.value - wanted) < 1e-12);
    // one strength: the slope is the difference over it, and so is its interval
    const { value, low } = intervalOf(pooledMargin([answers])!);
    assert.ok(Math.abs(value - wanted / 0.5) < 1e-12);
    assert.ok(Math.abs(low - intervalOf(marginAt(answers, 0)!).low / 0.5) < 1e-12);
  });

  it("takes each answer's slope by least squares through 0", () => {
    const at = (strength: number, value: number, random: number): StrengthAnswers => ({
      strength,
      steered: [[value]],
      random: [[{ draw: 0, value: random }]],
    });
    const { steered, random } = slopesOf([at(-1, -3, 1), at(2, 4, 0)]);
    assert.deepEqual(steered, [[(3 + 8) / 5]]);
    assert.deepEqual(random, [[{ draw: 0, value: -1 / 5 }]]);
  });

  it("calls one more random direction different over a sweep in about 5 % of sweeps, whatever else varies", () => {
    const strengths = [0.25, 0.5, 0.75, 1];
    const sweeps = 200;
    const designs: Partial<Design>[] = [
      { spread: 0 },
      { spread: 0.1, between: 0.5 },
      { spread: 0.3 },
      { spread: 0.3, between: 1 },
      { spread: 0.3, between: 0.5, prompts: 16, seeds: 13 },
      { spread: 0.1, between: 0.5, prompts: 16, seeds: 13 },
      { spread: 1, between: 0.5, prompts: 48, draws: 12 },
      { spread: 0.2, between: 0.5, prompts: 16, seeds: 4, draws: 8 },
    ];
    for (const design of designs) {
      let called = 0;
      for (let i = 0; i < sweeps; i++) {
        const { low, high } = intervalOf(pooledMargin(sweep(7919 * i + 13, { ...DESIGN, ...design }, null, strengths))!);
        if (low > 0 || high < 0) called++;
      }
      // 0.05 + two standard errors
      assert.ok(called / sweeps <= 0.081, `${JSON.stringify(design)}: ${called} of ${sweeps}`);
    }
  });

  it("finds an effect that is well outside what random directions do", () => {
    let found = 0;
    for (let i = 0; i < 100; i++) {
      const { low } = intervalOf(pooledMargin(sweep(i + 1, { ...DESIGN, between: 0.5, spread: 0.1 }, 0.8, [1]))!);
      if (low > 0) found++;
    }
    assert.ok(found >= 95, `found ${found}`);
  });

  it("finds in 64 answers a strength what three draws and a correction for four strengths called no effect", () => {
    // the effect's interval is ± 0.12 at each strength, as it was there
    const few: Design = { prompts: 16, seeds: 4, draws: 8, noise: 0.5, between: 0.1, spread: 0.05 };
    const tell = (design: Design): number => {
      let found = 0;
      for (let i = 0; i < 100; i++) {
        const margin = pooledMargin(sweep(31 * i + 5, design, 0.3, [0.25, 0.5, 0.75, 1]), null, { answers: 60, prompts: 10, draws: 3 });
        if (intervalOf(margin!).low > 0) found++;
      }
      return found;
    };
    const [eight, three] = [tell(few), tell({ ...few, draws: 3 })];
    assert.ok(eight >= 50 && three <= eight - 20, `found ${eight}, with three draws ${three}`);
  });

  it("takes kinds for clusters where there are six: an effect in one kind alone is no effect in all", () => {
    const [answers] = sweep(3, { ...DESIGN, prompts: 48, noise: 0.1 }, 0, [1]) as [StrengthAnswers];
    const kinds = answers.steered.map((_, p) => `kind ${p % 6}`);
    const lopsided = { ...answers, steered: answers.steered.map((cells, p) => (p % 6 === 0 ? cells.map((value) => value + 1) : cells)) };
    const [byPrompt, byKind] = [null, kinds].map((of) => intervalOf(marginAt(lopsided, 0, of)!)) as [Estimate, Estimate];
    assert.ok(byPrompt.low > 0 && byKind.low < 0 && byKind.high > 0, JSON.stringify([byPrompt, byKind]));
    assert.ok(Math.abs(byPrompt.value - byKind.value) < 1e-9);
    const five = answers.steered.map((_, p) => `kind ${p % 5}`);
    assert.deepEqual(intervalOf(marginAt(lopsided, 0, five)!), byPrompt);
  });

  it("does not speak where there are too few answers, prompts or random directions", () => {
    const told = (design: Partial<Design>): boolean => pooledMargin(sweep(5, { ...DESIGN, ...design }, 1, [1])) !== null;
    assert.equal(told({}), true);
    assert.equal(told({ prompts: ENOUGH.prompts, seeds: 6 }), true);
    assert.equal(told({ prompts: ENOUGH.prompts - 1, seeds: 20 }), false);
    assert.equal(told({ prompts: 20, seeds: 2 }), false);
    assert.equal(told({ draws: ENOUGH.draws - 1 }), false);
    assert.equal(pooledMargin([]), null);
  });
});
