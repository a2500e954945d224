/** The direction that an emotion has late in the model, and what a push at a sublayer makes of it (methods card, step 7). */
import { norm } from "../shared/numbers.ts";
import { project } from "../shared/separation.ts";

export const STRENGTHS = [0.1, 0.3, 0.5, 0.7] as const;

/** The study's layers 21 to 25 of 28, at the same share of another depth. */
export function lateLayers(layers: number): number[] {
  const [from, to] = [Math.round((21 / 28) * layers), Math.round((25 / 28) * layers)];
  const last = layers - 1;
  const first = Math.min(from, last);
  return Array.from({ length: Math.min(to, last) - first + 1 }, (_, i) => first + i);
}

/** Rows of unit directions at one layer. */
export function rowAt(directions: Float64Array, layer: number, layers: number): Float64Array {
  const width = directions.length / layers;
  return directions.subarray(layer * width, (layer + 1) * width);
}

/**
 * v_ref = unit(sum of the directions at the late layers and both sublayers), each with the sign that it has along those before
 * it, the last MLP's first.
 * @param attn v_attn of one emotion, [L × d] @param mlp v_mlp of it
 */
export function referenceOf(attn: Float64Array, mlp: Float64Array, layers: number): Float64Array {
  const sum = new Float64Array(mlp.length / layers);
  for (const layer of lateLayers(layers).reverse())
    for (const directions of [mlp, attn]) {
      const row = rowAt(directions, layer, layers);
      const sign = project(row, sum) < 0 ? -1 : 1;
      for (let i = 0; i < sum.length; i++) sum[i]! += sign * row[i]!;
    }
  const length = norm(sum);
  return length === 0 ? sum : sum.map((value) => value / length);
}

/** The direction of a sublayer with the sign that it has along the reference. */
export function aligned(direction: Float64Array, reference: Float64Array): Float64Array {
  return project(direction, reference) < 0 ? direction.map((value) => -value) : direction;
}

/**
 * I = (⟨h', v_ref⟩ − ⟨h, v_ref⟩, mean over samples) / (α·σ), mean over α.
 * @param plain ⟨h, v_ref⟩ by sample @param pushed by α and sample @param sigma σ at the sublayer
 */
export function influenceOf(
  plain: readonly number[],
  pushed: readonly (readonly number[])[],
  strengths: readonly number[],
  sigma: number,
): number {
  if (sigma === 0) return 0;
  const each = pushed.map((readings, a) => {
    const gain = readings.reduce((sum, reading, s) => sum + reading - plain[s]!, 0) / readings.length;
    return gain / (strengths[a]! * sigma);
  });
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}
