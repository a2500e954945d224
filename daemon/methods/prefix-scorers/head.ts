/**
 * The scorer's head on the state h before a token: Q(h, z) = s·h + b + v·e_z + Σ_k (A_k·h)(B_k·e_z) for a token z that goes on, with e_z its
 * embedding in the model, and t·h + c for one that ends the answer. The value of an answer so far is Q of its last token at the state before
 * (Mudgal et al. 2024, section 3: one pass values all next tokens). Linear in e_z, so its mean over all next tokens needs their mean embedding alone.
 */
import { normal } from "../shared/random.ts";

/** In the place of a token: one that ends the answer. */
export const END = -1;

export interface Head {
  readonly rank: number;
  readonly width: number;
  readonly embedding: number;
  /** A [r × d], B [r × e], v [e], s [d], t [d], (b, c): what training moves */
  readonly groups: readonly [A: Float32Array, B: Float32Array, v: Float32Array, s: Float32Array, t: Float32Array, bias: Float32Array];
}

export function headOf(rank: number, width: number, embedding: number, seed: number, mean: number): Head {
  const draw = normal(seed);
  const random = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * draw());
  const zeros = (size: number) => new Float32Array(size);
  const A = random(rank * width, 1 / Math.sqrt(width));
  const B = random(rank * embedding, 0.1 / Math.sqrt(embedding));
  return { rank, width, embedding, groups: [A, B, zeros(embedding), zeros(width), zeros(width), Float32Array.of(mean, mean)] };
}

export function copied(head: Head): Head {
  return { ...head, groups: head.groups.map((group) => group.slice()) as unknown as Head["groups"] };
}

/** Moves `to` towards `from` by the share. */
export function follow(to: Head, from: Head, share: number): void {
  for (const [k, group] of to.groups.entries()) {
    const source = from.groups[k]!;
    for (let i = 0; i < group.length; i++) group[i]! += share * (source[i]! - group[i]!);
  }
}

export function dot(a: Float32Array, from: number, b: Float32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[from + i]! * b[at + i]!;
  return sum;
}

/** Rows of vectors; `at` is where one begins. */
export interface Vector {
  readonly data: Float32Array;
  readonly at: number;
}

/** Q(h, z). @param embedding of z; null: a token that ends the answer */
export function valueAt({ rank, width, embedding: size, groups }: Head, h: Vector, embedding: Vector | null): number {
  const [A, B, v, s, t, bias] = groups;
  if (embedding === null) return dot(t, 0, h.data, h.at, width) + bias[1]!;
  let sum = dot(s, 0, h.data, h.at, width) + bias[0]! + dot(v, 0, embedding.data, embedding.at, size);
  for (let k = 0; k < rank; k++) sum += dot(A, k * width, h.data, h.at, width) * dot(B, k * size, embedding.data, embedding.at, size);
  return sum;
}

/**
 * Σ_z π(z)·Q(h, z).
 * @param mean Σ π(z)·e_z over the tokens that go on; @param end π of those that end; @param earned what ending here earns, where that is known
 */
export function expectation(
  { rank, width, embedding: size, groups }: Head,
  h: Vector,
  mean: Vector,
  end: number,
  earned: number | null,
): number {
  const [A, B, v, s, t, bias] = groups;
  let sum = (1 - end) * (dot(s, 0, h.data, h.at, width) + bias[0]!) + dot(v, 0, mean.data, mean.at, size);
  for (let k = 0; k < rank; k++) sum += dot(A, k * width, h.data, h.at, width) * dot(B, k * size, mean.data, mean.at, size);
  return sum + (end === 0 ? 0 : end * (earned ?? dot(t, 0, h.data, h.at, width) + bias[1]!));
}

/** Adds factor · ∂Q(h, z) to the slopes. */
export function addSlopes(
  { rank, width, embedding: size, groups }: Head,
  slopes: Head["groups"],
  h: Vector,
  embedding: Vector | null,
  factor: number,
): void {
  const [A, B] = groups;
  const [dA, dB, dv, ds, dt, dbias] = slopes;
  const add = (to: Float32Array, at: number, from: Vector, by: number, length: number): void => {
    for (let i = 0; i < length; i++) to[at + i]! += by * from.data[from.at + i]!;
  };
  if (embedding === null) {
    add(dt, 0, h, factor, width);
    dbias[1]! += factor;
    return;
  }
  add(ds, 0, h, factor, width);
  add(dv, 0, embedding, factor, size);
  dbias[0]! += factor;
  for (let k = 0; k < rank; k++) {
    const [a, b] = [dot(A, k * width, h.data, h.at, width), dot(B, k * size, embedding.data, embedding.at, size)];
    add(dA, k * width, h, factor * b, width);
    add(dB, k * size, embedding, factor * a, size);
  }
}
