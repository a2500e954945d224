/** From the gradient of a score to the next control: rows are [positions × d] at each layer. */
import type { PlacedRows } from "../../protocol/engine-api.ts";
import { norm } from "../shared/numbers.ts";
import { normal } from "../shared/random.ts";

export interface StepRules {
  readonly layers: readonly number[];
  /** only so many rows with the largest gradients are moved; 0: all */
  readonly topK: number;
  /** projected gradient: unit rows, and no row of the control longer than so many residual norms; 0: in proportion, without a bound */
  readonly bound: number;
}

/**
 * Which way to go: rows in units of the largest one, which takes the place of the paper's clipping, or each of length 1 for projected
 * gradients. @param slopes of each layer @returns null: there is no slope
 */
export function directionOf(slopes: readonly Float32Array[], rows: number, { topK, bound }: StepRules): Float32Array[] | null {
  const norms = slopes.flatMap((values) => Array.from({ length: rows }, (_, row) => norm(rowOf(values, row, rows))));
  const most = Math.max(0, ...norms);
  if (most === 0) return null;
  const least = topK > 0 && topK < norms.length ? [...norms].sort((a, b) => b - a)[topK - 1]! : 0;
  return slopes.map((values, layer) => {
    const width = values.length / rows;
    return values.map((value, at) => {
      const own = norms[layer * rows + Math.floor(at / width)]!;
      if (own < least || own === 0) return 0;
      return value / (bound > 0 ? own : most);
    });
  });
}

/** @param sizes of the step at each layer @param norms of the residual at each layer, in which the bound is given */
export function stepped(
  control: readonly PlacedRows[],
  direction: readonly Float32Array[],
  rows: number,
  sizes: readonly number[],
  norms: readonly number[],
  { layers, bound }: StepRules,
): PlacedRows[] {
  return direction.map((values, i) => {
    const layer = layers[i]!;
    const before = control.find((place) => place.layer === layer);
    const next = values.map((value, at) => value * sizes[i]! + (before?.values[at] ?? 0));
    for (let row = 0; bound > 0 && row < rows; row++) shorten(rowOf(next, row, rows), bound * norms[i]!);
    return { site: "resid", layer, from: 0, rows, values: next };
  });
}

function shorten(row: Float32Array, most: number): void {
  const own = norm(row);
  if (own > most) for (let i = 0; i < row.length; i++) row[i]! *= most / own;
}

/** The same norm at every position and layer, in random directions; rows of zeros stay. */
export function randomLike(control: readonly PlacedRows[], seed: number): PlacedRows[] {
  const next = normal(seed);
  return control.map((place) => {
    const values = place.values.map(next);
    for (let row = 0; row < place.rows; row++) {
      const random = rowOf(values, row, place.rows);
      const scale = norm(rowOf(place.values, row, place.rows)) / norm(random);
      for (let i = 0; i < random.length; i++) random[i]! *= scale;
    }
    return { ...place, values };
  });
}

/** A view. */
export function rowOf(values: Float32Array, row: number, rows: number): Float32Array {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}
