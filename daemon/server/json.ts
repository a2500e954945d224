/** JSON from outside. */

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
