/**
 * How a quick verdict is reached: looked at three times, and ended as soon as it can be told.
 *
 * The error of looking early is spent as O'Brien and Fleming's boundaries do (Lan & DeMets 1983, α(t) = 2 − 2Φ(z_{α/2}/√t), one-sided
 * α = 0.05 at a third, two thirds and all of the answers): at each look an interval is as wide as `TAILS` says, and a verdict that it
 * supports is final. The decision is the receipt's own (`verdict.ts`) with these intervals. Two random answers stand beside each
 * steered one: they cost as much as more steered ones would, and the variance among random directions is what is known worst.
 * test/unit/evaluate/quick.test.ts simulates it.
 */
import { cellSeed } from "../../methods/shared/random.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import { type Cell, drawOf, FEWEST_DRAWS } from "./arms.ts";
import type { Enough } from "./margin.ts";

/** Share beyond each end of an interval, by look: 1 − Φ(3.200), 1 − Φ(2.141), 1 − Φ(1.695). */
export const TAILS = [0.000687, 0.016138, 0.045038] as const;
export const LOOKS = TAILS.length;
export const QUICK_DRAWS = FEWEST_DRAWS;
/** Tokens of an answer at most: what is to be seen shows in a sentence or two. */
export const QUICK_TOKENS = 40;
/** Random directions that answer each prompt and seed. */
const BESIDE = 2;
/** The bounds by look are what keeps a verdict on few answers from being rash. */
export const QUICK_ENOUGH: Enough = { answers: 40, prompts: 10, draws: QUICK_DRAWS };

/** Seed by seed, so that each look has one answer more to every prompt. */
export function quickCells({ prompts }: Pick<EvaluationSpec, "prompts">, seed: number): Cell[] {
  return Array.from({ length: LOOKS }, (_, k) =>
    prompts.map(({ language }, prompt) => ({
      prompt,
      seed: cellSeed(seed, prompt * LOOKS + k),
      draws: Array.from({ length: BESIDE }, (_, beside) => drawOf(prompt, BESIDE * k + beside, QUICK_DRAWS)),
      language,
    })),
  ).flat();
}

/** Of how much the held-out material is read: some of the lines, of every language. */
export function some<T>(list: readonly T[], every: number): T[] {
  return list.filter((_, index) => index % every === 0);
}
