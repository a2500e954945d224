/** Each way from readings to a direction, against another computation of the same thing: slow, plain, and dense. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ESTIMATORS } from "../../../daemon/methods/shared/estimators.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { cosine } from "../../../daemon/methods/shared/separation.ts";

type Matrix = number[][];

const WIDTH = 9;
const PAIRS = 24;

/** Classes that differ, in channels that also vary by themselves and together. */
function data(seed: number): { positive: Float32Array[]; negative: Float32Array[] } {
  const next = generator(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const mix = Array.from({ length: WIDTH }, () => Array.from({ length: WIDTH }, (_, j) => normal() * (1 + j / 3)));
  const row = (shift: number): Float32Array => {
    const source = Array.from({ length: WIDTH }, normal);
    return Float32Array.from(mix, (weights, i) => weights.reduce((sum, weight, j) => sum + weight * source[j]!, 0) + shift * (i + 1));
  };
  return { positive: Array.from({ length: PAIRS }, () => row(0.6)), negative: Array.from({ length: PAIRS }, () => row(-0.6)) };
}

const meanOf = (rows: readonly ArrayLike<number>[]): number[] =>
  Array.from({ length: WIDTH }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
const minus = (a: ArrayLike<number>, b: ArrayLike<number>): number[] => Array.from(a, (value, i) => value - b[i]!);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum: number, value, i) => sum + value * b[i]!, 0);

/** Sum of outer products. */
function scatter(rows: readonly number[][]): Matrix {
  return Array.from({ length: WIDTH }, (_, i) =>
    Array.from({ length: WIDTH }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
}

/** Jacobi's rotations of a symmetric matrix; the eigenvector of the largest eigenvalue. */
function largestByJacobi(matrix: Matrix): number[] {
  const a = matrix.map((row) => [...row]);
  const v: Matrix = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++)
    for (let p = 0; p < WIDTH; p++)
      for (let q = p + 1; q < WIDTH; q++) {
        if (Math.abs(a[p]![q]!) < 1e-300) continue;
        const theta = 0.5 * Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!);
        const [c, s] = [Math.cos(theta), Math.sin(theta)];
        for (let k = 0; k < WIDTH; k++) [a[k]![p], a[k]![q]] = [c * a[k]![p]! - s * a[k]![q]!, s * a[k]![p]! + c * a[k]![q]!];
        for (let k = 0; k < WIDTH; k++) [a[p]![k], a[q]![k]] = [c * a[p]![k]! - s * a[q]![k]!, s * a[p]![k]! + c * a[q]![k]!];
        for (let k = 0; k < WIDTH; k++) [v[k]![p], v[k]![q]] = [c * v[k]![p]! - s * v[k]![q]!, s * v[k]![p]! + c * v[k]![q]!];
      }
  const largest = a.map((row, i) => row[i]!).reduce((best, value, i, all) => (value > all[best]! ? i : best), 0);
  return v.map((row) => row[largest]!);
}

/** Gauss with pivots. */
function solve(matrix: Matrix, right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < WIDTH; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row, i) => (Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? i + column : best), column);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = 0; i < WIDTH; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let j = column; j <= WIDTH; j++) rows[i]![j]! -= factor * rows[column]![j]!;
    }
  }
  return rows.map((row, i) => row[WIDTH]! / row[i]!);
}

