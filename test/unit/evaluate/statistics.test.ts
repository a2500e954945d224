import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clusterEstimate } from "../../../daemon/evaluate/receipts/clusters.ts";
import { mean, quantile, studentCdf, studentQuantile, variance } from "../../../daemon/evaluate/receipts/statistics.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

/** Standard normal deviates by Box–Muller. */
function normals(seed: number): () => number {
  const next = generator(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

describe("evaluate: statistics", () => {
  it("takes means, variances and quantiles as the textbook has them", () => {
    assert.equal(mean([1, 2, 6]), 3);
    assert.equal(variance([1, 2, 6]), 7);
    assert.equal(variance([4]), 0);
    assert.equal(quantile([10, 20, 30, 40], 0.5), 25);
    assert.equal(quantile([10, 20, 30, 40], 0), 10);
    assert.equal(quantile([10, 20, 30, 40], 1), 40);
  });

  it("gives Student's quantiles as printed tables do", () => {
    for (const [p, df, expected] of [
      [0.975, 1, 12.7062047],
      [0.975, 9, 2.2621572],
      [0.95, 30, 1.6972609],
      [0.995, 5, 4.032143],
      [0.975, 1e6, 1.9599664],
    ] as const)
      assert.ok(Math.abs(studentQuantile(p, df) - expected) < 2e-5, `${p} ${df}: ${studentQuantile(p, df)}`);
    assert.equal(studentCdf(0, 7), 0.5);
    assert.ok(Math.abs(studentCdf(-1.3, 4) + studentCdf(1.3, 4) - 1) < 1e-12);
  });

  it("is an interval around a known mean, of no width where nothing varies", () => {
    const clusters = Array.from({ length: 40 }, (_, i) => [i % 2, (i % 2) + i / 1000 - 0.0195]);
    const one = clusterEstimate(clusters);
    assert.ok(Math.abs(one.value - 0.5) < 1e-12);
    assert.ok(one.low < 0.5 && one.high > 0.5);
    // 0.5 ± 1.96 · √(0.25 / 40)
    assert.ok(Math.abs(one.low - 0.345) < 0.03 && Math.abs(one.high - 0.655) < 0.03);
    // t with 39 degrees of freedom, of means 0 ± 0.0195 and 1 ± 0.0195
    assert.ok(clusterEstimate(clusters, null, 0.05).low > one.low);
    assert.deepEqual(clusterEstimate([[2, 2], [2]]), { value: 2, low: 2, high: 2 });
  });

  it("would cover far less if answers were taken for independent", () => {
    const normal = normals(12);
    let covered = 0;
    for (let i = 0; i < 200; i++) {
      const answers = Array.from({ length: 40 }, () => normal()).flatMap((shared) =>
        Array.from({ length: 5 }, () => [shared + 0.3 * normal()]),
      );
      const { low, high } = clusterEstimate(answers);
      if (low <= 0 && high >= 0) covered++;
    }
    assert.ok(covered / 200 < 0.8, `covered ${covered / 200}`);
  });
});
