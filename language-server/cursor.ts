/**
 * Where in a preset the cursor stands, also in a line that is half written. The word under it is replaced by a mark that YAML reads
 * as a name, and the place of that mark in the tree says whether a key or a value is being written, and of what.
 */
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { entriesOf } from "../daemon/compiler/locate.ts";

export interface Cursor {
  readonly kind: "key" | "value";
  /** of the mapping in which a key is written; of the entry whose value is written */
  readonly path: readonly string[];
  /** what of the word stands before the cursor */
  readonly typed: string;
  /** of the whole word */
  readonly start: number;
  readonly end: number;
  /** keys that stand beside it */
  readonly beside: readonly string[];
  /** within `{}` or `[]` */
  readonly flow: boolean;
  /** a colon follows */
  readonly colon: boolean;
}

const MARK = "tillermark";
const BEFORE = /[\w./-]*$/;
const AFTER = /^[\w./-]*/;

/** null: where nothing of a preset is written, such as in a comment */
export function cursorAt(text: string, offset: number): Cursor | null {
  const typed = BEFORE.exec(text.slice(0, offset))![0];
  const start = offset - typed.length;
  const end = offset + AFTER.exec(text.slice(offset))![0].length;
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const colon = /^\s*:/.test(text.slice(end));
  const marked = text.slice(0, start) + MARK + text.slice(end);
  const root: unknown = parseDocument(marked, { strict: false, uniqueKeys: false }).contents;
  const found = find(root, [], false);
  if (found === null) return null;
  // a lone word at the start of a line is where a mapping begins
  const kind = found.kind === "value" && /^\s*$/.test(line) && !found.listed ? "key" : found.kind;
  const beside = found.kind === "key" ? found.beside.filter((name) => name !== MARK) : [];
  return { kind, path: found.path, typed, start, end, beside, flow: found.flow, colon };
}

interface Found {
  readonly kind: "key" | "value";
  readonly path: readonly string[];
  readonly beside: readonly string[];
  readonly flow: boolean;
  readonly listed: boolean;
}

function find(node: unknown, path: readonly string[], listed: boolean): Found | null {
  const flow = (node as { flow?: boolean } | null)?.flow === true;
  if (isScalar(node)) return String(node.value).includes(MARK) ? { kind: "value", path, beside: [], flow: false, listed } : null;
  if (isSeq(node)) return first(node.items, (item) => find(item, path, true), flow);
  if (!isMap(node)) return null;
  return first(
    node.items,
    ({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : "";
      if (name.includes(MARK)) return { kind: "key", path, beside: entriesOf(node).map((entry) => entry.name), flow, listed: false };
      return find(value, [...path, name], false);
    },
    flow,
  );
}

function first<T>(items: readonly T[], look: (item: T) => Found | null, flow: boolean): Found | null {
  for (const item of items) {
    const found = look(item);
    if (found !== null) return flow && found.kind === "value" ? { ...found, flow } : found;
  }
  return null;
}
