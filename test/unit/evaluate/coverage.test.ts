/**
 * How often the intervals of a receipt hold the truth, simulated: shares of answers of a judge that says yes or no, prompts that
 * differ, few prompts, skewed figures, six kinds. Seeded; the figures that the documents state.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clusterEstimate } from "../../../daemon/evaluate/receipts/clusters.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

const EXPERIMENTS = 1200;

interface World {
  readonly name: string;
  readonly prompts: number;
  readonly seeds: number;
  readonly kinds: number;
  /** a prompt's answers as differences from the plain ones, given how far its kind is from the others */
  readonly answers: (random: Random, kind: number, seeds: number) => number[];
  /** the mean over all prompts and kinds there could be */
  readonly truth: number;
}

interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
}

function randomOf(seed: number): Random {
  const uniform = generator(seed);
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/** Steered less plain, of a yes-or-no judge: a prompt's shares are evenly spread over ± `spread` around their means. */
function shares(plain: number, steered: number, spread: number): World["answers"] {
  return ({ uniform }, kind, seeds) => {
    const near = (share: number): number => share + spread * (2 * uniform() - 1);
    const [a, b] = [near(plain), near(steered) + kind];
    return Array.from({ length: seeds }, () => (uniform() < b ? 1 : 0) - (uniform() < a ? 1 : 0));
  };
}

/** Words: log-normal, skewed to the right. */
const words: World["answers"] = ({ normal }, kind, seeds) => {
  const own = 0.3 * normal();
  return Array.from({ length: seeds }, () => 20 * (Math.exp(0.5 * normal() + own) - Math.exp((0.25 + 0.09) / 2)) + 20 * kind);
};

const WORLDS: World[] = [
  { name: "16 prompts × 4, +0.25 of a share", prompts: 16, seeds: 4, kinds: 1, answers: shares(0.25, 0.5, 0.2), truth: 0.25 },
  { name: "12 prompts × 5, no effect", prompts: 12, seeds: 5, kinds: 1, answers: shares(0.3, 0.3, 0.2), truth: 0 },
  { name: "40 prompts × 5, +0.5", prompts: 40, seeds: 5, kinds: 1, answers: shares(0.25, 0.75, 0.2), truth: 0.5 },
  { name: "16 prompts × 4, from a rare property", prompts: 16, seeds: 4, kinds: 1, answers: shares(0.05, 0.2, 0.05), truth: 0.15 },
  { name: "48 prompts × 2, six kinds that differ", prompts: 48, seeds: 2, kinds: 6, answers: shares(0.25, 0.5, 0.2), truth: 0.25 },
  { name: "16 prompts × 4, words", prompts: 16, seeds: 4, kinds: 1, answers: words, truth: 0 },
  { name: "60 prompts × 4, six kinds, words", prompts: 60, seeds: 4, kinds: 6, answers: words, truth: 0 },
];

/** How far kinds lie apart, in standard deviations of a share. */
const KINDS_APART = 0.1;

function covered(world: World): number {
  let hits = 0;
  for (let i = 0; i < EXPERIMENTS; i++) {
    const random = randomOf(7001 * i + 11);
    const offsets = Array.from({ length: world.kinds }, () => (world.kinds === 1 ? 0 : KINDS_APART * random.normal()));
    const kinds = Array.from({ length: world.prompts }, (_, p) => `kind ${p % world.kinds}`);
    const prompts = kinds.map((_, p) => world.answers(random, offsets[p % world.kinds]!, world.seeds));
    const { low, high } = clusterEstimate(prompts, kinds);
    if (low <= world.truth && high >= world.truth) hits++;
  }
  return hits / EXPERIMENTS;
}

describe("evaluate: coverage of a receipt's intervals", function () {
  this.timeout(300_000);
  for (const world of WORLDS)
    it(`holds the truth in 93 to 97 % of experiments: ${world.name}`, () => {
      const share = covered(world);
      // ± two standard errors of a simulation of this size
      const slack = 2 * Math.sqrt((0.95 * 0.05) / EXPERIMENTS);
      assert.ok(share >= 0.93 - slack / 4 && share <= 0.97 + slack / 4, `covered ${share}`);
    });
});
