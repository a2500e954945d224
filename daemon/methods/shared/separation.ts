/** Directions that separate two classes, and how well they do. Rows are [width] vectors; sums run in float64. */

export interface Separation {
  /** unit × gap: what strength 1 adds */
  readonly vector: Float32Array;
  readonly unit: Float64Array;
  /** distance of the class means along `unit` */
  readonly gap: number;
  /** midpoint of the class means along `unit` */
  readonly mid: number;
}

export function project(x: ArrayLike<number>, unit: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < unit.length; i++) sum += x[i]! * unit[i]!;
  return sum;
}

export function mean(rows: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < out.length; i++) out[i]! += row[i]! / rows.length;
  return out;
}

/** mean(positive) − mean(negative) */
export function meanDifference(positive: readonly Float32Array[], negative: readonly Float32Array[]): Separation {
  const p = mean(positive);
  const n = mean(negative);
  return along(
    p,
    n,
    p.map((value, i) => value - n[i]!),
  );
}

/** In the given direction or against it: the sign is that of the means, the length their distance along it. */
export function along(p: Float64Array, n: Float64Array, direction: Float64Array): Separation {
  const some = normalise(direction);
  const unit = project(p, some) >= project(n, some) ? some : some.map((value) => -value);
  const high = project(p, unit);
  const low = project(n, unit);
  const gap = high - low;
  return { vector: Float32Array.from(unit, (value) => value * gap), unit, gap, mid: (high + low) / 2 };
}

function normalise(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(project(vector, vector));
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  let [squareA, squareB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! * a[i]!;
    squareB += b[i]! * b[i]!;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}

/** Share of a vector's square in its `count` largest channels. */
export function topShare(vector: ArrayLike<number>, count: number): number {
  const squares = Array.from(vector, (value) => value * value);
  const whole = squares.reduce((sum, value) => sum + value, 0);
  const top = squares.sort((a, b) => b - a).slice(0, count);
  return whole === 0 ? 0 : top.reduce((sum, value) => sum + value, 0) / whole;
}

/** Probability that a positive reads higher than a negative, ties counted half (Mann–Whitney U / n₁n₂). */
export function auroc(positive: readonly number[], negative: readonly number[]): number {
  const all = [...positive.map((value) => ({ value, positive: true })), ...negative.map((value) => ({ value, positive: false }))].sort(
    (a, b) => a.value - b.value,
  );
  let rankSum = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]!.value === all[start]!.value) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (all[i]!.positive) rankSum += rank;
    start = end;
  }
  const n = positive.length;
  return (rankSum - (n * (n + 1)) / 2) / (n * negative.length);
}

/** (mean₁ − mean₂) / pooled standard deviation; 0 when both classes are constant and equal. */
export function dPrime(positive: readonly number[], negative: readonly number[]): number {
  const m = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: readonly number[], center: number): number =>
    values.reduce((sum, value) => sum + (value - center) ** 2, 0) / Math.max(1, values.length - 1);
  const high = m(positive);
  const low = m(negative);
  const pooled = Math.sqrt((variance(positive, high) + variance(negative, low)) / 2);
  if (pooled === 0) return high === low ? 0 : Math.sign(high - low) * 1e6;
  return (high - low) / pooled;
}
