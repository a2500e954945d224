/**
 * Ways from two classes of readings to one direction. Rows are [width] vectors, row i of both sides is one pair; sums run in
 * float64. Whatever the way, the sign is that of the class means and the length their distance along the direction, so that a
 * strength means the same for all.
 */
import { sigmoid } from "./numbers.ts";
import { along, mean, meanDifference, project, type Separation } from "./separation.ts";

type Rows = readonly Float32Array[];

export const ESTIMATORS = {
  "mean-difference": meanDifference,
  pca: (p: Rows, n: Rows) => pairedPrincipal(p, n, false),
  "pca-diff": (p: Rows, n: Rows) => pairedPrincipal(p, n, true),
  logistic: logisticProbe,
  lda: whitened,
} as const;

/**
 * First principal direction of the differences p_i − q_i. Not centred, it is the one of all readings about their pair's middle
 * (repeng's `pca_center`; Zou et al. 2023 with both signs of each difference). Centred, the mean difference is taken out first
 * (repeng's `pca_diff`): what is left is how the pairs differ from one another, which need not be the property.
 */
export function pairedPrincipal(positive: Rows, negative: Rows, centred: boolean, iterations = 500, tolerance = 1e-10): Separation {
  const differences = positive.map((row, i) => Float64Array.from(row, (value, j) => value - negative[i]![j]!));
  const middle = mean(differences);
  const rows = centred ? differences.map((row) => row.map((value, i) => value - middle[i]!)) : differences;
  const weights = largestEigenvector(
    gram(rows),
    rows.map((row) => project(row, middle)),
    iterations,
    tolerance,
  );
  const direction = new Float64Array(middle.length);
  rows.forEach((row, i) => {
    for (let j = 0; j < direction.length; j++) direction[j]! += weights[i]! * row[j]!;
  });
  return along(mean(positive), mean(negative), direction);
}

/** [n × n] inner products: an eigenvector a of it gives the principal direction Σ aᵢ rowᵢ. */
function gram(rows: readonly Float64Array[]): Float64Array[] {
  const products = rows.map(() => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    for (let j = 0; j <= i; j++) products[i]![j] = products[j]![i] = project(row, rows[j]!);
  });
  return products;
}

/** Power iteration; `start` where it is not zero, so that the result depends on nothing else. */
function largestEigenvector(
  matrix: readonly Float64Array[],
  start: readonly number[],
  iterations: number,
  tolerance: number,
): Float64Array {
  const scale = Math.max(0, ...matrix.map((row, i) => row[i]!));
  const usable = start.some((value) => Math.abs(value) > 1e-9 * scale);
  let vector = unit(Float64Array.from(usable ? start : matrix.map((_, i) => 1 + i / matrix.length)));
  for (let step = 0; step < iterations; step++) {
    const next = unit(Float64Array.from(matrix, (row) => project(row, vector)));
    const change = 1 - Math.abs(project(next, vector));
    vector = next;
    if (change < tolerance) break;
  }
  return vector;
}

/** Weight of the squared length beside the mean loss, of readings whose mean square length is 1. */
const RIDGE = 1e-2;
const NEWTON_STEPS = 30;

/**
 * Normal of the plane that a logistic regression finds between the classes (a linear probe: Alain & Bengio 2016):
 * minimises mean log(1 + exp(−y·(wᵀx + b))) + RIDGE/2·‖w‖² over readings x about their mean, by Newton's method; y is ±1.
 */
export function logisticProbe(positive: Rows, negative: Rows): Separation {
  const { rows, signs } = scaled(positive, negative);
  const width = rows[0]!.length;
  // the last entry is b
  let w: Float64Array = new Float64Array(width + 1);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const margins = rows.map((row, i) => signs[i]! * (project(w, row) + w[width]!));
    const pulls = margins.map((margin, i) => (-signs[i]! * sigmoid(-margin)) / rows.length);
    const bends = margins.map((margin) => (sigmoid(margin) * sigmoid(-margin)) / rows.length);
    const gradient = combine(rows, pulls, w);
    if (Math.sqrt(project(gradient, gradient)) < 1e-9) break;
    const change = conjugateGradients(
      (v) =>
        combine(
          rows,
          rows.map((row, i) => bends[i]! * (project(v, row) + v[width]!)),
          v,
        ),
      gradient,
    );
    let length = 1;
    const before = lossOf(rows, signs, w);
    const slope = project(gradient, change);
    const moved = (): Float64Array => w.map((value, i) => value - length * change[i]!);
    while (lossOf(rows, signs, moved()) > before - 1e-4 * length * slope && length > 1e-6) length /= 2;
    w = moved();
  }
  return along(mean(positive), mean(negative), w.slice(0, width));
}

