/**
 * Does a control do more than a random direction of the same size? The interval of (its effect − the random directions'),
 * for all strengths of a sweep together.
 *
 * Model: a random direction's effect is μ + b, b of variance σ². The null is that the control is one more of them. Then
 *   var(steered − mean of D random) = s² + σ² (1 + 1/D),
 * s² the bootstrap variance over prompts of the paired difference, σ² the variance of the draws' means less what answers
 * within a draw explain (the usual estimate of a one-way random-effects model, at least 0). The critical value is Student's
 * t with D − 1 degrees of freedom, at 1 − 0.05/(2k) for k strengths (Bonferroni), so that a useless control is called an
 * effect at some strength with a probability of at most 5 %, both sides together.
 */
import type { Estimate } from "../protocol/receipt.ts";
import { LEVEL, mean, resampledMeans, studentQuantile, variance } from "./statistics.ts";

export interface MarginInput {
  /** effects of the steered answers, by prompt */
  readonly steered: readonly (readonly number[])[];
  /** effects under random directions, by prompt, each with its draw */
  readonly random: readonly (readonly { readonly draw: number; readonly value: number }[])[];
  /** strengths that are judged together */
  readonly strengths: number;
  readonly seed: number;
}

export function margin({ steered, random, strengths, seed }: MarginInput): Estimate {
  const differences = steered.map((values, prompt) => mean(values) - mean(random[prompt]!.map(({ value }) => value)));
  const value = mean(differences);
  const draws = byDraw(random.flat());
  const spread = betweenVariance(draws);
  const deviation = Math.sqrt(variance(Array.from(resampledMeans(differences, seed))) + spread * (1 + 1 / draws.length));
  const critical = studentQuantile(1 - (1 - LEVEL) / (2 * strengths), draws.length - 1);
  return { value, low: value - critical * deviation, high: value + critical * deviation };
}

/** Variance of the draws' true means: one-way random effects with unequal sizes, floored at 0. */
export function betweenVariance(draws: readonly (readonly number[])[]): number {
  const within = draws.reduce((sum, values) => sum + variance(values) * (values.length - 1), 0);
  const freedom = draws.reduce((sum, values) => sum + values.length - 1, 0);
  const residual = freedom === 0 ? 0 : within / freedom;
  const noise = mean(draws.map((values) => residual / values.length));
  return Math.max(0, variance(draws.map(mean)) - noise);
}

function byDraw(answers: readonly { readonly draw: number; readonly value: number }[]): number[][] {
  const draws = new Map<number, number[]>();
  for (const { draw, value } of answers) {
    const known = draws.get(draw);
    if (known === undefined) draws.set(draw, [value]);
    else known.push(value);
  }
  return [...draws.values()];
}
