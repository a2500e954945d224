/**
 * Does a control do more than a random direction of the same size? The interval of (its effect − the random directions'),
 * for all strengths of a sweep together.
 *
 * Model: a random direction's effect at strength s is μ + b, b of variance σ_s². The null is that the control is one more of
 * them. Then
 *   var(steered − mean of D random) = e² + σ_s² (1 + 1/D),
 * e² the bootstrap variance over prompts of the paired difference. σ_s² is estimated at each strength (`draws.ts`), but taken
 * for no less than what all strengths of the sweep say together under σ_s ∝ s: at a weak strength the draws' differences
 * drown in noise, and the estimate would be 0 about half of the time. The critical value is Student's t with D − 1 degrees of
 * freedom (or prompts − 1, if fewer), at 1 − 0.05/(2k) for k strengths (Bonferroni). A test holds the rate at which one more
 * random direction is called different at some strength, in either direction, to about 5 %, with and without differences
 * between prompts.
 */
import type { Estimate } from "../../protocol/receipt.ts";
import { type DrawVariance, drawVariance, type RandomAnswers } from "./draws.ts";
import { LEVEL, mean, resampledMeans, studentQuantile, variance } from "./statistics.ts";

export interface StrengthAnswers {
  readonly strength: number;
  /** effects of the steered answers, by prompt */
  readonly steered: readonly (readonly number[])[];
  /** effects under random directions, by the same prompts */
  readonly random: readonly RandomAnswers[];
}

/** With fewer an interval would be a guess. */
export const ENOUGH = { answers: 60, prompts: 10, draws: 3 } as const;

/** One interval per strength; null where there are too few answers to tell. */
export function margins(sweep: readonly StrengthAnswers[], seed: number): (Estimate | null)[] {
  const spreads = sweep.map(({ random }) => drawVariance(random));
  const slope = slopeOf(sweep.map(({ strength }, index) => ({ strength, between: spreads[index]?.between ?? null })));
  return sweep.map((answers, index) => {
    const spread = spreads[index]!;
    return spread === null || tooFew(answers, spread) ? null : marginOf(answers, spread, slope, sweep.length, seed);
  });
}

function tooFew({ steered, random }: StrengthAnswers, { draws }: DrawVariance): boolean {
  const answers = Math.min(count(steered), count(random));
  return answers < ENOUGH.answers || steered.length < ENOUGH.prompts || draws < ENOUGH.draws;
}

function count(prompts: readonly (readonly unknown[])[]): number {
  return prompts.reduce((sum, answers) => sum + answers.length, 0);
}

/** σ_s² / s² by least squares over the strengths, at least 0. */
function slopeOf(estimates: readonly { readonly strength: number; readonly between: number | null }[]): number {
  const known = estimates.filter(({ between }) => between !== null);
  const weight = known.reduce((sum, { strength }) => sum + strength ** 4, 0);
  return weight === 0 ? 0 : Math.max(0, known.reduce((sum, { strength, between }) => sum + between! * strength ** 2, 0) / weight);
}

function marginOf(
  { strength, steered, random }: StrengthAnswers,
  spread: DrawVariance,
  slope: number,
  strengths: number,
  seed: number,
): Estimate {
  const differences = steered.map((values, prompt) => mean(values) - mean(random[prompt]!.map(({ value }) => value)));
  const value = mean(differences);
  const between = Math.max(0, spread.between, slope * strength ** 2);
  const deviation = Math.sqrt(variance(Array.from(resampledMeans(differences, seed))) + between * (1 + 1 / spread.draws));
  const freedom = Math.min(spread.draws, differences.length) - 1;
  const critical = studentQuantile(1 - (1 - LEVEL) / (2 * strengths), freedom);
  return { value, low: value - critical * deviation, high: value + critical * deviation };
}
