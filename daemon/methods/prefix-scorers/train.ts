/**
 * Training of a scorer on answers that the model itself wrote (Mudgal et al. 2024, section 3.1). CD-FUDGE, equation 6: every prefix is
 * fitted to the reward of its own answer. CD-Q, equation 9: to the mean of the next step's values under the model's distribution, and to the reward
 * where the answer ends; the target's values come from a moving copy, without which it can diverge.
 */
import { setImmediate as immediate } from "node:timers/promises";
import { adamOf, adamStep } from "../shared/adam.ts";
import { shuffled } from "../shared/random.ts";
import type { OBJECTIVES } from "./body.ts";
import { addSlopes, copied, END, expectation, follow, type Head, headOf, type Vector, valueAt } from "./head.ts";

/** Steps of answers: at each, the state before a token and that token. */
export interface Steps {
  readonly count: number;
  /** [count × d] and [count × e]: the state, and Σ π(z)·e_z over the tokens that go on there */
  readonly states: Float32Array;
  readonly means: Float32Array;
  /** π of the tokens that end the answer there; what ending there earns, NaN where only a judge could say */
  readonly ends: Float32Array;
  readonly earned: Float32Array;
  /** the token that was written, END where one ended the answer */
  readonly tokens: Int32Array;
  /** whether the answer's next step follows it in the list; else it is its last */
  readonly goesOn: Uint8Array;
  /** reward of the whole answer */
  readonly rewards: Float32Array;
  /** how much a step counts; left out: all alike */
  readonly weights?: Float64Array;
}

/** Rows of token embeddings, [V × e]. */
export interface Embeddings {
  readonly width: number;
  readonly data: Float32Array;
}

export interface Training {
  readonly objective: (typeof OBJECTIVES)[number];
  readonly rank: number;
  readonly epochs: number;
  readonly rate: number;
  readonly batch: number;
  readonly seed: number;
}

export interface Epoch {
  readonly epoch: number;
  /** mean of (V − target)² over the steps that are trained on, and of (V − reward)² over the held-out ones */
  readonly loss: number;
  readonly heldOut: number;
}

/** The moving copy takes over this share at each step. */
const FOLLOWS = 0.02;
/** The event loop has its turn after so many milliseconds. */
const TURN_MS = 8;

/** @returns the head of the epoch that fits the held-out rewards best, or the last one where there are none */
export async function trainHead(
  steps: Steps,
  held: Steps,
  embeddings: Embeddings,
  { objective, rank, epochs, rate, batch, seed }: Training,
  told: (epoch: Epoch) => void,
  signal?: AbortSignal,
): Promise<{ head: Head; best: number }> {
  const width = steps.states.length / steps.count;
  const head = headOf(rank, width, embeddings.width, seed, average(steps));
  const target = copied(head);
  const adam = adamOf(head.groups);
  const slopes = head.groups.map((group) => new Float32Array(group.length)) as unknown as Head["groups"];
  let best = { head: copied(head), epoch: 0, heldOut: held.count === 0 ? Number.POSITIVE_INFINITY : errorOf(head, held, embeddings) };
  let turn = performance.now();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = shuffled(steps.count, seed + epoch);
    // a rate that falls to a tenth, so that the end is quiet
    const now = rate * 0.1 ** ((epoch - 1) / Math.max(1, epochs - 1));
    let loss = 0;
    for (let from = 0; from < order.length; from += batch) {
      const chosen = order.slice(from, from + batch);
      for (const group of slopes) group.fill(0);
      for (const i of chosen) {
        const { h, embedding } = at(steps, embeddings, i);
        const wanted = objective === "cd-fudge" ? steps.rewards[i]! : bellman(target, steps, i);
        const off = valueAt(head, h, embedding) - wanted;
        const weight = steps.weights === undefined ? 1 : steps.weights[i]! * steps.count;
        loss += weight * off * off;
        addSlopes(head, slopes, h, embedding, (weight * off) / chosen.length);
      }
      adamStep(
        head.groups,
        slopes,
        adam,
        head.groups.map(() => now),
      );
      if (objective === "cd-q") follow(target, head, FOLLOWS);
      if (performance.now() - turn < TURN_MS) continue;
      await immediate();
      signal?.throwIfAborted();
      turn = performance.now();
    }
    const heldOut = held.count === 0 ? Number.NaN : errorOf(head, held, embeddings);
    if (!(heldOut >= best.heldOut)) best = { head: copied(head), epoch, heldOut };
    told({ epoch, loss: loss / steps.count, heldOut });
  }
  return { head: best.head, best: best.epoch };
}

/** Σ_z π(z | x, y_t)·V(x, y_t, z) behind the step's token, or the reward where it ends the answer. */
function bellman(target: Head, steps: Steps, i: number): number {
  if (steps.goesOn[i] === 0) return steps.rewards[i]!;
  return expectationAt(target, steps, i + 1);
}

export function expectationAt(head: Head, steps: Steps, i: number): number {
  const { width, embedding } = head;
  const earned = steps.earned[i]!;
  const mean = { data: steps.means, at: i * embedding };
  return expectation(head, { data: steps.states, at: i * width }, mean, steps.ends[i]!, Number.isNaN(earned) ? null : earned);
}

/** The value of the answer up to the step's token. */
export function valueOfStep(head: Head, steps: Steps, embeddings: Embeddings, i: number): number {
  const { h, embedding } = at(steps, embeddings, i);
  return valueAt(head, h, embedding);
}

function at(steps: Steps, embeddings: Embeddings, i: number): { h: Vector; embedding: Vector | null } {
  const h = { data: steps.states, at: (i * steps.states.length) / steps.count };
  const token = steps.tokens[i]!;
  return { h, embedding: token === END ? null : { data: embeddings.data, at: token * embeddings.width } };
}

function errorOf(head: Head, steps: Steps, embeddings: Embeddings): number {
  let sum = 0;
  for (let i = 0; i < steps.count; i++) sum += (valueOfStep(head, steps, embeddings, i) - steps.rewards[i]!) ** 2;
  return sum / steps.count;
}

function average({ rewards, count, weights }: Steps): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += rewards[i]! * (weights === undefined ? 1 / count : weights[i]!);
  return sum;
}
