/** Differences from the plain model, pair by pair, gathered by prompt. */
import type { Cell } from "./arms.ts";

export interface PairedDifference {
  readonly draw: number;
  readonly value: number;
}

/** By prompt: score of an arm less that of the plain arm at the same prompt and seed, where both were judged. */
export function differences(
  cells: readonly Cell[],
  arm: readonly (number | null)[],
  plain: readonly (number | null)[],
): ReadonlyMap<number, PairedDifference[]> {
  const prompts = new Map<number, PairedDifference[]>();
  cells.forEach(({ prompt, draw }, index) => {
    const [a, b] = [arm[index], plain[index]];
    if (a === null || a === undefined || b === null || b === undefined) return;
    const known = prompts.get(prompt);
    const difference = { draw, value: a - b };
    if (known === undefined) prompts.set(prompt, [difference]);
    else known.push(difference);
  });
  return prompts;
}

export function values(prompts: ReadonlyMap<number, readonly PairedDifference[]>): number[][] {
  return [...prompts.values()].map((list) => list.map(({ value }) => value));
}

export function countOf(prompts: ReadonlyMap<number, readonly PairedDifference[]>): number {
  return [...prompts.values()].reduce((sum, list) => sum + list.length, 0);
}
