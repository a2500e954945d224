/** What a string must match, as patterns. Pure. */

import type { StringAlt } from "./form.ts";
import { FORMATS } from "./formats.ts";

/** All of them must match; empty for any text. */
export function stringPatterns({ patterns, formats, min, max }: StringAlt): string[] {
  const bounded = min > 0 || max !== Number.POSITIVE_INFINITY;
  const length = bounded ? [`^[^]{${min},${max === Number.POSITIVE_INFINITY ? "" : max}}$`] : [];
  return [...patterns, ...formats.map((format) => FORMATS[format]!), ...length];
}

/** Only its length is bounded, which a repetition says in fewer words. */
export function onlyLength({ patterns, formats }: StringAlt): boolean {
  return patterns.length === 0 && formats.length === 0;
}
