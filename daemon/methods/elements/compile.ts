/** `elements/…` with a strength: one or two element-wise ops per group. */
import { formatLayers } from "../../compiler/report.ts";
import type { ControlInput, Place } from "../../compiler/types.ts";
import type { ElementOp } from "../../protocol/ops.ts";
import { shuffled } from "../shared/random.ts";
import { bothScopes } from "../shared/scopes.ts";
import { type Group, groupsOf } from "./body.ts";

/**
 * With s the strength: `add` x += s·v; `scale` x ← x ⊙ (1 − s + s·v); `replace` x ← (1 − s)·x + s·v.
 * @param indices of each group in place of its own
 */
export function opsOf(input: ControlInput, indices?: readonly Int32Array[]): ElementOp[] {
  if (input.strength === 0) return [];
  return groupsOf(input.artifact).flatMap((group, index) => groupOps(group, input, indices?.[index] ?? group.indices));
}

function groupOps({ site, layer, mode, scope: own, values, zeros }: Group, input: ControlInput, indices: Int32Array): ElementOp[] {
  const scope = bothScopes(own, input.scope);
  if (scope === null) return [];
  const { name: control, strength: amount } = input;
  const op = (how: ElementOp["mode"], numbers: Float32Array): ElementOp => {
    return { kind: "element", mode: how, site, layer, control, scope, indices, values: numbers, amount };
  };
  return mode === "replace" ? [op("scale", zeros), op("add", values)] : [op(mode, values)];
}

/** As many elements at the same places with the same values, chosen at random. */
export function randomOps(input: ControlInput, seed: number): ElementOp[] {
  const widths = new Map(input.model.sites.map(({ site, layer, width }) => [`${site}@${layer}`, width]));
  const indices = groupsOf(input.artifact).map(({ site, layer, count }, index) =>
    Int32Array.from(shuffled(widths.get(`${site}@${layer}`) ?? count, seed + 7919 * (index + 1)).slice(0, count)),
  );
  return opsOf(input, indices);
}

export function placesOf({ artifact }: ControlInput): Place[] {
  return groupsOf(artifact).map(({ site, layer }) => ({ site, layer }));
}

/** "12 elements of mlp.mid at layers 1–3, 64 of attn.heads at layers 0, 4" */
export function describe({ artifact }: ControlInput): { text: string } {
  const sites = new Map<string, { count: number; layers: Set<number> }>();
  for (const { site, layer, count } of groupsOf(artifact)) {
    const present = sites.get(site) ?? { count: 0, layers: new Set() };
    sites.set(site, { count: present.count + count, layers: present.layers.add(layer) });
  }
  const parts = [...sites].map(([site, { count, layers }]) => `${count} of ${site} at ${formatLayers([...layers])}`);
  return { text: `(elements) ${parts.join(", ")}` };
}
