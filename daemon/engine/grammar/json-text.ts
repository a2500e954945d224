/** Characters of JSON's strings: which are written as they are, and which only by an escape, in the one form that everybody writes. */
import { charClass, literal, type Range } from "./gbnf.ts";

/** Control characters, the quotation mark, the backslash, and the halves of pairs, which are no characters. */
const NOT_PLAIN: readonly Range[] = [
  { min: 0, max: 0x1f },
  { min: 0x22, max: 0x22 },
  { min: 0x5c, max: 0x5c },
  { min: 0xd800, max: 0xdfff },
];
const ESCAPED = [...Array.from({ length: 0x20 }, (_, code) => code), 0x22, 0x5c];

const PLAIN = "[ !#-\\x5B\\x5D-\\uD7FF\\uE000-\\U0010FFFF]";

/** Any character of a string, by any escape that JSON has; one of them is one code point. */
export const ANY_CHAR = `${PLAIN} | "\\\\" ([\\x22\\x5C/bfnrt] | "u" ([0-9a-cefA-CEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))`;
/** All of `ESCAPED`, in the form that is written. */
const ANY_ESCAPED = `"\\\\" ([\\x22\\x5Cbfnrt] | "u00" ("0" [0-7be-f] | "1" [0-9a-f]))`;

/** Alternatives for one character of the ranges. */
export function stringChar(ranges: readonly Range[]): string {
  const plain = charClass(NOT_PLAIN.reduce<Range[]>((left, hole) => left.flatMap((range) => without(range, hole)), [...ranges]));
  const inside = ESCAPED.filter((code) => ranges.some(({ min, max }) => code >= min && code <= max));
  const each = (code: number): string => literal(JSON.stringify(String.fromCharCode(code)).slice(1, -1));
  const written = inside.length === ESCAPED.length ? [ANY_ESCAPED] : inside.map(each);
  return [plain, ...written].filter((part) => part !== "").join(" | ");
}

function without({ min, max }: Range, hole: Range): Range[] {
  if (hole.max < min || hole.min > max) return [{ min, max }];
  const parts: Range[] = [];
  if (min < hole.min) parts.push({ min, max: hole.min - 1 });
  if (max > hole.max) parts.push({ min: hole.max + 1, max });
  return parts;
}
