/** Parts of a preset: symbols with their nesting, and what can be folded. */
import { type DocumentSymbol, type FoldingRange, FoldingRangeKind, SymbolKind } from "vscode-languageserver";
import { type Entry, entriesOf } from "../../daemon/compiler/locate.ts";
import type { SteerText } from "../text.ts";
import type { View } from "../view.ts";

export function symbols(view: View): DocumentSymbol[] {
  return entriesOf(view.text.root).map((entry) => symbol(view, entry, []));
}

function symbol(view: View, entry: Entry, above: readonly string[]): DocumentSymbol {
  const { text } = view;
  const path = [...above, entry.name];
  const [start, end] = [entry.key![0], entry.value?.[1] ?? entry.key![1]];
  const children = entriesOf(entry.node).map((child) => symbol(view, child, path));
  return {
    name: entry.name === "" ? "?" : entry.name,
    kind: kindOf(path),
    detail: detailOf(view, path, entry),
    range: text.range([start, start + text.text.slice(start, end).trimEnd().length]),
    selectionRange: text.range(entry.key!),
    ...(children.length === 0 ? {} : { children }),
  };
}

function kindOf(path: readonly string[]): SymbolKind {
  if (path.length === 2 && ["controls", "scope", "hold"].includes(path[0]!)) return SymbolKind.Variable;
  if (path.length === 2 && path[0] === "when") return SymbolKind.Event;
  return path.length === 1 ? SymbolKind.Module : SymbolKind.Property;
}

function detailOf(view: View, path: readonly string[], { value }: Entry): string {
  const control = path.length === 2 && path[0] === "controls" ? view.controls.find(({ name }) => name === path[1]) : undefined;
  if (control !== undefined) return `${control.control.use} ${control.control.strength}`;
  const text = value === null ? "" : view.text.text.slice(...value);
  return text.includes("\n") || text.length > 80 ? "" : text;
}

/** Mappings of several lines, and runs of comments. */
export function folds(text: SteerText): FoldingRange[] {
  return [...mappings(text, text.root), ...comments(text.text)];
}

function mappings(text: SteerText, node: unknown): FoldingRange[] {
  return entriesOf(node).flatMap(({ key, value, node: inner }) => {
    if (key === null || value === null) return [];
    const from = text.document.positionAt(key[0]).line;
    const to = text.document.positionAt(key[0] + text.text.slice(key[0], value[1]).trimEnd().length).line;
    return [...(to > from ? [{ startLine: from, endLine: to }] : []), ...mappings(text, inner)];
  });
}

function comments(text: string): FoldingRange[] {
  const lines = text.split("\n");
  const found: FoldingRange[] = [];
  for (let line = 0; line < lines.length; line++) {
    if (!/^\s*#/.test(lines[line]!)) continue;
    let end = line;
    while (/^\s*#/.test(lines[end + 1] ?? "")) end++;
    if (end > line) found.push({ startLine: line, endLine: end, kind: FoldingRangeKind.Comment });
    line = end;
  }
  return found;
}
