/**
 * What a `circuit/…` artifact holds: the neurons and heads that write one emotion, with what is added to each.
 *
 * N neurons and M heads, layers rising, within a layer by falling contribution. Tensors: `neuron.layer`, `neuron.index`,
 * `neuron.value` (Δ at mlp.mid), `neuron.contribution` [N]; `head.layer`, `head.index`, `head.importance` [M], `head.value`
 * [M × dh] (Δ at attn.heads); `direction.attn`, `direction.mlp` [L × d], unit, of both residuals; `sigma` [2 × L], their mean
 * root mean square; `influence` [2 × L], attention first.
 */
import * as z from "zod";
import type { LoadedArtifact, Tensor } from "../../compiler/types.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import { EMOTIONS } from "./emotions.ts";
import type { Sublayer } from "./means.ts";

const count = z.number().int().min(0);

export const CircuitBodySchema = z
  .object({
    emotion: z.enum(EMOTIONS),
    others: z.array(z.enum(EMOTIONS)).min(1).max(5).describe("what it is told apart from: directions mean this emotion rather than those"),
    neurons: count,
    heads: count,
    headDim: z.number().int().min(1),
    layers: z.number().int().min(1),
    groups: count.describe("scenarios with an event that it was found from"),
    accepted: z.number().min(0).max(1).describe("share of asked-for answers that the judge took for the emotion"),
  })
  .strict();
export type CircuitBody = z.infer<typeof CircuitBodySchema>;

export interface CircuitLayer {
  readonly layer: number;
  readonly neurons: Int32Array;
  readonly neuronValues: Float32Array;
  readonly heads: Int32Array;
  /** elements of attn.heads, and what is added to each */
  readonly headIndices: Int32Array;
  readonly headValues: Float32Array;
}

export interface Circuit {
  readonly body: CircuitBody;
  /** those that have neurons or heads */
  readonly layers: readonly CircuitLayer[];
  /** unit direction of the residual behind a sublayer, and its mean root mean square */
  direction(sublayer: Sublayer, layer: number): Float32Array;
  sigma(sublayer: Sublayer, layer: number): number;
}

/** The store has checked it. */
export function bodyOf(artifact: Pick<Artifact, "body">): CircuitBody {
  return artifact.body as CircuitBody;
}

const known = new WeakMap<LoadedArtifact, Circuit>();

/** The same arrays each time, so that they need to be hashed, checked and sent only once. @throws TillerError bad-artifact */
export function circuitOf(artifact: LoadedArtifact): Circuit {
  const present = known.get(artifact);
  if (present !== undefined) return present;
  const { meta, tensors } = artifact;
  const body = bodyOf(meta);
  const { neurons: N, heads: M, headDim, layers: L } = body;
  const d = meta.model.width;
  const take = (name: string, size: number): Float32Array => {
    const data = (tensors.get(name) as Tensor | undefined)?.data;
    if (data?.length !== size) throw new TillerError("bad-artifact", `${meta.id}: its data lacks '${name}' of ${size} numbers`);
    return data;
  };
  const [neuronLayer, neuronIndex, neuronValue] = [take("neuron.layer", N), take("neuron.index", N), take("neuron.value", N)];
  const [headLayer, headIndex, headValue] = [take("head.layer", M), take("head.index", M), take("head.value", M * headDim)];
  const directions = { attn: take("direction.attn", L * d), mlp: take("direction.mlp", L * d) };
  const sigma = take("sigma", 2 * L);
  const layers = Array.from({ length: L }, (_, layer): CircuitLayer => {
    const own = where(neuronLayer, layer);
    const heads = where(headLayer, layer);
    const spread = heads.flatMap((at) => Array.from({ length: headDim }, (_, k) => ({ at, k })));
    return {
      layer,
      neurons: Int32Array.from(own, (at) => neuronIndex[at]!),
      neuronValues: Float32Array.from(own, (at) => neuronValue[at]!),
      heads: Int32Array.from(heads, (at) => headIndex[at]!),
      headIndices: Int32Array.from(spread, ({ at, k }) => headIndex[at]! * headDim + k),
      headValues: Float32Array.from(spread, ({ at, k }) => headValue[at * headDim + k]!),
    };
  }).filter(({ neurons, heads }) => neurons.length + heads.length > 0);
  const rowsOf = (all: Float32Array): Float32Array[] => Array.from({ length: L }, (_, layer) => all.slice(layer * d, (layer + 1) * d));
  const rows = { attn: rowsOf(directions.attn), mlp: rowsOf(directions.mlp) };
  const circuit: Circuit = {
    body,
    layers,
    direction: (sublayer, layer) => rows[sublayer][layer]!,
    sigma: (sublayer, layer) => sigma[(sublayer === "attn" ? 0 : L) + layer]!,
  };
  known.set(artifact, circuit);
  return circuit;
}

function where(layers: Float32Array, layer: number): number[] {
  return Array.from(layers.keys()).filter((at) => layers[at] === layer);
}

export function qualityOf(artifact: Artifact): string {
  const { neurons, heads, groups, accepted } = bodyOf(artifact);
  return `${neurons} neurons and ${heads} heads from ${groups} scenarios; ${Math.round(accepted * 100)} % of asked-for answers accepted`;
}
