/**
 * What each neuron writes along an emotion's direction (methods card, step 4): β = W_downᵀ·v, contribution c_j = m_j·β_j, whose
 * mean over samples is the mean of m_j times β_j. A norm behind W_down (Gemma) is left out of it, as in the published study.
 */

/** @param down W_down, [d × f] @param direction v [d] @param mid mean of m [f] @returns signed mean contributions [f] */
export function contributionsOf(down: Float32Array, direction: ArrayLike<number>, mid: ArrayLike<number>): Float64Array {
  const [f, d] = [mid.length, direction.length];
  const beta = new Float64Array(f);
  for (let i = 0; i < d; i++) {
    const v = direction[i]!;
    if (v === 0) continue;
    const row = down.subarray(i * f, (i + 1) * f);
    for (let j = 0; j < f; j++) beta[j]! += v * row[j]!;
  }
  return beta.map((value, j) => value * mid[j]!);
}

/** Indices by falling value, the first of equals first: contributions with their sign, so that what writes against comes last. */
export function ranked(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
}
