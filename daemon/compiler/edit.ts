/**
 * Changes of a YAML text that touch nothing but what they name: comments, order and the writer's own style stay. What an editor's
 * fixes and a slider of the preset panel are made of.
 */
import { Document, isCollection, isMap } from "yaml";
import { entriesOf, type Path, type Span, spotAt } from "./locate.ts";

/** `text` in place of what stands from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param root the text's own tree @returns null where the path leads through what is no mapping */
export function setAt(text: string, root: unknown, path: Path, value: unknown): Edit | null {
  const spot = spotAt(root, path);
  if (spot !== null) return replaced(text, spot, inline(value));
  const key = path.at(-1);
  if (key === undefined) return null;
  const above = path.slice(0, -1);
  const parent = spotAt(root, above);
  if (parent === null || (parent.value === null && above.length > 0)) return setAt(text, root, above, { [String(key)]: value });
  if (!isMap(parent.node)) return null;
  return appended(text, parent.node, `${inline(key)}: ${inline(value)}`);
}

/** Takes an entry out, with its comma or its lines. null: there is none. */
export function removeAt(text: string, root: unknown, path: Path): Edit | null {
  const spot = spotAt(root, path);
  const parent = spotAt(root, path.slice(0, -1))?.node;
  if (spot?.key == null || !isMap(parent)) return null;
  // the last entry of a mapping takes the mapping along: an empty one would be `null`
  if (parent.items.length === 1 && path.length > 1) return removeAt(text, root, path.slice(0, -1));
  const end = spot.value?.[1] ?? lineEnd(text, spot.key[1]);
  if (parent.flow === true) return { ...withComma(text, spot.key[0], end), text: "" };
  return { start: lineStart(text, spot.key[0]), end: nextLine(text, trimmedEnd(text, spot.key[1], end)), text: "" };
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => b.start - a.start);
  return ordered.reduce((changed, { start, end, text: put }) => changed.slice(0, start) + put + changed.slice(end), text);
}

/** A value on one line, as it may stand inside `{}` and `[]`, too. */
export function inline(value: unknown): string {
  const document = new Document([value]);
  const text = document.toString({ collectionStyle: "flow", lineWidth: 0, blockQuote: false });
  return text.trim().slice(1, -1).trim();
}

function replaced(text: string, { key, value, node }: { key: Span | null; value: Span | null; node: unknown }, put: string): Edit {
  if (value !== null && !(isCollection(node) && node.flow !== true)) return { start: value[0], end: value[1], text: put };
  // behind the colon: nothing is written, or it stands on the next lines
  const colon = key === null ? 0 : text.indexOf(":", key[1]) + 1;
  const end = value === null ? colon : trimmedEnd(text, colon, value[1]);
  return { start: colon, end, text: ` ${put}` };
}

function appended(text: string, map: { readonly flow?: boolean; readonly items: unknown[]; readonly range?: unknown }, put: string): Edit {
  const entries = entriesOf(map);
  const last = entries.at(-1);
  const [start] = map.range as [number];
  if (last === undefined) return { start: start + 1, end: start + 1, text: ` ${put} ` };
  const end = last.value?.[1] ?? text.indexOf(":", last.key![1]) + 1;
  if (map.flow === true) return { start: end, end, text: `, ${put}` };
  const at = lineEnd(text, trimmedEnd(text, last.key![1], end));
  const indent = " ".repeat(last.key![0] - lineStart(text, last.key![0]));
  return { start: at, end: at, text: `\n${indent}${put}` };
}

/** From `start`, with the comma behind it, else with the one before it. */
function withComma(text: string, start: number, end: number): { start: number; end: number } {
  const behind = /^\s*,[ \t]*/.exec(text.slice(end));
  if (behind !== null) return { start, end: end + behind[0].length };
  const before = /,\s*$/.exec(text.slice(0, start));
  return { start: before === null ? start : before.index, end };
}

/** A block's range may reach over the blank lines and comments behind it. */
function trimmedEnd(text: string, from: number, end: number): number {
  const lines = text.slice(from, end).split("\n");
  while (lines.length > 1 && /^\s*(#.*)?$/.test(lines.at(-1)!)) lines.pop();
  return from + lines.join("\n").trimEnd().length;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : text[end - 1] === "\r" ? end - 1 : end;
}

function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}
