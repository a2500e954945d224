/** Where the parts of a YAML text stand, by their path. Offsets count UTF-16 units, as editors and JavaScript do. */
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";

export type Path = readonly PropertyKey[];
export type Span = readonly [start: number, end: number];

/** One entry of a mapping or list. */
export interface Spot {
  /** null: an item of a list, or the whole document */
  readonly key: Span | null;
  /** null where nothing is written */
  readonly value: Span | null;
  readonly node: unknown;
}

/** null: there is nothing at that path. */
export function spotAt(root: unknown, path: Path): Spot | null {
  let spot: Spot = { key: null, value: spanOf(root), node: root };
  for (const step of path) {
    const next = child(spot.node, step);
    if (next === null) return null;
    spot = next;
  }
  return spot;
}

/** At the path, or at its nearest ancestor that is there. */
export function nearestSpot(root: unknown, path: Path): Spot {
  for (let length = path.length; length > 0; length--) {
    const spot = spotAt(root, path.slice(0, length));
    if (spot !== null) return spot;
  }
  return { key: null, value: spanOf(root), node: root };
}

/**
 * A dotted field, as errors name it, as a path. Keys may hold dots themselves (`when.direction/a.b`), so at each step the longest
 * key that is there goes first; what is not there is split at its dots.
 */
export function pathOfField(root: unknown, field: string): string[] {
  if (field === "") return [];
  const keys = entriesOf(root)
    .map(({ name }) => name)
    .filter((name) => field === name || field.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length);
  const first = keys[0] ?? field.split(".")[0]!;
  const rest = field.slice(first.length + 1);
  return [first, ...(rest === "" ? [] : pathOfField(spotAt(root, [first])?.node, rest))];
}

export interface Entry extends Spot {
  readonly name: string;
}

/** Of a mapping; none of anything else. */
export function entriesOf(node: unknown): Entry[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => (isScalar(pair.key) ? [{ name: String(pair.key.value), ...spotOfPair(pair) }] : []));
}

export function spanOf(node: unknown): Span | null {
  const range = (node as Node | null | undefined)?.range;
  return range == null ? null : [range[0], range[1]];
}

function child(node: unknown, step: PropertyKey): Spot | null {
  if (isMap(node)) {
    const pair = (node as YAMLMap).items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? null : spotOfPair(pair);
  }
  if (!isSeq(node)) return null;
  const item = node.items[Number(step)];
  return item === undefined ? null : { key: null, value: spanOf(item), node: item };
}

function spotOfPair({ key, value }: Pair): Spot {
  const span = spanOf(value);
  return { key: spanOf(key), value: span === null || span[0] === span[1] ? null : span, node: value };
}
