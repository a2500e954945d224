/** Composes element-wise terms at one place, in the order of the controls, into one x ⊙ scale + shift. Sums run in float64. */
import type { ElementOp } from "../../protocol/ops.ts";
import type { LoweredElement } from "./lowered.ts";

export type AmountedTerm = Pick<ElementOp, "mode" | "indices" | "values" | "amount">;
export type ElementRows = Pick<LoweredElement, "indices" | "scale" | "shift">;

/**
 * a·value is rounded to float32, as one term alone would stand in the table.
 * @returns null when the composition is the identity (also when a control and its negative cancel)
 */
export function composeElement(terms: readonly AmountedTerm[], width: number): ElementRows | null {
  if (terms.every(({ mode, indices }) => mode === "add" && indices === null)) return rows(null, sumDense(terms, width));
  const shift = new Float64Array(width);
  if (terms.every(({ mode }) => mode === "add")) {
    for (const term of terms) add(shift, term);
    return rows(null, new Float32Array(shift));
  }
  const scale = new Float64Array(width).fill(1);
  for (const term of terms) {
    if (term.mode === "add") add(shift, term);
    else scaleOrSet(scale, shift, term);
  }
  return rows(new Float32Array(scale), new Float32Array(shift));
}

/** What most sliders do, in one pass over memory instead of one for each term: up to three of them at once. */
function sumDense(terms: readonly AmountedTerm[], width: number): Float32Array {
  const sum = new Float32Array(width);
  const earlier = terms.slice(0, -3);
  const before = earlier.length === 0 ? null : new Float64Array(width);
  if (before !== null) for (const term of earlier) add(before, term);
  const [a, b, c] = terms.slice(-3) as [AmountedTerm, AmountedTerm?, AmountedTerm?];
  // in place of one that is missing, nothing times the first
  const [u, v, w] = [a.values, (b ?? a).values, (c ?? a).values];
  const [x, y, z] = [a.amount, b?.amount ?? 0, c?.amount ?? 0];
  for (let i = 0; i < width; i++) {
    const start = before === null ? 0 : before[i]!;
    sum[i] = start + Math.fround(u[i]! * x) + Math.fround(v[i]! * y) + Math.fround(w[i]! * z);
  }
  return sum;
}

function add(shift: Float64Array, { indices, values, amount }: AmountedTerm): void {
  if (indices === null) for (let i = 0; i < values.length; i++) shift[i]! += Math.fround(values[i]! * amount);
  else for (let i = 0; i < values.length; i++) shift[indices[i]!]! += Math.fround(values[i]! * amount);
}

function scaleOrSet(scale: Float64Array, shift: Float64Array, { mode, indices, values, amount }: AmountedTerm): void {
  for (let i = 0; i < values.length; i++) {
    const index = indices === null ? i : indices[i]!;
    if (mode === "set") {
      scale[index] = 0;
      shift[index] = Math.fround(values[i]! * amount);
    } else {
      const factor = amount === 1 ? values[i]! : 1 - amount + amount * values[i]!;
      scale[index]! *= factor;
      shift[index]! *= factor;
    }
  }
}

/** The same for equal numbers, whatever they were made from: what float32 does not show is not there. */
function rows(scale: Float32Array | null, shift: Float32Array): ElementRows | null {
  const shifts = count(shift, 0);
  const scales = scale === null ? 0 : count(scale, 1);
  if (shifts + scales === 0) return null;
  const touched = scale === null ? shifts : countEither(scale, shift);
  const indices = isDense(touched, shift.length) ? null : touchedIndices(scale, shift, touched);
  const of = (source: Float32Array): Float32Array => (indices === null ? source : pick(source, indices));
  return { indices, scale: scales === 0 ? null : of(scale!), shift: shifts === 0 ? null : of(shift) };
}

/** How many are not the identity; zeros lose their sign on the way. */
function count(values: Float32Array, identity: number): number {
  let different = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! + 0;
    values[i] = value;
    if (value !== identity) different++;
  }
  return different;
}

function countEither(scale: Float32Array, shift: Float32Array): number {
  let touched = 0;
  for (let i = 0; i < shift.length; i++) if (scale[i] !== 1 || shift[i] !== 0) touched++;
  return touched;
}

function touchedIndices(scale: Float32Array | null, shift: Float32Array, touched: number): Int32Array {
  const indices = new Int32Array(touched);
  let at = 0;
  for (let i = 0; i < shift.length; i++) if ((scale !== null && scale[i] !== 1) || shift[i] !== 0) indices[at++] = i;
  return indices;
}

function isDense(touched: number, width: number): boolean {
  return touched * 4 > width;
}

function pick(source: Float32Array, indices: Int32Array): Float32Array {
  return Float32Array.from(indices, (i) => source[i]!);
}
