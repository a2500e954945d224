/**
 * Half-precision and bfloat16 numbers as bit patterns. Both directions round as ggml does: to nearest, ties to even
 * (ggml-impl.h, ggml_compute_fp32_to_fp16 and ggml_compute_fp32_to_bf16).
 */
const scratch = new DataView(new ArrayBuffer(4));

/** The bits of a float32. */
function bits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** The nearest IEEE half to a float32; beyond 65,504 infinity, below 2⁻²⁴ subnormal or zero. */
export function toHalf(value: number): number {
  const word = bits(value);
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rebased = magnitude - 0x38000000;
    // a carry out of the mantissa lands in the exponent, which is what rounding up to the next power (or to infinity) means
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
  }
  const exponent = magnitude >>> 23;
  if (exponent < 102) return sign;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - exponent;
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept);
}

export function fromHalf(half: number): number {
  const sign = (half & 0x8000) !== 0 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** The nearest bfloat16; a NaN stays one. */
export function toBf16(value: number): number {
  const word = bits(value);
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 64;
  return ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff;
}

export function fromBf16(half: number): number {
  scratch.setUint32(0, (half << 16) >>> 0);
  return scratch.getFloat32(0);
}

let table: Float32Array | null = null;

/** All 65,536 halves as float32; made once, for loops over whole tensors. */
export function halfTable(): Float32Array {
  if (table === null) {
    table = new Float32Array(65536);
    for (let i = 0; i < 65536; i++) table[i] = fromHalf(i);
  }
  return table;
}
