/** JSON from outside. */
import { TillerError } from "../../protocol/errors.ts";

/** A schema in a schema takes two levels; beyond this nothing of ours has a use for them, and recursion elsewhere would end. */
const MAX_DEPTH = 256;

/** @throws TillerError invalid-request @param what names the text in the error */
export function parseJson(text: string, what: string): unknown {
  if (nesting(text) > MAX_DEPTH) throw new TillerError("invalid-request", `${what}: nested more than ${MAX_DEPTH} deep`, { field: what });
  try {
    return JSON.parse(text);
  } catch {
    throw new TillerError("invalid-request", `${what}: not JSON`, { field: what });
  }
}

/** The deepest level of brackets outside strings; without recursion. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/**
 * Whether an object somewhere in `value` has a key `__proto__`, which JSON.parse keeps and copying into objects loses: what was
 * asked under that name would be left out silently. Without recursion, for the nesting is the sender's choice.
 * @param text what `value` was parsed from
 */
export function hidesKeys(value: unknown, text: string): boolean {
  if (!text.includes("__proto__") && !text.includes("\\u")) return false;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__")) return true;
    for (const inner of Object.values(next)) if (typeof inner === "object") waiting.push(inner);
  }
  return false;
}

export const HIDDEN_KEY = "'__proto__' cannot be a name";
