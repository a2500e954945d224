import assert from "node:assert/strict";
import { ESTIMATORS, pairedPrincipal } from "../../../daemon/methods/shared/estimators.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { auroc, cosine, dPrime, topShare } from "../../../daemon/methods/shared/separation.ts";

/** Pairs that differ by ±gap along `axis` plus noise, with a common offset. */
function pairs(count: number, width: number, axis: number, gap: number, seed: number) {
  const next = generator(seed);
  const noise = () => Array.from({ length: width }, () => (next() - 0.5) * 0.2);
  const positive: Float32Array[] = [];
  const negative: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    const base = Array.from({ length: width }, () => next() * 4 - 2);
    positive.push(Float32Array.from(base, (value, j) => value + (j === axis ? gap / 2 : 0) + noise()[j]!));
    negative.push(Float32Array.from(base, (value, j) => value - (j === axis ? gap / 2 : 0) + noise()[j]!));
  }
  return { positive, negative };
}

describe("directions from contrast pairs", () => {
  for (const name of ["mean-difference", "pca"] as const) {
    const find = ESTIMATORS[name];
    it(`${name} finds the planted axis, with its sign and gap`, () => {
      const { positive, negative } = pairs(60, 16, 5, 3, 1);
      const found = find(positive, negative);
      assert.ok(Math.abs(found.unit[5]!) > 0.99, `unit[5] = ${found.unit[5]}`);
      assert.ok(found.unit[5]! > 0, "the positive side reads higher");
      assert.ok(Math.abs(found.gap - 3) < 0.1, `gap ${found.gap}`);
      const swapped = find(negative, positive);
      assert.ok(swapped.unit[5]! < -0.99, "swapping the classes turns the sign");
    });
  }

  it("PCA equals the leading eigenvector of DᵀD in a closed form", () => {
    // D = rows (3,1) and (1,3): DᵀD = [[10,6],[6,10]], leading eigenvector (1,1)/√2
    const found = pairedPrincipal([Float32Array.of(3, 1), Float32Array.of(1, 3)], [Float32Array.of(0, 0), Float32Array.of(0, 0)], false);
    assert.ok(Math.abs(found.unit[0]! - Math.SQRT1_2) < 1e-9 && Math.abs(found.unit[1]! - Math.SQRT1_2) < 1e-9);
  });

  it("share of the largest channels, and cosine, against closed forms", () => {
    assert.equal(topShare([3, 0, 4, 0], 1), 16 / 25);
    assert.equal(topShare([1, 1, 1, 1], 8), 1);
    assert.ok(Math.abs(cosine([1, 1], [1, 0]) - Math.SQRT1_2) < 1e-12);
    assert.equal(cosine([0, 0], [1, 0]), 0);
  });

  it("AUROC and d′ against closed forms", () => {
    assert.equal(auroc([2, 3], [0, 1]), 1);
    assert.equal(auroc([0, 1], [2, 3]), 0);
    assert.equal(auroc([1, 1], [1, 1]), 0.5);
    assert.equal(auroc([1, 3], [2, 0]), 0.75);
    assert.ok(Math.abs(dPrime([1, 3], [-1, 1]) - Math.SQRT2) < 1e-12);
  });
});
