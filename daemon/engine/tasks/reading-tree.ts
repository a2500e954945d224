/**
 * Texts that begin alike, as trees: what they share is read once, and each goes on from there in a sequence of its own. Pure.
 *
 * A wave is what is in the cache together. Its trees are read level by level, all nodes of a level in one batch.
 */
import { commonLength } from "./own-tokens.ts";

/** One text that is read. */
export interface Leaf {
  readonly tokens: Int32Array;
  /** positions before this one may be read together with other texts: no edit acts on them */
  readonly shared: number;
  /** nothing is wanted of the positions before this one */
  readonly wanted: number;
  /** distinct ones of a wave are counted; null: it needs no profile */
  readonly profile: string | null;
}

export interface TreeNode {
  /** positions that it reads, of any of its texts */
  readonly from: number;
  readonly to: number;
  /** indices of the texts that go through it */
  readonly leaves: readonly number[];
  readonly children: readonly TreeNode[];
}

export interface Wave {
  readonly roots: readonly TreeNode[];
  /** that end in a text: as many sequences are needed */
  readonly sequences: number;
  readonly cells: number;
}

export interface ReadingPlan {
  /** positions that all texts share, read once and kept for all waves */
  readonly trunk: number;
  readonly waves: readonly Wave[];
  /** tokens that are computed */
  readonly computed: number;
}

export interface WaveLimits {
  readonly sequences: number;
  readonly cells: number;
  readonly profiles: number;
}

/** A shorter common beginning costs more in steps than it saves in tokens. */
const WORTH_SHARING = 4;

export function planReading(leaves: readonly Leaf[], limits: WaveLimits): ReadingPlan {
  const order = leaves.map((_, index) => index).sort((a, b) => compare(leaves[a]!.tokens, leaves[b]!.tokens) || a - b);
  const shared = order.slice(1).map((index, i) => commonWith(leaves[order[i]!]!, leaves[index]!));
  const common = Math.min(...shared, ...leaves.map(({ wanted, shared }) => Math.min(wanted, shared)));
  const trunk = leaves.length > 1 && common >= WORTH_SHARING ? common : 0;
  const waves: Wave[] = [];
  for (const members of partition(order, leaves, trunk, limits)) {
    const roots = grow(members, trunk, leaves);
    waves.push({ roots, sequences: members.length, cells: trunk + size(roots) });
  }
  return { trunk, waves, computed: trunk + waves.reduce((sum, { cells }) => sum + cells - trunk, 0) };
}

/** Neighbours in order, as many as fit together. */
function* partition(order: readonly number[], leaves: readonly Leaf[], trunk: number, limits: WaveLimits): Generator<number[]> {
  let members: number[] = [];
  let profiles = new Set<string>();
  let cells = trunk;
  for (const index of order) {
    const leaf = leaves[index]!;
    const before = members.at(-1);
    const known = before === undefined ? trunk : Math.max(trunk, commonWith(leaves[before]!, leaf));
    const more = leaf.profile === null || profiles.has(leaf.profile) ? 0 : 1;
    const full = members.length + 1 > limits.sequences || profiles.size + more > limits.profiles;
    if (before !== undefined && (full || cells + leaf.tokens.length - known > limits.cells)) {
      yield members;
      members = [];
      profiles = new Set();
      cells = trunk;
    }
    cells += leaf.tokens.length - (members.length === 0 ? trunk : known);
    members.push(index);
    if (leaf.profile !== null) profiles.add(leaf.profile);
  }
  if (members.length > 0) yield members;
}

/** @param members in the order of their tokens, equal before `from` */
function grow(members: readonly number[], from: number, leaves: readonly Leaf[]): TreeNode[] {
  const groups: number[][] = [];
  for (const index of members) {
    const group = groups.at(-1);
    if (group !== undefined && commonWith(leaves[group[0]!]!, leaves[index]!) >= from + WORTH_SHARING) group.push(index);
    else groups.push([index]);
  }
  return groups.map((group) => {
    const [first] = group;
    if (group.length === 1) return { from, to: leaves[first!]!.tokens.length, leaves: group, children: [] };
    const to = Math.min(...group.slice(1).map((index) => commonWith(leaves[first!]!, leaves[index]!)));
    return { from, to, leaves: group, children: grow(group, to, leaves) };
  });
}

/** Positions that two texts may have read together. */
function commonWith(a: Leaf, b: Leaf): number {
  return Math.min(commonLength(a.tokens, b.tokens), a.shared, b.shared);
}

function size(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, { from, to, children }) => sum + to - from + size(children), 0);
}

function compare(a: Int32Array, b: Int32Array): number {
  const at = commonLength(a, b);
  if (at === a.length || at === b.length) return a.length - b.length;
  return a[at]! - b[at]!;
}
