/** Float32 to the tensor types that this program writes, rounding exactly as ggml's reference code (ggml-quants.c). */
import { toBf16, toHalf } from "../float.ts";
import { type GgmlTypeName, ggmlType } from "./types.ts";

export type WritableType = Extract<GgmlTypeName, "F32" | "F16" | "BF16" | "Q8_0" | "I32">;

/** The bytes of `values` in `type`; their number must be whole blocks. */
export function quantise(values: Float32Array, type: Exclude<WritableType, "I32">): Uint8Array {
  const { block } = ggmlType(type);
  if (values.length % block !== 0) throw new RangeError(`${values.length} values are not whole blocks of ${block} (${type})`);
  switch (type) {
    case "F32":
      return new Uint8Array(values.slice().buffer);
    case "F16":
      return new Uint8Array(Uint16Array.from(values, toHalf).buffer);
    case "BF16":
      return new Uint8Array(Uint16Array.from(values, toBf16).buffer);
    case "Q8_0":
      return quantiseQ8(values);
  }
}

/** quantize_row_q8_0_ref: per 32 values a half-precision scale max|x|/127 and 32 signed bytes, ties away from zero. */
function quantiseQ8(values: Float32Array): Uint8Array {
  const blocks = values.length / 32;
  const out = new Uint8Array(blocks * 34);
  const view = new DataView(out.buffer);
  for (let i = 0; i < blocks; i++) {
    let largest = 0;
    for (let j = 0; j < 32; j++) largest = Math.max(largest, Math.abs(values[i * 32 + j]!));
    // the C code computes in float32, and so must this
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    view.setUint16(i * 34, toHalf(scale), true);
    for (let j = 0; j < 32; j++) {
      const scaled = Math.fround(values[i * 32 + j]! * inverse);
      view.setInt8(i * 34 + 2 + j, scaled < 0 ? -roundUp(-scaled) : roundUp(scaled));
    }
  }
  return out;
}

/** Nearest integer of a number ≥ 0, ties up; not Math.floor(x + 0.5), which is wrong just below a half. */
function roundUp(value: number): number {
  const whole = Math.floor(value);
  return value - whole >= 0.5 ? whole + 1 : whole;
}
