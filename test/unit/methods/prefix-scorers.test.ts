import assert from "node:assert/strict";
import { addSlopes, END, expectation, headOf, valueAt } from "../../../daemon/methods/prefix-scorers/head.ts";
import { type Embeddings, type Steps, trainHead, valueOfStep } from "../../../daemon/methods/prefix-scorers/train.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

const TOKENS = 3;
const DEPTH = 3;

/** A model over three tokens and an end, of at most three tokens: what it writes, and what an answer earns, drawn once. */
function toyTree(seed: number) {
  const next = generator(seed);
  const prefixes: number[][] = [[]];
  for (let i = 0; i < prefixes.length; i++)
    if (prefixes[i]!.length < DEPTH) for (let z = 0; z < TOKENS; z++) prefixes.push([...prefixes[i]!, z]);
  const indexOf = new Map(prefixes.map((prefix, i) => [prefix.join(), i]));
  /** of each prefix: the chances of its tokens, and of the end last */
  const chances = prefixes.map((prefix) => {
    const raw = Array.from({ length: TOKENS + 1 }, () => 0.1 + next());
    if (prefix.length === DEPTH) raw.fill(0, 0, TOKENS);
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((x) => x / sum);
  });
  const earned = prefixes.map(() => 4 * next() - 2);
  const value = (prefix: readonly number[]): number => {
    const i = indexOf.get(prefix.join())!;
    return chances[i]!.reduce((sum, p, z) => sum + (p === 0 ? 0 : p * (z === TOKENS ? earned[i]! : value([...prefix, z]))), 0);
  };
  return { prefixes, indexOf, chances, earned, value };
}

/** Every answer of the tree with its chance, as steps whose states are one-hot. */
function stepsOf({ prefixes, indexOf, chances, earned }: ReturnType<typeof toyTree>): { steps: Steps; embeddings: Embeddings } {
  const rows: { state: number; token: number; last: boolean; reward: number; weight: number }[] = [];
  for (const [i, prefix] of prefixes.entries()) {
    const path = prefix.map((token, k) => ({ state: indexOf.get(prefix.slice(0, k).join())!, token }));
    const chance = path.reduce((product, { state, token }) => product * chances[state]![token]!, chances[i]![TOKENS]!);
    for (const step of path) rows.push({ ...step, last: false, reward: earned[i]!, weight: chance });
    rows.push({ state: i, token: END, last: true, reward: earned[i]!, weight: chance });
  }
  const width = prefixes.length;
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const states = new Float32Array(rows.length * width);
  const means = new Float32Array(rows.length * TOKENS);
  for (const [k, { state }] of rows.entries()) {
    states[k * width + state] = 1;
    for (let z = 0; z < TOKENS; z++) means[k * TOKENS + z] = chances[state]![z]!;
  }
  const identity = new Float32Array(TOKENS * TOKENS);
  for (let z = 0; z < TOKENS; z++) identity[z * TOKENS + z] = 1;
  return {
    steps: {
      count: rows.length,
      states,
      means,
      ends: Float32Array.from(rows, ({ state }) => chances[state]![TOKENS]!),
      earned: Float32Array.from(rows, () => Number.NaN),
      tokens: Int32Array.from(rows, ({ token }) => token),
      goesOn: Uint8Array.from(rows, ({ last }) => (last ? 0 : 1)),
      rewards: Float32Array.from(rows, ({ reward }) => reward),
      weights: Float64Array.from(rows, ({ weight }) => weight / total),
    },
    embeddings: { width: TOKENS, data: identity },
  };
}

const NOTHING: Steps = {
  ...{ count: 0, states: new Float32Array(0), means: new Float32Array(0), ends: new Float32Array(0), earned: new Float32Array(0) },
  ...{ tokens: new Int32Array(0), goesOn: new Uint8Array(0), rewards: new Float32Array(0) },
};

describe("methods: prefix scorers", () => {
  const tree = toyTree(5);
  const { steps, embeddings } = stepsOf(tree);

  for (const objective of ["cd-fudge", "cd-q"] as const)
    it(`${objective} learns the exact expectations of a tree that can be listed`, async () => {
      const settings = { objective, rank: TOKENS, epochs: 1500, rate: 0.03, batch: steps.count, seed: 3 };
      const { head } = await trainHead(steps, NOTHING, embeddings, settings, () => undefined);
      for (let i = 0; i < steps.count; i++) {
        const state = tree.prefixes[steps.states.subarray(i * tree.prefixes.length, (i + 1) * tree.prefixes.length).indexOf(1)]!;
        const token = steps.tokens[i]!;
        const exact = token === END ? tree.earned[tree.indexOf.get(state.join())!]! : tree.value([...state, token]);
        const off = Math.abs(valueOfStep(head, steps, embeddings, i) - exact);
        assert.ok(off <= 1e-3, `behind ${state.join()} ${token}: ${off}`);
      }
    });

  it("its slopes are those of its values, and its mean over next tokens is that of the values", () => {
    const [rank, width, size] = [2, 4, 3];
    const head = headOf(rank, width, size, 1, 0.3);
    const next = generator(9);
    for (const group of head.groups) for (let i = 0; i < group.length; i++) group[i] = next() - 0.5;
    const vector = (length: number) => ({ data: Float32Array.from({ length }, () => next() - 0.5), at: 0 });
    const h = vector(width);
    const rows = Array.from({ length: 5 }, () => vector(size));
    const chances = [0.1, 0.2, 0.3, 0.15, 0.05];
    const mean = {
      data: Float32Array.from({ length: size }, (_, i) => rows.reduce((sum, row, z) => sum + chances[z]! * row.data[i]!, 0)),
      at: 0,
    };
    const listed = rows.reduce((sum, row, z) => sum + chances[z]! * valueAt(head, h, row), 0.2 * valueAt(head, h, null));
    assert.ok(Math.abs(expectation(head, h, mean, 0.2, null) - listed) < 1e-6);
    const known = expectation(head, h, mean, 0.2, 7);
    assert.ok(Math.abs(known - listed - 0.2 * (7 - valueAt(head, h, null))) < 1e-6);

    for (const embedding of [rows[0]!, null]) {
      const slopes = head.groups.map((group) => new Float32Array(group.length)) as unknown as typeof head.groups;
      addSlopes(head, slopes, h, embedding, 1);
      for (const [k, group] of head.groups.entries())
        for (let i = 0; i < group.length; i++) {
          const kept = group[i]!;
          group[i] = kept + 1e-2;
          const above = valueAt(head, h, embedding);
          group[i] = kept - 1e-2;
          const slope = (above - valueAt(head, h, embedding)) / 2e-2;
          group[i] = kept;
          assert.ok(Math.abs(slope - slopes[k]![i]!) < 1e-4, `group ${k}, ${i}`);
        }
    }
  });
});
