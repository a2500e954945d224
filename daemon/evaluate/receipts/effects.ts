/** Differences from the plain model, pair by pair, gathered by prompt. */
import { type Cell, drawnCells } from "./arms.ts";

export interface PairedDifference {
  readonly draw: number;
  readonly value: number;
  /** false: one of the two could not be judged, which counts as no change */
  readonly judged: boolean;
}

/**
 * By prompt: score of an arm less that of the plain arm at the same prompt and seed, one for every cell that the arm reached and
 * in their order.
 * Where either answer could not be judged the difference is 0: left out, a control that breaks every second answer would be
 * measured by the others alone. That they are damage besides is said in `usable.ts`.
 */
export function differences(
  cells: readonly Cell[],
  arm: readonly (number | null)[],
  plain: readonly (number | null)[],
): ReadonlyMap<number, PairedDifference[]> {
  const prompts = new Map<number, PairedDifference[]>();
  cells.slice(0, arm.length).forEach(({ prompt, draws: [draw = 0] }, index) => {
    const [a, b] = [arm[index]!, plain[index] ?? null];
    const judged = a !== null && b !== null;
    const difference = { draw, value: judged ? a - b : 0, judged };
    const known = prompts.get(prompt);
    if (known === undefined) prompts.set(prompt, [difference]);
    else known.push(difference);
  });
  return prompts;
}

/** The same of random directions: each cell's draws, one after the other, beside its one plain answer. */
export function randomDifferences(
  cells: readonly Cell[],
  arm: readonly (number | null)[],
  plain: readonly (number | null)[],
): ReadonlyMap<number, PairedDifference[]> {
  const beside = cells.flatMap(({ draws }, index) => draws.map(() => plain[index] ?? null));
  return differences(drawnCells(cells), arm, beside);
}

export function values(prompts: ReadonlyMap<number, readonly PairedDifference[]>): number[][] {
  return [...prompts.values()].map((list) => list.map(({ value }) => value));
}

export function countOf(prompts: ReadonlyMap<number, readonly PairedDifference[]>): number {
  return [...prompts.values()].reduce((sum, list) => sum + list.length, 0);
}

/** Prompts of which at least one pair of answers was judged. */
export function judgedPrompts(prompts: ReadonlyMap<number, readonly PairedDifference[]>): number {
  return [...prompts.values()].filter((list) => list.some(({ judged }) => judged)).length;
}