const REFERENCES: Record<keyof typeof ESTIMATORS, (positive: Float32Array[], negative: Float32Array[]) => number[]> = {
  "mean-difference": (p, n) => minus(meanOf(p), meanOf(n)),
  // repeng's pca_center: readings about the middle of their pair
  pca: (p, n) =>
    largestByJacobi(
      scatter(
        p.flatMap((row, i) => {
          const middle = meanOf([row, n[i]!]);
          return [minus(row, middle), minus(n[i]!, middle)];
        }),
      ),
    ),
  // repeng's pca_diff: differences, which scikit-learn's PCA centres
  "pca-diff": (p, n) => {
    const differences = p.map((row, i) => minus(row, n[i]!));
    const middle = meanOf(differences);
    return largestByJacobi(scatter(differences.map((row) => minus(row, middle))));
  },
  lda: (p, n) => {
    const within = [...p.map((row) => minus(row, meanOf(p))), ...n.map((row) => minus(row, meanOf(n)))];
    const covariance = scatter(within).map((row) => row.map((value) => value / (2 * PAIRS - 2)));
    const ridge = (0.1 * covariance.reduce((sum, row, i) => sum + row[i]!, 0)) / WIDTH;
    const shrunk = covariance.map((row, i) => row.map((value, j) => value + (i === j ? ridge : 0)));
    return solve(shrunk, minus(meanOf(p), meanOf(n)));
  },
  // plain gradient descent on the same loss
  logistic: (p, n) => {
    const middle = meanOf([...p, ...n]);
    const centred = [...p, ...n].map((row) => minus(row, middle));
    const size = Math.sqrt(centred.reduce((sum, row) => sum + dot(row, row), 0) / centred.length);
    const rows = centred.map((row) => row.map((value) => value / size));
    let w = new Array<number>(WIDTH).fill(0);
    let b = 0;
    for (let step = 0; step < 20_000; step++) {
      const pulls = rows.map((row, i) => {
        const y = i < PAIRS ? 1 : -1;
        return -y / (1 + Math.exp(y * (dot(row, w) + b))) / rows.length;
      });
      w = w.map((value, j) => value - 1.5 * (pulls.reduce((sum, pull, i) => sum + pull * rows[i]![j]!, 0) + 0.01 * value));
      b -= 1.5 * pulls.reduce((sum, pull) => sum + pull, 0);
    }
    return w;
  },
};

describe("ways from readings to a direction", () => {
  for (const name of Object.keys(ESTIMATORS) as (keyof typeof ESTIMATORS)[])
    it(`${name} is what a plain computation of it gives`, () => {
      for (const seed of [1, 2, 3]) {
        const { positive, negative } = data(seed);
        const found = ESTIMATORS[name](positive, negative);
        const expected = REFERENCES[name](positive, negative);
        assert.ok(Math.abs(cosine(found.unit, expected)) >= 0.999999, `seed ${seed}: ${cosine(found.unit, expected)}`);
        const along = minus(meanOf(positive), meanOf(negative));
        assert.ok(found.gap >= 0 && Math.abs(found.gap - dot(along, found.unit)) < 1e-6 * Math.abs(found.gap) + 1e-9);
        const middle = meanOf([...positive, ...negative]);
        assert.ok(Math.abs(found.mid - dot(middle, found.unit)) < 1e-5);
      }
    });

  it("are different ways", () => {
    const { positive, negative } = data(1);
    const all = Object.values(ESTIMATORS).map((find) => find(positive, negative).unit);
    for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) assert.ok(Math.abs(cosine(a, b)) < 0.999);
  });

  it("hold with more channels than texts, and with texts that are all alike", () => {
    const wide = [1, 2, 3, 4].map((value) => Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * value) + (i === 7 ? 1 : 0)));
    const other = wide.map((row, k) => row.map((value, i) => value - (i === 7 ? 2 : 0) + 0.1 * Math.cos(i * (k + 9))));
    for (const [name, find] of Object.entries(ESTIMATORS)) {
      const { unit, gap, vector } = find(wide, other);
      assert.ok(vector.every(Number.isFinite) && gap >= 0, name);
      if (name !== "pca-diff") assert.ok(unit[7]! > 0.5, `${name}: ${unit[7]}`);
      const flat = find([Float32Array.of(1, 1), Float32Array.of(1, 1)], [Float32Array.of(1, 1), Float32Array.of(1, 1)]);
      assert.ok(
        flat.vector.every((value) => value === 0),
        name,
      );
    }
  });
});
