/** What a sum of languages does to activations, against the formulas of the method's README. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { LoadedArtifact } from "../../../daemon/compiler/types.ts";
import { compileSteering } from "../../../daemon/methods/index.ts";
import { type Found, foundOf } from "../../../daemon/methods/language-neurons/body.ts";
import { LAYERS, rowsOfPlan, testArtifact, testInput, WIDTH } from "../../support/compile.ts";

const CODES = ["en", "es", "pt"];
/** layer and index of each neuron, and who owns it */
const NEURONS: readonly [number, number, readonly number[]][] = [
  [0, 3, [1]],
  [1, 2, [0]],
  [1, 7, [1, 2]],
  [2, 5, [0, 1]],
  [2, 9, [2]],
];
const QUANTILES = [0.1, 0.5, 0.9];
const tensor = (shape: number[], of: (i: number) => number) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => of(i)),
});

function artifact(): LoadedArtifact {
  const { meta } = testArtifact("language/x", 0);
  const [K, U] = [CODES.length, NEURONS.length];
  const body = {
    languages: CODES.map((code) => ({ code, tokens: 100, neurons: 2, negative: 0, stability: 1 })),
    neurons: U,
    model: 48,
    layers: LAYERS,
    thresholds: { filter: 0.5, bar: 0.5 },
    stability: { half: 1, whole: 1, suggested: 100 },
    quantiles: QUANTILES,
  };
  return {
    meta: { ...meta, body },
    tensors: new Map([
      ["layer", tensor([U], (u) => NEURONS[u]![0])],
      ["index", tensor([U], (u) => NEURONS[u]![1])],
      ["entropy", tensor([U], () => 0.1)],
      ["owned", tensor([K, U], (i) => (NEURONS[i % U]![2].includes(Math.floor(i / U)) ? 1 : 0))],
      ["rate", tensor([K, U], () => 0.9)],
      ["mean", tensor([K, U], (i) => Math.sin(i + 1))],
      ["quantiles", tensor([K, U, 3], (i) => i / 7)],
      ["residual", tensor([K, LAYERS, WIDTH], (i) => Math.cos(i))],
    ]),
  };
}

const loaded = artifact();
const valueAt = (layer: number, j: number): number => Math.cos(layer * 20 + j);

/** Values of mlp.act after the edits, by layer. */
function edited(settings: object, strength: number): number[][] {
  const rack = { controls: { l: { use: "language/x", strength, with: settings } } };
  const edits = rowsOfPlan(compileSteering(testInput(rack, {}, [loaded]))).answer.variants[0]!.element;
  return Array.from({ length: LAYERS }, (_, layer) => {
    const x = Array.from({ length: 12 }, (_, j) => valueAt(layer, j));
    const edit = edits.find((one) => one.layer === layer && one.site === "mlp.act");
    edit?.indices?.forEach((index, i) => {
      x[index] = x[index]! * (edit.scale?.[i] ?? 1) + (edit.shift?.[i] ?? 0);
    });
    return x;
  });
}

interface Owned {
  readonly a: number;
  readonly s: number;
  /** weights of languages that are called up among the neuron's owners */
  readonly up: readonly [language: number, weight: number][];
  readonly u: number;
  readonly found: Found;
}
type Formula = (one: Owned) => number;

const sum = ({ up }: Owned, of: (language: number) => number): number => up.reduce((total, [k, w]) => total + w * of(k), 0);
const others = ({ found, u }: Owned, k: number): number =>
  CODES.reduce((total, _, i) => total + (i === k ? 0 : found.mean(i, u)), 0) / (CODES.length - 1);
const towards = (one: Owned, target: number): number => (one.up.length === 0 ? one.a : (1 - one.s) * one.a + one.s * target);

const MODES: Readonly<Record<string, { readonly value?: number; readonly formula: Formula }>> = {
  add: { formula: (one) => one.a + one.s * sum(one, (k) => one.found.mean(k, one.u)) },
  replace: { value: 2, formula: (one) => towards(one, 2 * sum(one, (k) => one.found.mean(k, one.u))) },
  difference: { formula: (one) => one.a + one.s * sum(one, (k) => one.found.mean(k, one.u) - others(one, k)) },
  set: { value: -0.7, formula: (one) => towards(one, -0.7) },
  scale: { value: 3, formula: (one) => towards(one, one.a * one.up.reduce((product, [, w]) => product * (1 + w * 2), 1)) },
  percentile: {
    value: 70,
    formula: (one) =>
      towards(
        one,
        sum(one, (k) => (one.found.quantile(k, one.u, 0.5) + one.found.quantile(k, one.u, 0.9)) / 2),
      ),
  },
};

