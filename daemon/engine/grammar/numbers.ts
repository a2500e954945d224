/**
 * Numbers within bounds as patterns over their decimal digits, without exponents. Digits are compared from the left: a number is
 * at least a bound when it has more digits before the point, or a larger digit where the two first differ. Pure.
 */
import type { Bound, NumberAlt } from "./form.ts";

/** Digits before and after the point: as many as a double can tell apart. */
const DIGITS = 16;
const WHOLE = `(?:0|[1-9]\\d{0,${DIGITS - 1}})`;
const FRACTION = `(?:\\.\\d{1,${DIGITS}})?`;

/** Patterns that all must match. */
export function numberPatterns({ integer, low, high }: NumberAlt): string[] {
  const form = integer ? `^-?${WHOLE}$` : `^-?${WHOLE}${FRACTION}$`;
  // −0 is 0, and would be on the wrong side of each comparison below
  return [form, "^[^-]|^-[^]*[1-9]", ...(low === null ? [] : [atLeast(low)]), ...(high === null ? [] : [atMost(high)])];
}

/** Those of any number, where nothing is asked of it. */
export const PLAIN_INTEGER = `"-"? ("0" | [1-9] [0-9]{0,${DIGITS - 1}})`;
export const PLAIN_NUMBER = `${PLAIN_INTEGER} ("." [0-9]{1,${DIGITS}})? ([eE] [-+]? [0-9]{1,2})?`;

function atLeast({ value, open }: Bound): string {
  const magnitude = digitsOf(value);
  return value < 0 ? `^[^-]|^-${lower(magnitude, open)}$` : `^${higher(magnitude, open)}$`;
}

function atMost({ value, open }: Bound): string {
  const magnitude = digitsOf(value);
  return value < 0 ? `^-${higher(magnitude, open)}$` : `^-|^${lower(magnitude, open)}$`;
}

interface Digits {
  readonly whole: string;
  /** without zeros at its end */
  readonly fraction: string;
}

/** Of the magnitude, without an exponent. */
function digitsOf(value: number): Digits {
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toString().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  return { whole: padded.slice(0, at).replace(/^0+(?=\d)/, ""), fraction: padded.slice(at).replace(/0+$/, "") };
}

function range(from: number, to: number): string | null {
  if (from > to) return null;
  return from === to ? String(from) : `[${from}-${to}]`;
}

function either(parts: readonly (string | null)[]): string {
  // an empty class matches nothing
  return `(?:${parts.filter((part) => part !== null).join("|") || "[]"})`;
}

function higher({ whole, fraction }: Digits, open: boolean): string {
  const n = whole.length;
  const larger = Array.from(whole, (digit, i) => {
    const above = range(Number(digit) + 1, 9);
    return above === null ? null : `${whole.slice(0, i)}${above}\\d{${n - i - 1}}`;
  });
  const rest = "(?:\\.\\d+)?";
  return either([`[1-9]\\d{${n},}${rest}`, `${either(larger)}${rest}`, `${whole}${fractionAbove(fraction, open)}`]);
}

function fractionAbove(fraction: string, open: boolean): string {
  if (fraction === "") return open ? "\\.\\d*[1-9]\\d*" : "(?:\\.\\d+)?";
  const from = (i: number): string => {
    if (i === fraction.length) return open ? "\\d*[1-9]\\d*" : "\\d*";
    const above = range(Number(fraction[i]) + 1, 9);
    return either([above === null ? null : `${above}\\d*`, `${fraction[i]}${from(i + 1)}`]);
  };
  return `\\.${from(0)}`;
}

function lower({ whole, fraction }: Digits, open: boolean): string {
  const n = whole.length;
  const smaller = Array.from(whole, (digit, i) => {
    const below = range(i === 0 && n > 1 ? 1 : 0, Number(digit) - 1);
    return below === null ? null : `${whole.slice(0, i)}${below}\\d{${n - i - 1}}`;
  });
  const rest = "(?:\\.\\d+)?";
  const shorter = n > 1 ? `(?:0|[1-9]\\d{0,${n - 2}})${rest}` : null;
  return either([shorter, `${either(smaller)}${rest}`, `${whole}${fractionBelow(fraction, open)}`]);
}

function fractionBelow(fraction: string, open: boolean): string {
  if (fraction === "") return open ? "[]" : "(?:\\.0+)?";
  const from = (i: number): string => {
    const digit = Number(fraction[i]);
    const below = range(0, digit - 1);
    const last = i === fraction.length - 1;
    const less = below === null ? null : `${below}\\d*`;
    if (last) return either([less, open ? null : `${digit}0*`]);
    return either([less, String(digit), `${digit}${from(i + 1)}`]);
  };
  return `(?:\\.${from(0)})?`;
}
