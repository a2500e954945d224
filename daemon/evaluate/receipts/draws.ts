/**
 * How much random directions differ among themselves: the variance of their true effects, apart from what prompts and
 * single answers scatter.
 *
 * Model: answer = prompt + draw + noise. Draws share prompts, so the prompts' part must be taken out first: it is in every
 * draw's answers and hardly in the differences between draws. Least squares with the prompts eliminated gives the draws'
 * effects τ̂ = C⁺q with C = diag(n_d) − Σ_p c_p c_pᵀ/n_p, q the sums of the answers' deviations from their prompt's mean, and
 * E Σ τ̂² = (D − 1) σ² + σ_ε² tr C⁺ (Searle, Casella & McCulloch 1992, Variance Components, ch. 5: Henderson's method 3).
 * Where each prompt met one draw alone nothing can be eliminated and nothing need be: then prompts are part of the noise.
 */
import { invertSymmetric } from "../../compiler/linear.ts";
import { mean, variance } from "./statistics.ts";

/** The answers to one prompt under random directions. */
export type RandomAnswers = readonly { readonly draw: number; readonly value: number }[];

export interface DrawVariance {
  /** draws that were met */
  readonly draws: number;
  /** estimate of σ², below 0 where the draws differ less than noise alone would make them */
  readonly between: number;
  /** variance of the draws' effects as they were measured: `between` and what noise adds */
  readonly measured: number;
}

/** null: the answers cannot tell draws from prompts. */
export function drawVariance(prompts: readonly RandomAnswers[]): DrawVariance | null {
  const ids = [...new Set(prompts.flatMap((answers) => answers.map(({ draw }) => draw)))].sort((a, b) => a - b);
  if (ids.length < 2) return null;
  const nested = prompts.every((answers) => answers.every(({ draw }) => draw === answers[0]!.draw));
  return nested ? oneWay(prompts, ids) : twoWay(prompts, ids);
}

function oneWay(prompts: readonly RandomAnswers[], ids: readonly number[]): DrawVariance {
  const means = ids.map((id) =>
    prompts.filter((answers) => answers[0]?.draw === id).map((answers) => mean(answers.map(({ value }) => value))),
  );
  const freedom = means.reduce((sum, values) => sum + values.length - 1, 0);
  const within = means.reduce((sum, values) => sum + variance(values) * (values.length - 1), 0);
  const residual = freedom === 0 ? 0 : within / freedom;
  const noise = mean(means.map((values) => residual / values.length));
  const measured = variance(means.map(mean));
  return { draws: ids.length, between: measured - noise, measured };
}

function twoWay(prompts: readonly RandomAnswers[], ids: readonly number[]): DrawVariance | null {
  const draws = ids.length;
  const at = new Map(ids.map((id, index) => [id, index]));
  // C + J/D is regular where the draws are connected through prompts, and its inverse is C⁺ + J/D.
  const matrix = ids.map(() => new Array<number>(draws).fill(1 / draws));
  const sums = new Array<number>(draws).fill(0);
  for (const answers of prompts) {
    const center = mean(answers.map(({ value }) => value));
    const counts = new Array<number>(draws).fill(0);
    for (const { draw, value } of answers) {
      counts[at.get(draw)!]! += 1;
      sums[at.get(draw)!]! += value - center;
    }
    for (let a = 0; a < draws; a++) {
      matrix[a]![a]! += counts[a]!;
      for (let b = 0; b < draws; b++) matrix[a]![b]! -= (counts[a]! * counts[b]!) / answers.length;
    }
  }
  const inverse = invertSymmetric(matrix);
  if (inverse === null) return null;
  const effects = inverse.map((row) => row.reduce((sum, value, b) => sum + (value - 1 / draws) * sums[b]!, 0));
  const trace = inverse.reduce((sum, row, a) => sum + row[a]! - 1 / draws, 0);
  const freedom = prompts.reduce((sum, answers) => sum + answers.length, 0) - prompts.length - draws + 1;
  if (freedom < 1) return null;
  const squares = prompts.reduce((sum, answers) => {
    const rest = answers.map(({ draw, value }) => value - effects[at.get(draw)!]!);
    return sum + variance(rest) * (rest.length - 1);
  }, 0);
  const measured = effects.reduce((sum, effect) => sum + effect ** 2, 0) / (draws - 1);
  return { draws, between: measured - ((squares / freedom) * trace) / (draws - 1), measured };
}
