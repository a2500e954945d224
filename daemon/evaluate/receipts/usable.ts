/** Which strengths may be used: those whose damage stays under the bounds, from 0 outwards. Pure. */
import type { Bounds } from "../../protocol/evaluation.ts";

export interface Damaged {
  readonly textBitsPerByte: number;
  readonly damage: { readonly repetition: number; readonly fluency: number } | null;
  /** null where the judge gave no score */
  readonly scores: readonly (number | null)[];
}

/** Answers that no judge can read any more, empty ones among them, are damage too: at most so much more of them. */
export const UNJUDGED_BOUND = 0.1;

/** What an arm is compared with: the plain model's answers, and those that the prompt brings about. */
export interface Unharmed {
  readonly plain: Damaged;
  readonly prompt: Damaged;
}

export function underBounds(arm: Damaged, { plain, prompt }: Unharmed, bounds: Bounds): boolean {
  const bits = arm.textBitsPerByte - plain.textBitsPerByte;
  const repetition = (arm.damage?.repetition ?? 0) - (plain.damage?.repetition ?? 0);
  // An answer in another language or at another length is less likely to the plain model without being worse: so is the prompt's.
  const fluency = (arm.damage?.fluency ?? 0) - Math.max(plain.damage?.fluency ?? 0, prompt.damage?.fluency ?? 0);
  const unjudged = unjudgedShare(arm.scores) - unjudgedShare(plain.scores);
  return bits <= bounds.bitsPerByte && repetition <= bounds.repetition && fluency <= bounds.fluency && unjudged <= UNJUDGED_BOUND;
}

export function unjudgedShare(scores: readonly (number | null)[]): number {
  return scores.length === 0 ? 0 : scores.filter((score) => score === null).length / scores.length;
}

/** @param strengths rising, with 0; @param under whether each is under the bounds */
export function usableRange(strengths: readonly number[], under: readonly boolean[]): { low: number; high: number } {
  const zero = strengths.indexOf(0);
  let high = zero;
  while (under[high + 1] === true) high++;
  let low = zero;
  while (low > 0 && under[low - 1] === true) low--;
  return { low: strengths[low]!, high: strengths[high]! };
}
