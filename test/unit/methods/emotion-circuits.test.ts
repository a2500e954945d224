/** Steps of emotion circuits against the formulas of the method card, written down plainly here. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { budgetOf, planLayers } from "../../../daemon/methods/emotion-circuits/assemble.ts";
import { acceptance, countedGroups } from "../../../daemon/methods/emotion-circuits/elicit.ts";
import { EMOTIONS, JUDGED } from "../../../daemon/methods/emotion-circuits/emotions.ts";
import { type AttentionWeights, HeadSums } from "../../../daemon/methods/emotion-circuits/heads.ts";
import {
  directionsOf,
  GroupMeans,
  type Reading,
  type Shape,
  SITES_READ,
  widthsOf,
} from "../../../daemon/methods/emotion-circuits/means.ts";
import { contributionsOf, ranked } from "../../../daemon/methods/emotion-circuits/neurons.ts";
import { aligned, influenceOf, lateLayers, referenceOf, rowAt } from "../../../daemon/methods/emotion-circuits/reference.ts";
import { groupsOf } from "../../../daemon/methods/emotion-circuits/scenarios.ts";
import { separability } from "../../../daemon/methods/emotion-circuits/separability.ts";
import { normal } from "../../../daemon/methods/shared/random.ts";
import { bothScopes } from "../../../daemon/methods/shared/scopes.ts";

const SHAPE: Shape = { layers: 3, width: 8, neurons: 12, heads: 4, headDim: 3 };
const E = 6;

function readingsOf(groups: number, seed: number): Reading[][] {
  const next = normal(seed);
  const widths = widthsOf(SHAPE);
  return Array.from({ length: groups }, () =>
    Array.from({ length: E }, () => {
      const row = (site: keyof typeof widths): Float32Array => Float32Array.from({ length: SHAPE.layers * widths[site] }, next);
      return { attn: row("attn"), mlp: row("mlp"), mid: row("mid"), heads: row("heads") };
    }),
  );
}

const close = (got: ArrayLike<number>, wanted: ArrayLike<number>, what = ""): void => {
  assert.equal(got.length, wanted.length);
  for (let i = 0; i < got.length; i++) assert.ok(Math.abs(got[i]! - wanted[i]!) <= 1e-4, `${what} ${i}: ${got[i]} and ${wanted[i]}`);
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const unit = (values: readonly number[]): number[] => values.map((value) => value / Math.hypot(...values));

describe("methods: emotion circuits", () => {
  it("an answer is accepted by its label, and a group counts as was asked", () => {
    const groups = groupsOf("train", 1);
    const label = (group: number, emotion: number): string | null =>
      group === 0 || emotion === 2 ? JUDGED[EMOTIONS[emotion]!] : group === 1 ? "none" : null;
    const elicited = groups.flatMap((_, group) =>
      EMOTIONS.map((_, emotion) => ({ group, emotion, text: "x", label: label(group, emotion) })),
    );
    const accepted = acceptance(groups.length, EMOTIONS, elicited);
    assert.deepEqual(
      accepted.map((own) => own.filter((one) => one).length),
      [6, 1, 1],
    );
    const counts = (accept: "all" | "each" | "off"): number[] =>
      countedGroups(groups, accepted, accept, () => []).map(({ counted }) => counted.filter((one) => one).length);
    assert.deepEqual([counts("all"), counts("each"), counts("off")], [[6], [6, 1, 1], [6, 6, 6]]);
  });

  for (const some of [false, true])
    it(`means, directions and difference vectors${some ? ", where some emotions of a group do not count" : ""}`, () => {
      const groups = readingsOf(7, 3);
      const counted = groups.map((_, g) => EMOTIONS.map((_, e) => !some || (g * 5 + e) % 3 !== 0));
      const means = new GroupMeans(SHAPE, E);
      groups.forEach((group, g) => {
        means.add(group, counted[g]!);
      });
      const widths = widthsOf(SHAPE);
      for (const site of SITES_READ) {
        const size = SHAPE.layers * widths[site];
        const C = EMOTIONS.map((_, e) =>
          Array.from({ length: size }, (_, i) =>
            mean(groups.flatMap((group, g) => (counted[g]![e] ? [group[e]![site][i]! - mean(group.map((row) => row[site][i]!))] : []))),
          ),
        );
        means.centred(site).forEach((got, e) => {
          close(got, C[e]!, `C ${site} ${e}`);
        });
        if (site !== "attn" && site !== "mlp") continue;
        directionsOf(means.centred(site), SHAPE.layers).forEach((got, e) => {
          for (let l = 0; l < SHAPE.layers; l++) {
            const row = (of: number[]): number[] => of.slice(l * widths[site], (l + 1) * widths[site]);
            close(
              rowAt(got, l, SHAPE.layers),
              unit(row(C[e]!).map((value, i) => value - mean(C.map((one) => row(one)[i]!)))),
              `v ${site} ${e} ${l}`,
            );
          }
        });
        const rms = (row: Float32Array): number => Math.sqrt(mean([...row].map((value) => value * value)));
        for (let l = 0; l < SHAPE.layers; l++) {
          const all = groups.flatMap((group, g) =>
            group.flatMap((row, e) => (counted[g]![e] ? [rms(row[site].subarray(l * 8, (l + 1) * 8))] : [])),
          );
          close([means.sigma()[site][l]!], [mean(all)], `σ ${site} ${l}`);
        }
      }
    });

  it("a neuron's contribution is the mean over samples of m_j·(W_downᵀ·v)_j, ranked with its sign", () => {
    const next = normal(11);
    const [d, f] = [5, 9];
    const down = Float32Array.from({ length: d * f }, next);
    const v = unit(Array.from({ length: d }, next));
    const samples = Array.from({ length: 4 }, () => Array.from({ length: f }, next));
    const beta = Array.from({ length: f }, (_, j) => v.reduce((sum, value, i) => sum + down[i * f + j]! * value, 0));
    const wanted = beta.map((value, j) => mean(samples.map((m) => m[j]! * value)));
    const got = contributionsOf(
      down,
      v,
      wanted.map((_, j) => mean(samples.map((m) => m[j]!))),
    );
    close(got, wanted);
    assert.deepEqual(
      ranked(got),
      [...wanted.keys()].sort((a, b) => wanted[b]! - wanted[a]!),
    );
    assert.deepEqual(ranked([1, -5, 1, 3]), [3, 0, 2, 1]);
  });

  for (const post of [false, true])
    it(`a head's importance is the projection with it less the one without it${post ? ", behind a norm of its own" : ""}`, () => {
      const { width: d, heads: H, headDim: dh } = SHAPE;
      const next = normal(post ? 21 : 20);
      const random = (size: number): Float32Array => Float32Array.from({ length: size }, next);
      const weights: AttentionWeights = { output: random(d * H * dh), norm: random(d), postNorm: post ? random(d) : null, epsilon: 1e-5 };
      const normed = (x: readonly number[], gain: Float32Array): number[] => {
        const scale = 1 / Math.sqrt(mean(x.map((value) => value * value)) + weights.epsilon);
        return x.map((value, i) => value * scale * gain[i]!);
      };
      /** what attention adds, with a head's columns of z at zero */
      const added = (z: Float32Array, without: number): number[] => {
        const out = Array.from({ length: d }, (_, i) =>
          [...z].reduce((sum, value, k) => sum + (Math.floor(k / dh) === without ? 0 : value * weights.output[i * H * dh + k]!), 0),
        );
        return weights.postNorm === null ? out : normed(out, weights.postNorm);
      };
      const v = unit([...random(d)]);
      const sums = new HeadSums(H, d);
      const wanted = Array.from({ length: H }, (): number[] => []);
      for (let sample = 0; sample < 5; sample++) {
        const [x, z] = [random(d), random(H * dh)];
        const input = (without: number): number => {
          const residual = added(z, without).map((value, i) => value + x[i]!);
          return normed(residual, weights.norm).reduce((sum, value, i) => sum + value * v[i]!, 0);
        };
        const whole = added(z, -1);
        sums.add(
          Float32Array.from(whole, (value, i) => value + x[i]!),
          Float32Array.from(whole),
          z,
          weights,
        );
        for (let h = 0; h < H; h++) wanted[h]!.push(input(-1) - input(h));
      }
      close(sums.importance(v), wanted.map(mean));
    });

  it("the reference is the unit sum of late directions, each turned to those before it; a push counts in units of its size", () => {
    assert.deepEqual(lateLayers(28), [21, 22, 23, 24, 25]);
    assert.deepEqual(lateLayers(8), [6, 7]);
    assert.deepEqual(lateLayers(1), [0]);
    const next = normal(31);
    const [L, d] = [8, 4];
    const rows = (): Float64Array => Float64Array.from(Array.from({ length: L }, () => unit(Array.from({ length: d }, next))).flat());
    const [attn, mlp] = [rows(), rows()];
    const sum = [0, 0, 0, 0];
    for (const row of [7, 6].flatMap((layer) => [rowAt(mlp, layer, L), rowAt(attn, layer, L)])) {
      const sign = Math.sign(row.reduce((total, value, i) => total + value * sum[i]!, 0)) || 1;
      row.forEach((value, i) => {
        sum[i]! += sign * value;
      });
    }
    const reference = referenceOf(attn, mlp, L);
    close(reference, unit(sum));
    close(
      aligned(
        reference.map((value) => -value),
        reference,
      ),
      reference,
    );
    const strengths = [0.1, 0.3, 0.5, 0.7];
    const [plain, sigma] = [[1, -2, 0.5], 0.4];
    const pushed = strengths.map((a) => plain.map((value, s) => value + a * (s + 1)));
    const wanted = mean(strengths.map((a, k) => (mean(pushed[k]!) - mean(plain)) / (a * sigma)));
    close([influenceOf(plain, pushed, strengths, sigma)], [wanted]);
  });

  it("a budget goes to layers by influence: the minimum, floor, largest remainder, a cap, and what has no room elsewhere", () => {
    assert.deepEqual(budgetOf(28, 24), { neurons: 392, heads: 168 });
    // 20 − 4·2 = 12 in proportion 1 : 2 : 0 : 3 are 2, 4, 0 and 6
    assert.deepEqual(planLayers(20, 2, [1, 2, -1, 3], [99, 99, 99, 99]), [4, 6, 2, 8]);
    // 10 in proportion 1 : 1 : 1 are 3⅓ each: the first of equals gets the remainder
    assert.deepEqual(planLayers(10, 0, [1, 1, 1], [99, 99, 99]), [4, 3, 3]);
    // no more than 0.4·20 beyond the minimum; what is left over goes to the largest plan
    assert.deepEqual(planLayers(20, 1, [1, 0, 0, 0], [99, 99, 99, 99]), [17, 1, 1, 1]);
    assert.deepEqual(
      planLayers(20, 1, [100, 1, 1, 1], [9, 99, 99, 99]).reduce((a, b) => a + b),
      20,
    );
    // room
    assert.deepEqual(planLayers(12, 1, [5, 1, 1], [4, 4, 4]), [4, 4, 4]);
    assert.deepEqual(planLayers(99, 2, [1, 1], [4, 4]), [4, 4]);
    assert.deepEqual(planLayers(3, 4, [0, 0, 0], [9, 9, 9]), [1, 1, 1]);
  });

  it("layers at which emotions differ tell them apart, others guess", () => {
    const next = normal(5);
    const own = EMOTIONS.map(() => Array.from({ length: 16 }, next));
    const kept = Array.from({ length: 20 }, () =>
      EMOTIONS.map((_, e) => Float32Array.from({ length: 32 }, (_, i) => next() + (i < 16 ? 0 : 3 * own[e]![i - 16]!))),
    );
    const [guess, told] = separability(kept, 2);
    assert.ok(guess! < 0.4 && told! > 0.95, `${guess} ${told}`);
  });

  it("scopes meet where both act", () => {
    assert.deepEqual(
      (["all", "prompt", "answer", "writing"] as const).map((scope) => bothScopes("writing", scope)),
      ["writing", null, "answer", "writing"],
    );
    assert.deepEqual(
      [bothScopes("all", "writing"), bothScopes("prompt", "answer"), bothScopes("answer", "all")],
      ["writing", null, "answer"],
    );
  });
});
