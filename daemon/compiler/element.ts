/** Composes element-wise ops at one site, in the order of the controls, into one x ⊙ scale + shift. Sums run in float64. */
import type { ElementOp } from "../protocol/ops.ts";
import type { LoweredElement } from "../protocol/plan.ts";

/** @returns null when the composition is the identity (also when a control and its negative cancel) */
export function composeElement(ops: readonly ElementOp[], width: number): LoweredElement | null {
  const first = ops[0];
  if (first === undefined) return null;
  const scale = new Float64Array(width).fill(1);
  const shift = new Float64Array(width);
  for (const op of ops) {
    for (let i = 0; i < op.values.length; i++) {
      const index = op.indices === null ? i : op.indices[i]!;
      const value = op.values[i]!;
      if (op.mode === "add") shift[index]! += value;
      else {
        scale[index] = op.mode === "set" ? 0 : scale[index]! * value;
        shift[index] = op.mode === "set" ? value : shift[index]! * value;
      }
    }
  }
  const touched: number[] = [];
  for (let i = 0; i < width; i++) if (scale[i] !== 1 || Math.fround(shift[i]!) !== 0) touched.push(i);
  if (touched.length === 0) return null;
  const hasScale = touched.some((i) => scale[i] !== 1);
  const hasShift = touched.some((i) => shift[i] !== 0);
  const base = { site: first.site, layer: first.layer };
  if (touched.length * 4 > width)
    return { ...base, indices: null, scale: hasScale ? Float32Array.from(scale) : null, shift: hasShift ? Float32Array.from(shift) : null };
  const pick = (source: Float64Array): Float32Array => Float32Array.from(touched, (i) => source[i]!);
  return { ...base, indices: Int32Array.from(touched), scale: hasScale ? pick(scale) : null, shift: hasShift ? pick(shift) : null };
}
