/** How well a scorer foretells what answers earn, on answers to prompts that it did not learn from. */
import { average } from "../shared/numbers.ts";
import type { Head } from "./head.ts";
import { type Embeddings, expectationAt, type Steps, valueOfStep } from "./train.ts";

/** A value at some depth of an answer beside what that answer then earned. */
export interface Foretold {
  readonly answer: number;
  /** tokens of the answer that the value knows */
  readonly depth: number;
  /** tokens that the whole answer has */
  readonly length: number;
  readonly value: number;
  readonly reward: number;
}

export function foretold(head: Head, steps: Steps, embeddings: Embeddings): Foretold[] {
  const all: Foretold[] = [];
  let [answer, first] = [0, 0];
  for (let i = 0; i < steps.count; i++) {
    if (steps.goesOn[i] === 1) continue;
    for (let k = first; k <= i; k++) {
      const value = valueOfStep(head, steps, embeddings, k);
      all.push({ answer, depth: k - first + 1, length: i - first + 1, value, reward: steps.rewards[k]! });
    }
    answer++;
    first = i + 1;
  }
  return all;
}

/** 1 − Σ (reward − value)² / Σ (reward − mean reward)²; null where the rewards do not differ. */
export function explained(values: readonly Foretold[]): number | null {
  if (values.length < 2) return null;
  const mean = average(values.map(({ reward }) => reward));
  const total = values.reduce((sum, { reward }) => sum + (reward - mean) ** 2, 0);
  if (total === 0) return null;
  return 1 - values.reduce((sum, { reward, value }) => sum + (reward - value) ** 2, 0) / total;
}

/** Standard deviation of V over the model's own next tokens: of what was written, from the mean at each step. */
export function spreadOf(head: Head, steps: Steps, embeddings: Embeddings): number {
  let sum = 0;
  // what ending earns is the head's own guess, as it is of the value that it is compared with
  const guessed = { ...steps, earned: new Float32Array(steps.count).fill(Number.NaN) };
  for (let i = 0; i < steps.count; i++) sum += (valueOfStep(head, steps, embeddings, i) - expectationAt(head, guessed, i)) ** 2;
  return Math.max(Math.sqrt(sum / Math.max(1, steps.count)), 1e-6);
}

/** Mean reward of the best of k among the answers to one prompt, by all choices of k of them: exact where they are fewer. */
export function bestOf(rewards: readonly number[], k: number): number {
  const sorted = [...rewards].sort((a, b) => a - b);
  const n = sorted.length;
  // the i-th smallest is the best of C(i, k − 1) of C(n, k) choices
  let sum = 0;
  let ways = 0;
  let share = 1;
  for (let i = k - 1; i < n; i++) {
    if (i > k - 1) share *= i / (i - k + 1);
    sum += share * sorted[i]!;
    ways += share;
  }
  return ways === 0 ? Number.NaN : sum / ways;
}
