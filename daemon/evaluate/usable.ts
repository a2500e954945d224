/** Which strengths may be used: those whose damage stays under the bounds, from 0 outwards. Pure. */
import type { Bounds } from "../protocol/evaluation.ts";

export interface Damaged {
  readonly textBitsPerByte: number;
  readonly damage: { readonly repetition: number } | null;
}

export function underBounds(arm: Damaged, plain: Damaged, bounds: Bounds): boolean {
  const repetition = (arm.damage?.repetition ?? 0) - (plain.damage?.repetition ?? 0);
  return arm.textBitsPerByte - plain.textBitsPerByte <= bounds.bitsPerByte && repetition <= bounds.repetition;
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