describe("methods: language arithmetic", () => {
  for (const [mode, { value, formula }] of Object.entries(MODES))
    it(`${mode}: every neuron gets what the formula says, others nothing, at every strength`, () => {
      for (const [languages, up, down, off] of [
        ["es", { es: 1 }, {}, 0],
        ["es - en + 0.3 pt", { es: 1, pt: 0.3 }, { en: 1 }, -0.5],
        ["pt - 0.5 es - en", { pt: 1 }, { es: 0.5, en: 1 }, 0],
      ] as const)
        for (const s of [0.25, 1, 2]) {
          const got = edited({ languages, mode, off, ...(value === undefined ? {} : { value }) }, s);
          const wanted = Array.from({ length: LAYERS }, (_, layer) => Array.from({ length: 12 }, (_, j) => valueAt(layer, j)));
          NEURONS.forEach(([layer, index, owners], u) => {
            const weights = (side: object) =>
              Object.entries(side).flatMap(([code, w]): [number, number][] =>
                owners.includes(CODES.indexOf(code)) ? [[CODES.indexOf(code), w as number]] : [],
              );
            const left = weights(down).reduce((rest, [, w]) => rest * (1 - w), 1);
            const t = Math.min(s, 1);
            const plain = valueAt(layer, index);
            // deactivation first
            const a = (1 - t) * plain + t * (left * plain + (1 - left) * off);
            wanted[layer]![index] = formula({ a, s, up: weights(up), u, found: foundOf(loaded) });
          });
          got.forEach((row, layer) => {
            row.forEach((x, j) => {
              assert.ok(Math.abs(x - wanted[layer]![j]!) < 1e-5, `${languages} ${s}: ${layer}:${j} ${x} ${wanted[layer]![j]}`);
            });
          });
        }
    });

  it("residual adds the distance of the means at the middle layer, or where it is told to", () => {
    const found = foundOf(loaded);
    const at = (settings: object) => {
      const rack = { controls: { l: { use: "language/x", strength: 2, with: { mode: "residual", ...settings } } } };
      return rowsOfPlan(compileSteering(testInput(rack, {}, [loaded]))).answer.variants[0]!.element;
    };
    const [pair] = at({ languages: "es - en" });
    assert.deepEqual([pair!.site, pair!.layer], ["resid", 2]);
    pair!.shift!.forEach((value, i) => {
      assert.ok(Math.abs(value - 2 * (found.residual(1, 2)[i]! - found.residual(0, 2)[i]!)) < 1e-5);
    });
    const [alone] = at({ languages: "es", layers: [3] });
    alone!.shift!.forEach((value, i) => {
      const rest = (found.residual(0, 3)[i]! + found.residual(2, 3)[i]!) / 2;
      assert.ok(Math.abs(value - 2 * (found.residual(1, 3)[i]! - rest)) < 1e-5);
    });
  });

  it("chosen layers are the only ones, and layers without its neurons are refused", () => {
    const rack = (layers: number[]) => ({ controls: { l: { use: "language/x", strength: 1, with: { languages: "es", layers } } } });
    const rows = rowsOfPlan(compileSteering(testInput(rack([1]), {}, [loaded]))).answer.variants[0]!.element;
    assert.deepEqual(
      rows.map(({ layer }) => layer),
      [1],
    );
    assert.throws(() => compileSteering(testInput(rack([3]), {}, [loaded])), /has no neurons of es at these layers/);
  });

  it("strength 0 gives nothing, and the same settings the same arrays", () => {
    const plan = (strength: number) =>
      compileSteering(testInput({ controls: { l: { use: "language/x", strength, with: { languages: "es - en" } } } }, {}, [loaded]));
    assert.equal(plan(0).report.steered, false);
    assert.equal(plan(1).topology.id, plan(3).topology.id);
  });
});