/** Σ weightᵢ·(rowᵢ, 1) + RIDGE·(v without its last entry) */
function combine(rows: readonly Float64Array[], weights: readonly number[], v: Float64Array): Float64Array {
  const width = v.length - 1;
  const out = v.map((value) => RIDGE * value);
  out[width] = 0;
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) out[j]! += weights[i]! * row[j]!;
    out[width]! += weights[i]!;
  });
  return out;
}

function lossOf(rows: readonly Float64Array[], signs: readonly number[], w: Float64Array): number {
  const width = w.length - 1;
  const losses = rows.map((row, i) => {
    const margin = signs[i]! * (project(w, row) + w[width]!);
    return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  });
  let square = 0;
  for (let j = 0; j < width; j++) square += w[j]! ** 2;
  return losses.reduce((sum, loss) => sum + loss, 0) / rows.length + (RIDGE / 2) * square;
}

/** About their common mean, with mean square length 1. */
function scaled(positive: Rows, negative: Rows): { rows: Float64Array[]; signs: number[] } {
  const all = [...positive, ...negative];
  const middle = mean(all);
  const rows = all.map((row) => Float64Array.from(row, (value, i) => value - middle[i]!));
  const size = Math.sqrt(rows.reduce((sum, row) => sum + project(row, row), 0) / rows.length) || 1;
  return { rows: rows.map((row) => row.map((value) => value / size)), signs: all.map((_, i) => (i < positive.length ? 1 : -1)) };
}

/** Share of the mean variance that is added to every channel's: there are fewer texts than channels. */
const SHRINKAGE = 0.1;

/**
 * Fisher's discriminant: (S + SHRINKAGE·mean variance·1)⁻¹ (mean(p) − mean(n)), S the covariance within the classes. Channels in
 * which texts differ anyway count less (the mass-mean probe with a covariance of Marks & Tegmark 2023).
 */
export function whitened(positive: Rows, negative: Rows): Separation {
  const [p, n] = [mean(positive), mean(negative)];
  const rows = [
    ...positive.map((row) => Float64Array.from(row, (value, i) => value - p[i]!)),
    ...negative.map((row) => Float64Array.from(row, (value, i) => value - n[i]!)),
  ];
  const difference = p.map((value, i) => value - n[i]!);
  const freedom = Math.max(1, rows.length - 2);
  const ridge = (SHRINKAGE * rows.reduce((sum, row) => sum + project(row, row), 0)) / freedom / p.length;
  if (!(ridge > 0)) return along(p, n, difference);
  const times = (v: Float64Array): Float64Array => {
    const out = v.map((value) => ridge * value);
    for (const row of rows) {
      const weight = project(row, v) / freedom;
      for (let i = 0; i < out.length; i++) out[i]! += weight * row[i]!;
    }
    return out;
  };
  return along(p, n, conjugateGradients(times, difference));
}

/** x with A·x = b, A symmetric and positive. */
function conjugateGradients(times: (v: Float64Array) => Float64Array, b: Float64Array, iterations = 400): Float64Array {
  const x = new Float64Array(b.length);
  let rest = b.slice();
  let way = rest.slice();
  let square = project(rest, rest);
  const enough = square * 1e-20;
  for (let step = 0; step < iterations && square > enough; step++) {
    const moved = times(way);
    const length = square / project(way, moved);
    for (let i = 0; i < x.length; i++) x[i]! += length * way[i]!;
    rest = rest.map((value, i) => value - length * moved[i]!);
    const next = project(rest, rest);
    way = rest.map((value, i) => value + (next / square) * way[i]!);
    square = next;
  }
  return x;
}

function unit(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(project(vector, vector));
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}
