/** The few operations of a Llama forward pass in float64, written for being read. */

/**
 * W·x for every x. `weights` is [rows × columns], row by row; xs are [columns]; gives [rows] each.
 * Rows outside, tokens inside: a row is fetched once for the whole batch.
 */
export function multiply(weights: Float32Array, rows: number, xs: readonly Float64Array[]): Float64Array[] {
  const columns = weights.length / rows;
  const out = xs.map(() => new Float64Array(rows));
  for (let r = 0; r < rows; r++) {
    const start = r * columns;
    for (let t = 0; t < xs.length; t++) {
      const x = xs[t]!;
      let even = 0;
      let odd = 0;
      let c = 0;
      for (; c + 1 < columns; c += 2) {
        even += weights[start + c]! * x[c]!;
        odd += weights[start + c + 1]! * x[c + 1]!;
      }
      if (c < columns) even += weights[start + c]! * x[c]!;
      out[t]![r] = even + odd;
    }
  }
  return out;
}

/** x / √(mean(x²) + ε) ⊙ w */
export function rmsNorm(x: Float64Array, weight: Float32Array, epsilon: number): Float64Array {
  let squares = 0;
  for (const value of x) squares += value * value;
  const scale = 1 / Math.sqrt(squares / x.length + epsilon);
  return x.map((value, i) => value * scale * weight[i]!);
}

export function silu(value: number): number {
  return value / (1 + Math.exp(-value));
}

export interface Rope {
  readonly base: number;
  /** positions are multiplied by it (linear scaling) */
  readonly scale: number;
  /** [dh/2] divisors of the frequencies, or null */
  readonly factors: Float32Array | null;
}

/**
 * Rotates neighbouring pairs (2i, 2i+1) of one head by position · base^(−2i/dh), in place: ggml's NORM type, which is what
 * the architecture "llama" uses after conversion (llama_model_rope_type).
 */
export function rotate(head: Float64Array, position: number, rope: Rope): void {
  for (let i = 0; i < head.length; i += 2) {
    const divisor = rope.factors?.[i / 2] ?? 1;
    const angle = (position * rope.scale * rope.base ** (-i / head.length)) / divisor;
    const [real, imaginary] = [head[i]!, head[i + 1]!];
    head[i] = real * Math.cos(angle) - imaginary * Math.sin(angle);
    head[i + 1] = real * Math.sin(angle) + imaginary * Math.cos(angle);
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** In place. */
export function softmax(values: Float64Array): void {
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(values[i]! - largest);
    sum += values[i]!;
  }
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
}
