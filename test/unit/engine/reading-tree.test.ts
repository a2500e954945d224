import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Reading } from "../../../daemon/engine/tasks/reading.ts";
import { type Leaf, planReading, type TreeNode } from "../../../daemon/engine/tasks/reading-tree.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

const leaf = (tokens: number[], more: Partial<Leaf> = {}): Leaf => ({
  tokens: Int32Array.from(tokens),
  shared: tokens.length,
  wanted: 0,
  profile: null,
  ...more,
});
const LIMITS = { sequences: 63, cells: 1024, profiles: 62 };

/** Every text is read once from its start to its end, through nodes that hold its own tokens; returns how many tokens that takes. */
function check(leaves: readonly Leaf[], limits = LIMITS): number {
  const { trunk, waves, computed } = planReading(leaves, limits);
  const reached = leaves.map(() => trunk);
  let sum = trunk;
  for (const { roots, sequences, cells } of waves) {
    const ends: number[] = [];
    let size = trunk;
    const walk = (node: TreeNode, from: number): void => {
      assert.equal(node.from, from);
      size += node.to - node.from;
      for (const index of node.leaves) {
        assert.equal(reached[index], from);
        reached[index] = node.to;
        const { tokens } = leaves[node.leaves[0]!]!;
        assert.deepEqual(leaves[index]!.tokens.subarray(from, node.to), tokens.subarray(from, node.to));
        if (node.leaves.length > 1) assert.ok(node.to <= leaves[index]!.shared);
      }
      if (node.children.length === 0) ends.push(...node.leaves);
      for (const child of node.children) walk(child, node.to);
    };
    for (const root of roots) walk(root, trunk);
    assert.equal(ends.length, new Set(ends).size);
    assert.deepEqual([ends.length, size], [sequences, cells]);
    assert.ok(sequences <= limits.sequences);
    sum += size - trunk;
  }
  assert.deepEqual(
    reached,
    leaves.map(({ tokens }) => tokens.length),
  );
  assert.equal(computed, sum);
  return sum;
}

describe("texts that begin alike", () => {
  it("are read once as far as they do, and each goes on by itself", () => {
    const head = [1, 2, 3, 4, 5, 6];
    assert.equal(check([leaf([...head, 7, 8]), leaf([...head, 9]), leaf(head)]), 6 + 2 + 1);
    assert.equal(check([leaf([1, 2, 3, 9]), leaf([1, 2, 3, 8])]), 8, "three tokens are not worth a step");
    assert.equal(check([leaf(head), leaf(head), leaf(head)]), 6, "equal ones are one");
    assert.equal(check([leaf([5])]), 1);
  });

  it("share nothing from where edits act, and what all share is kept only where nothing is wanted of it", () => {
    const head = [1, 2, 3, 4, 5, 6, 7, 8];
    const steered = [1, 2].map((profile) => leaf([...head, 9, 9], { shared: 6, profile: String(profile) }));
    assert.equal(check(steered), 6 + 2 * 4);
    assert.equal(planReading(steered, LIMITS).trunk, 0);
    const late = steered.map((one) => ({ ...one, wanted: 8 }));
    assert.equal(planReading(late, LIMITS).trunk, 6);
    assert.equal(check(late), 6 + 2 * 4);
  });

  it("of any kind are each read from start to end, within the limits", () => {
    const next = generator(3);
    for (let round = 0; round < 60; round++) {
      const leaves = Array.from({ length: 1 + Math.floor(next() * 40) }, () => {
        const tokens = Array.from({ length: 1 + Math.floor(next() * 30) }, (_, i) => (next() < 0.9 ? i : Math.floor(next() * 3)));
        const shared = next() < 0.5 ? tokens.length : Math.floor(next() * tokens.length);
        return leaf(tokens, {
          shared,
          wanted: Math.floor(next() * tokens.length),
          profile: next() < 0.5 ? null : String(Math.floor(next() * 9)),
        });
      });
      check(leaves, { sequences: 1 + Math.floor(next() * 8), cells: 20 + Math.floor(next() * 60), profiles: 3 });
    }
  });
});

describe("a reading", () => {
  const row = (value: number): Float32Array[] => [Float32Array.of(value, -value)];
  it("is the same however many rows are looked at together, and there when the last has come", () => {
    const into = new Float32Array(2);
    const reading = new Reading({ widths: [2], keep: "mean", sinks: true }, 4, into);
    for (const value of [1, 2, 500, 3]) {
      assert.deepEqual([...into], [0, 0]);
      reading.add(row(value), [Math.hypot(value, value)]);
    }
    assert.deepEqual([...into, reading.tokens, reading.sinks], [2, -2, 3, 1]);
    // rows so wide that eight of them fill what is looked at together
    const wide = 1 << 20;
    const values = [1, 1, 900, 1, 1, 1, 1, 1, 3, 900];
    const out = new Float32Array(wide);
    const long = new Reading({ widths: [wide], keep: "mean", sinks: true }, values.length, out);
    for (const value of values) long.add([new Float32Array(wide).fill(value)], [value * 1024]);
    assert.deepEqual([out[0], out[wide - 1], long.tokens, long.sinks], [1.25, 1.25, 8, 2]);
  });
});
