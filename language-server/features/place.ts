/** The entry that stands at an offset. */
import { isMap, isSeq } from "yaml";
import { entriesOf, type Span, spanOf } from "../../daemon/compiler/locate.ts";
import type { SteerText } from "../text.ts";

export interface Place {
  readonly path: readonly string[];
  readonly part: "key" | "value";
  readonly span: Span;
}

/** null: between entries */
export function placeAt(text: SteerText, offset: number): Place | null {
  return within(text.root, [], offset);
}

function within(node: unknown, path: readonly string[], offset: number): Place | null {
  for (const { name, key, value, node: inner } of entriesOf(node)) {
    const own = [...path, name];
    if (key !== null && holds(key, offset)) return { path: own, part: "key", span: key };
    if (value === null || !holds(value, offset)) continue;
    if (isMap(inner)) return within(inner, own, offset);
    return { path: own, part: "value", span: isSeq(inner) ? (spanOf(inner) ?? value) : value };
  }
  return null;
}

function holds([start, end]: Span, offset: number): boolean {
  return offset >= start && offset <= end;
}
