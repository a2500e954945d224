/**
 * The random control: a control's ops with their directions made random and everything else kept.
 *
 * Dense vectors of one width (added vectors, directions of a bank) are turned together: with B an orthonormal basis of their
 * span and Q as many random orthonormal vectors, v becomes Q Bᵀ v. Norms stay, and so do the angles between the layers'
 * vectors, so that a direction which is nearly the same at every layer becomes a random one which is nearly the same at every
 * layer. Chosen elements become as many elements chosen at random, with the same values; dense scales and targets are
 * shuffled. Each row of a prefix becomes a random one of the same norm; what it began as stays.
 */

import type { ElementOp, Op, PrefixOp } from "../../protocol/ops.ts";
import { norm } from "./numbers.ts";
import { normal, shuffled } from "./random.ts";

/** @param width width of the site that an op acts at */
export function randomOps(ops: readonly Op[], seed: number, width: (op: Op) => number): Op[] {
  const vectors = ops.map(denseVector);
  const turns = new Map<number, (vector: Float32Array) => Float32Array>();
  for (const vector of vectors) {
    if (vector === null || turns.has(vector.length)) continue;
    turns.set(
      vector.length,
      randomTurn(
        vectors.filter((other) => other?.length === vector.length).map((other) => other!),
        seed,
      ),
    );
  }
  return ops.map((op, index) => {
    const vector = vectors[index]!;
    if (op.kind === "prefix") return { ...op, values: randomRows(op, seed + 7919 * (index + 1)) };
    if (vector === null) return shuffledElements(op as ElementOp, width(op), seed + 7919 * (index + 1));
    const turned = turns.get(vector.length)!(vector);
    return op.kind === "direction" ? { ...op, vector: turned } : { ...op, values: turned };
  });
}

function denseVector(op: Op): Float32Array | null {
  if (op.kind === "direction") return op.vector;
  if (op.kind === "prefix") return null;
  return op.mode === "add" && op.indices === null ? op.values : null;
}

function shuffledElements(op: ElementOp, width: number, seed: number): ElementOp {
  const order = shuffled(width, seed);
  if (op.indices === null) return { ...op, values: op.values.map((_, i) => op.values[order[i]!]!) };
  return { ...op, indices: Int32Array.from(op.indices, (_, i) => order[i]!) };
}

function randomRows({ values, rows }: PrefixOp, seed: number): Float32Array {
  const next = normal(seed);
  const random = values.map(next);
  const width = values.length / rows;
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * width, (row + 1) * width];
    const factor = norm(values.subarray(from, to)) / norm(random.subarray(from, to));
    for (let i = from; i < to; i++) random[i]! *= factor;
  }
  return random;
}

/** A linear map that keeps the inner products of the given vectors and sends them to random directions. */
function randomTurn(vectors: readonly Float32Array[], seed: number): (vector: Float32Array) => Float32Array {
  const n = vectors[0]!.length;
  const basis = orthonormal(vectors).map(oriented);
  const next = normal(seed);
  let random: Float64Array[] = [];
  while (random.length < basis.length) random = orthonormal(basis.map(() => Float64Array.from({ length: n }, next)));
  return (vector) => {
    const out = new Float64Array(n);
    basis.forEach((axis, k) => {
      const amount = dot(axis, vector);
      for (let i = 0; i < n; i++) out[i]! += amount * random[k]![i]!;
    });
    return Float32Array.from(out);
  };
}

/** Modified Gram–Schmidt, twice for accuracy; vectors that depend on earlier ones are left out. */
function orthonormal(vectors: readonly ArrayLike<number>[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = Float64Array.from(vector);
    const before = Math.sqrt(dot(rest, rest));
    for (let pass = 0; pass < 2; pass++) {
      for (const axis of basis) {
        const amount = dot(axis, rest);
        for (let i = 0; i < rest.length; i++) rest[i]! -= amount * axis[i]!;
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-6 * before) basis.push(rest.map((value) => value / length));
  }
  return basis;
}

/** The same for a vector and its negative, so that a strength and its negative get opposite controls. */
function oriented(axis: Float64Array): Float64Array {
  let largest = 0;
  for (let i = 1; i < axis.length; i++) if (Math.abs(axis[i]!) > Math.abs(axis[largest]!)) largest = i;
  return axis[largest]! < 0 ? axis.map((value) => -value) : axis;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
