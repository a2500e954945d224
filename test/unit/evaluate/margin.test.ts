import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { drawVariance, type RandomAnswers } from "../../../daemon/evaluate/receipts/draws.ts";
import { ENOUGH, margins, type StrengthAnswers } from "../../../daemon/evaluate/receipts/margin.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

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
        const draw = (p + k) % design.draws;
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
  it("is the difference of the two means, by prompts", () => {
    const [answers] = sweep(3, DESIGN, 0.5, [1]) as [StrengthAnswers];
    const [interval] = margins([answers], 1);
    const wanted = mean(answers.steered.map((values, p) => mean(values) - mean(answers.random[p]!.map(({ value }) => value))));
    assert.ok(Math.abs(interval!.value - wanted) < 1e-12);
  });

  it("calls one more random direction different at some strength in about 5 % of sweeps, whatever else varies", () => {
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
    ];
    for (const design of designs) {
      let called = 0;
      for (let i = 0; i < sweeps; i++) {
        const found = margins(sweep(7919 * i + 13, { ...DESIGN, ...design }, null, strengths), i);
        if (found.some((interval) => interval!.low > 0 || interval!.high < 0)) called++;
      }
      // 0.05 + two standard errors
      assert.ok(called / sweeps <= 0.081, `${JSON.stringify(design)}: ${called} of ${sweeps}`);
    }
  });

  it("finds an effect that is well outside what random directions do", () => {
    let found = 0;
    for (let i = 0; i < 100; i++) {
      const [interval] = margins(sweep(i + 1, { ...DESIGN, between: 0.5, spread: 0.1 }, 0.8, [1]), i);
      if (interval!.low > 0) found++;
    }
    assert.ok(found >= 95, `found ${found}`);
  });

  it("is wider for more strengths judged together", () => {
    const width = (strengths: readonly number[]): number => {
      const { low, high } = margins(sweep(4, { ...DESIGN, spread: 0.1 }, 0.5, strengths), 2)[0]!;
      return high - low;
    };
    assert.ok(width([1, 1, 1, 1, 1, 1]) > width([1]));
  });

  it("does not speak where there are too few answers, prompts or random directions", () => {
    const told = (design: Partial<Design>): boolean => margins(sweep(5, { ...DESIGN, ...design }, 1, [1]), 1)[0] !== null;
    assert.equal(told({}), true);
    assert.equal(told({ prompts: ENOUGH.prompts, seeds: 6 }), true);
    assert.equal(told({ prompts: ENOUGH.prompts - 1, seeds: 20 }), false);
    assert.equal(told({ prompts: 20, seeds: 2 }), false);
    assert.equal(told({ draws: ENOUGH.draws - 1 }), false);
  });
});
