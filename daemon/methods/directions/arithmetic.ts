/**
 * Arithmetic on directions of one model, layer by layer. Each takes part as it steers: its vector at strength 1, unit and all.
 * What comes out has no midpoint, so `set`, `floor` and `ceil` count from 0, as in imported vectors.
 */
import type { FoundArtifact, LoadedArtifact } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import { project } from "../shared/separation.ts";
import { bodyOf, type DirectionBody } from "./body.ts";

export const OPERATIONS = {
  add: "the sum, at every layer",
  subtract: "the first without the others added up",
  "project-out": "what is left of the first beside the span of the others",
  orthogonalise: "the first, when all give way to one another alike until they are orthogonal (Löwdin 1950); its length stays",
  merge: "each at its own layers, in one",
} as const;
export type Operation = keyof typeof OPERATIONS;

type Vector = Float64Array;

/** One layer. @param vectors the first is the one that is worked on */
export function combineLayer(operation: Exclude<Operation, "merge">, vectors: readonly Vector[]): Vector {
  const [first, ...others] = vectors as [Vector, ...Vector[]];
  switch (operation) {
    case "add":
      return sum(
        vectors,
        vectors.map(() => 1),
      );
    case "subtract":
      return sum(vectors, [1, ...others.map(() => -1)]);
    case "project-out":
      return projectedOut(first, others);
    case "orthogonalise":
      return orthogonalised(vectors);
    default:
      operation satisfies never;
      return first;
  }
}

export function combine(
  operation: Operation,
  artifacts: readonly LoadedArtifact[],
): { readonly body: DirectionBody; readonly tensors: FoundArtifact["tensors"] } {
  const [first] = artifacts as [LoadedArtifact, ...LoadedArtifact[]];
  checkAlike(artifacts);
  const [layers, width] = first.tensors.get("vector")!.shape as [number, number];
  const vector = new Float32Array(layers * width);
  const bodies = artifacts.map(({ meta }) => bodyOf(meta));
  const all = [...new Set(bodies.flatMap((body) => body.layers))].sort((a, b) => a - b);
  const used = operation === "add" || operation === "merge" ? all : bodies[0]!.layers;
  for (let layer = 0; layer < layers; layer++) {
    const at = artifacts.map((artifact) => vectorAt(artifact, layer));
    const merged =
      operation === "merge"
        ? sum(
            at,
            bodies.map((body) => (body.layers.includes(layer) ? 1 : 0)),
          )
        : combineLayer(operation, at);
    vector.set(merged, layer * width);
  }
  const left = used.filter((layer) => vector.subarray(layer * width, (layer + 1) * width).some((value) => value !== 0));
  if (left.length === 0)
    throw new TillerError("bad-artifact", `nothing is left of ${first.meta.id}`, {
      field: "of",
      suggestion: "Name directions that differ.",
    });
  const { site, probeLayer } = bodies[0]!;
  return {
    body: { site, layers: left, probeLayer: left.includes(probeLayer) ? probeLayer : left[0]!, pairs: 0, heldOut: 0, quality: [] },
    tensors: new Map([
      ["vector", { shape: [layers, width], data: vector }],
      ["mid", { shape: [layers], data: new Float32Array(layers) }],
    ]),
  };
}

function vectorAt({ meta, tensors }: LoadedArtifact, layer: number): Vector {
  const { data, shape } = tensors.get("vector")!;
  const { unit = 1 } = bodyOf(meta);
  return Float64Array.from(data.subarray(layer * shape[1]!, (layer + 1) * shape[1]!), (value) => value * unit);
}

function checkAlike(artifacts: readonly LoadedArtifact[]): void {
  const [first, ...others] = artifacts as [LoadedArtifact, ...LoadedArtifact[]];
  const shape = ({ tensors }: LoadedArtifact): string => tensors.get("vector")?.shape.join(" × ") ?? "none";
  for (const other of others) {
    const [a, b] = [first.meta, other.meta];
    const models = a.model.fingerprint !== null && b.model.fingerprint !== null && a.model.fingerprint !== b.model.fingerprint;
    const problem = models
      ? "they belong to different models"
      : bodyOf(a).site !== bodyOf(b).site
        ? `one acts at ${bodyOf(a).site}, the other at ${bodyOf(b).site}`
        : shape(first) !== shape(other)
          ? `their vectors are ${shape(first)} and ${shape(other)}`
          : null;
    if (problem !== null)
      throw new TillerError("invalid-params", `of: ${a.id} and ${b.id} cannot be combined: ${problem}`, { field: "of" });
  }
}

function sum(vectors: readonly Vector[], weights: readonly number[]): Vector {
  return vectors[0]!.map((_, i) => vectors.reduce((total, vector, k) => total + weights[k]! * vector[i]!, 0));
}

/** Gram–Schmidt, twice for accuracy. A part of a millionth is what rounding leaves of nothing. */
function projectedOut(vector: Vector, others: readonly Vector[]): Vector {
  const basis: Vector[] = [];
  for (const other of others) {
    const rest = without(other, basis);
    const length = Math.sqrt(project(rest, rest));
    if (length > 1e-6 * Math.sqrt(project(other, other))) basis.push(rest.map((value) => value / length));
  }
  const rest = without(vector, basis);
  return project(rest, rest) < 1e-12 * project(vector, vector) ? rest.fill(0) : rest;
}

function without(vector: Vector, basis: readonly Vector[]): Vector {
  let rest = vector.slice();
  for (let pass = 0; pass < 2; pass++)
    for (const axis of basis) {
      const amount = project(rest, axis);
      rest = rest.map((value, i) => value - amount * axis[i]!);
    }
  return rest;
}

const STEPS = 60;

/** Of unit vectors with Gram matrix S the orthonormal set nearest to them: that times S^(−1/2), by Newton and Schulz's iteration. */
function orthogonalised(vectors: readonly Vector[]): Vector {
  const lengths = vectors.map((vector) => Math.sqrt(project(vector, vector)));
  if (lengths.some((length) => !(length > 0))) return vectors[0]!.slice();
  const units = vectors.map((vector, k) => vector.map((value) => value / lengths[k]!));
  const gram = units.map((a) => units.map((b) => project(a, b)));
  const scale = vectors.length;
  const identity: number[][] = gram.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  let y = gram.map((row) => row.map((value) => value / scale));
  let z = identity;
  for (let step = 0; step < STEPS; step++) {
    const t = times(z, y).map((row, i) => row.map((value, j) => 0.5 * (3 * identity[i]![j]! - value)));
    y = times(y, t);
    z = times(t, z);
  }
  const orthogonal = sum(
    units,
    z[0]!.map((value) => value / Math.sqrt(scale)),
  );
  if (!orthogonal.every(Number.isFinite) || Math.abs(project(orthogonal, orthogonal) - 1) > 1e-6)
    throw new TillerError("invalid-params", "of: these directions are nearly the same, and cannot be made orthogonal", { field: "of" });
  return orthogonal.map((value) => value * lengths[0]!);
}

function times(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((total, value, k) => total + value * b[k]![j]!, 0)));
}
