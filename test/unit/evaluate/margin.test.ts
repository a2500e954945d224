import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { betweenVariance, margin } from "../../../daemon/evaluate/margin.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

const PROMPTS = 40;
const SEEDS = 5;
const DRAWS = 10;

/** An experiment whose control has the effect `effect`; random directions have effects of deviation `spread`. */
function experiment(seed: number, effect: number, spread: number) {
  const next = generator(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const draws = Array.from({ length: DRAWS }, () => spread * normal());
  const noise = (): number => 0.5 * normal();
  const prompts = Array.from({ length: PROMPTS }, (_, prompt) => prompt);
  return {
    steered: prompts.map(() => Array.from({ length: SEEDS }, () => effect + noise())),
    random: prompts.map((prompt) =>
      Array.from({ length: SEEDS }, (_, k) => {
        const draw = (prompt + k) % DRAWS;
        return { draw, value: draws[draw]! + noise() };
      }),
    ),
    own: spread * normal(),
  };
}

describe("evaluate: margin over random directions", () => {
  it("is the difference of the two means", () => {
    const { value } = margin({
      steered: [[3, 5], [4]],
      random: [
        [
          { draw: 0, value: 1 },
          { draw: 1, value: 2 },
        ],
        [{ draw: 2, value: 0.5 }],
      ],
      strengths: 1,
      seed: 1,
    });
    assert.equal(value, (4 - 1.5 + (4 - 0.5)) / 2);
  });

  it("finds the variance between draws, and 0 where there is none", () => {
    // Two values each: within (1² + 1²)/1 = 2 per draw → residual 2, noise 1; means 0 and 10 → variance 50.
    assert.equal(
      betweenVariance([
        [-1, 1],
        [9, 11],
      ]),
      49,
    );
    assert.equal(
      betweenVariance([
        [-5, 5],
        [-5, 5],
        [-4, 6],
      ]),
      0,
    );
  });

  it("calls one more random direction an effect at some strength in at most 5 % of sweeps", () => {
    const strengths = [0.2, 0.4, 0.6, 0.8];
    const sweeps = 150;
    for (const spread of [0, 0.2, 1]) {
      let effects = 0;
      for (let i = 0; i < sweeps; i++) {
        const own = experiment(i + 1, 0, spread).own;
        const found = strengths.some((strength, k) => {
          const { steered, random } = experiment(1000 * (k + 1) + i, own * strength, spread * strength);
          return margin({ steered, random, strengths: strengths.length, seed: i }).low > 0;
        });
        if (found) effects++;
      }
      assert.ok(effects / sweeps <= 0.08, `spread ${spread}: ${effects} of ${sweeps}`);
    }
  });

  it("finds an effect that is well outside what random directions do", () => {
    let found = 0;
    for (let i = 0; i < 100; i++) if (margin({ ...experiment(i + 1, 0.8, 0.1), strengths: 6, seed: i }).low > 0) found++;
    assert.ok(found >= 95, `found ${found}`);
  });

  it("is wider for more strengths judged together", () => {
    const data = experiment(4, 0.5, 0.1);
    const width = (strengths: number): number => {
      const { low, high } = margin({ ...data, strengths, seed: 2 });
      return high - low;
    };
    assert.ok(width(6) > width(1));
  });
});
