/** `circuit/…` with a strength λ: m_j += λ·Δ_j at the circuit's neurons, z += λ·Δ at its heads (methods card, step 10). */
import { formatLayers } from "../../compiler/report.ts";
import type { ControlInput, MethodCompiler, Place } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ElementOp } from "../../protocol/ops.ts";
import type { Scope } from "../../protocol/preset.ts";
import { layerNumbers } from "../../protocol/rules/layers.ts";
import { siteKey } from "../../protocol/sites.ts";
import { shuffled } from "../shared/random.ts";
import { randomOps } from "../shared/random-control.ts";
import { bothScopes } from "../shared/scopes.ts";
import { type CircuitLayer, circuitOf } from "./body.ts";
import { control, type Settings } from "./settings.ts";

type Input = ControlInput<Settings>;

/** The part that the compiler calls. */
export const circuitCompiler: MethodCompiler<Settings> = {
  kind: "circuit",
  control,
  compile: (input) => ({ ops: opsOf(input) }),
  places: (input) => placesOf(opsOf({ ...input, strength: 1 })),
  randomised: (input, seed) => ({ ops: randomised(input, seed) }),
  describe,
};

function opsOf(input: Input): ElementOp[] {
  if (input.strength === 0) return [];
  const ops = input.settings.parts === "residual" ? residualOps(input) : circuitOps(input);
  if (ops.length > 0) return ops;
  throw new TillerError("bad-preset", `controls.${input.name}: ${input.artifact.meta.id} has nothing that acts with these settings`, {
    field: `controls.${input.name}.with`,
  });
}

function circuitOps(input: Input): ElementOp[] {
  const { name, strength, scope, settings } = input;
  const base = { kind: "element", mode: "add", control: name, amount: strength } as const;
  const at = (own: Scope): Scope | null => bothScopes(own, scope);
  const [neurons, heads] = [at("writing"), at(settings.where === "published" ? "all" : "writing")];
  return chosen(input).flatMap((part) => {
    const { layer } = part;
    const ops: ElementOp[] = [];
    if (settings.parts !== "heads" && part.neurons.length > 0 && neurons !== null)
      ops.push({ ...base, site: "mlp.mid", layer, scope: neurons, indices: part.neurons, values: part.neuronValues });
    if (settings.parts !== "neurons" && part.heads.length > 0 && heads !== null)
      ops.push({ ...base, site: "attn.heads", layer, scope: heads, indices: part.headIndices, values: part.headValues });
    return ops;
  });
}

function chosen(input: Input): readonly CircuitLayer[] {
  const { layers } = circuitOf(input.artifact);
  const only = layersOf(input);
  return only === null ? layers : layers.filter(({ layer }) => only.includes(layer));
}

/** null: all */
function layersOf({ settings, artifact }: Input): readonly number[] | null {
  if (settings.layers === undefined) return null;
  return layerNumbers(settings.layers)!.filter((layer) => layer < circuitOf(artifact).body.layers);
}

/** h += λ·σ·v at each of the layers, from the prompt's last token on: the study's baseline, with the mean root mean square of the residual. */
function residualOps(input: Input): ElementOp[] {
  const circuit = circuitOf(input.artifact);
  const { layers: L } = circuit.body;
  const scope = bothScopes("writing", input.scope);
  if (scope === null) return [];
  const layers = layersOf(input) ?? steeredLayers(L);
  return layers.map((layer) => ({
    kind: "element",
    mode: "add",
    site: "resid",
    layer,
    control: input.name,
    scope,
    indices: null,
    values: scaled(circuit.direction("mlp", layer), circuit.sigma("mlp", layer)),
    amount: input.strength,
  }));
}

const scaledRows = new WeakMap<Float32Array, Float32Array>();

/** The same array each time. */
function scaled(direction: Float32Array, size: number): Float32Array {
  const present = scaledRows.get(direction) ?? direction.map((value) => value * size);
  scaledRows.set(direction, present);
  return present;
}

/** The study's layers 11 to 20 of 28, at the same share of another depth. */
function steeredLayers(layers: number): number[] {
  const [from, to] = [Math.round((11 / 28) * layers), Math.min(layers - 1, Math.round((20 / 28) * layers))];
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);
}

/** As many neurons and heads in the same layers with the same values, chosen at random; of the residual, random directions. */
function randomised(input: Input, seed: number): ElementOp[] {
  const widths = new Map(input.model.sites.map((site) => [siteKey(site), site.width]));
  const ops = opsOf(input);
  if (input.settings.parts === "residual") return randomOps(ops, seed, (op) => widths.get(siteKey(op)) ?? 0) as ElementOp[];
  const { headDim } = circuitOf(input.artifact).body;
  return ops.map((op) => {
    const span = op.site === "attn.heads" ? headDim : 1;
    const order = shuffled((widths.get(siteKey(op)) ?? 0) / span, seed + 7919 * (op.layer + 1) + span);
    const own = [...new Set(Array.from(op.indices!, (index) => Math.floor(index / span)))];
    const other = new Map(own.map((unit, i) => [unit, order[i]!]));
    return { ...op, indices: op.indices!.map((index) => other.get(Math.floor(index / span))! * span + (index % span)) };
  });
}

function placesOf(ops: readonly ElementOp[]): Place[] {
  return ops.map(({ site, layer }) => ({ site, layer }));
}

/** "(anger) 112 neurons and 60 heads at layers 0–29" */
function describe(input: Input): { text: string } {
  const { emotion } = circuitOf(input.artifact).body;
  const { parts } = input.settings;
  if (parts === "residual")
    return { text: `(${emotion}) the residual at ${formatLayers(placesOf(residualOps(input)).map(({ layer }) => layer))}` };
  const layers = chosen(input);
  const count = (of: (one: CircuitLayer) => number): number => layers.reduce((sum, one) => sum + of(one), 0);
  const texts = [
    ...(parts === "heads" ? [] : [`${count(({ neurons }) => neurons.length)} neurons`]),
    ...(parts === "neurons" ? [] : [`${count(({ heads }) => heads.length)} heads`]),
  ];
  return { text: `(${emotion}) ${texts.join(" and ")} at ${formatLayers(layers.map(({ layer }) => layer))}` };
}
