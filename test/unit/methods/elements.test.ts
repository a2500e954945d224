/** What chosen elements do to a vector, against their formulas. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { LoadedArtifact } from "../../../daemon/compiler/types.ts";
import { compileSteering } from "../../../daemon/methods/index.ts";
import { rowsOfPlan, testArtifact, testInput } from "../../support/compile.ts";

const INDICES = [1, 4, 10];
const VALUES = [2, -1, 0.5];

function artifact(groups: readonly { mode: string; scope: string; layer: number }[]): LoadedArtifact {
  const { meta } = testArtifact("elements/x", 0);
  const body = { groups: groups.map((group) => ({ ...group, site: "mlp.mid", count: INDICES.length })) };
  const tensors = groups.flatMap((_, i) => [
    [`indices.${i}`, { shape: [INDICES.length], data: Float32Array.from(INDICES) }] as const,
    [`values.${i}`, { shape: [VALUES.length], data: Float32Array.from(VALUES) }] as const,
  ]);
  return { meta: { ...meta, body }, tensors: new Map(tensors) };
}

/** x after the edits at one layer. */
function edited(loaded: LoadedArtifact, strength: number, phase: "prompt" | "answer", layer: number, scope?: string): number[] {
  const rack = { controls: { own: { use: "elements/x", strength } }, ...(scope === undefined ? {} : { scope: { own: scope } }) };
  const edit = rowsOfPlan(compileSteering(testInput(rack, {}, [loaded])))[phase].variants[0]!.element.find((one) => one.layer === layer);
  const x = Array.from({ length: 12 }, (_, i) => Math.cos(i));
  const got = [...x];
  edit?.indices?.forEach((index, i) => {
    got[index] = x[index]! * (edit.scale?.[i] ?? 1) + (edit.shift?.[i] ?? 0);
  });
  return got;
}

const FORMULAS: Readonly<Record<string, (x: number, s: number, v: number) => number>> = {
  add: (x, s, v) => x + s * v,
  scale: (x, s, v) => x * (1 - s + s * v),
  replace: (x, s, v) => (1 - s) * x + s * v,
};

describe("methods: elements", () => {
  for (const mode of Object.keys(FORMULAS))
    it(`${mode} does what its formula says, at every strength`, () => {
      for (const s of [-1, 0, 0.5, 1, 2]) {
        const wanted = Array.from({ length: 12 }, (_, i) => Math.cos(i));
        INDICES.forEach((index, i) => {
          wanted[index] = FORMULAS[mode]!(wanted[index]!, s, VALUES[i]!);
        });
        const got = edited(artifact([{ mode, scope: "all", layer: 1 }]), s, "answer", 1);
        got.forEach((value, i) => {
          assert.ok(Math.abs(value - wanted[i]!) < 1e-5, `${s}: ${i}: ${value} ${wanted[i]}`);
        });
      }
    });

  it("a group acts where it and its control both act", () => {
    const plain = Array.from({ length: 12 }, (_, i) => Math.cos(i));
    const loaded = artifact([
      { mode: "add", scope: "prompt", layer: 1 },
      { mode: "add", scope: "answer", layer: 2 },
    ]);
    const acts = (phase: "prompt" | "answer", layer: number, scope?: string) =>
      JSON.stringify(edited(loaded, 1, phase, layer, scope)) !== JSON.stringify(plain);
    assert.deepEqual([acts("prompt", 1), acts("answer", 1), acts("prompt", 2), acts("answer", 2)], [true, false, false, true]);
    assert.deepEqual([acts("prompt", 1, "answer"), acts("answer", 2, "answer")], [false, true]);
  });
});
