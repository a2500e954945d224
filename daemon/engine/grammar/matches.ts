/** Whether a value is one that a form allows: values that a schema lists are kept where the rest of the schema allows them. */
import { isDeepStrictEqual } from "node:util";
import { accepts, automaton } from "../../protocol/rules/automaton.ts";
import type { Alt, ArrayAlt, Form, NumberAlt, ObjectAlt } from "./form.ts";
import { stringPatterns } from "./strings.ts";

export function matches(value: unknown, form: Form): boolean {
  return form.expand()?.alts.some((alt) => matchesAlt(value, alt)) ?? false;
}

export function matchesAlt(value: unknown, alt: Alt): boolean {
  if (alt.type === "value") return isDeepStrictEqual(value, alt.value);
  if (alt.type === "null") return value === null;
  if (alt.type === "boolean") return typeof value === "boolean";
  if (alt.type === "number") return typeof value === "number" && within(value, alt);
  if (alt.type === "string") return typeof value === "string" && accepts(automaton(stringPatterns(alt)), value);
  if (alt.type === "array") return Array.isArray(value) && fits(value, alt);
  return typeof value === "object" && value !== null && !Array.isArray(value) && has(value as Record<string, unknown>, alt);
}

function within(value: number, { integer, low, high }: NumberAlt): boolean {
  if (integer && !Number.isInteger(value)) return false;
  if (low !== null && (low.open ? value <= low.value : value < low.value)) return false;
  return high === null || (high.open ? value < high.value : value <= high.value);
}

function fits(value: readonly unknown[], { prefix, rest, min, max }: ArrayAlt): boolean {
  return value.length >= min && value.length <= max && value.every((one, i) => matches(one, prefix[i] ?? rest));
}

function has(value: Readonly<Record<string, unknown>>, { properties, required, rest, min, max }: ObjectAlt): boolean {
  const names = Object.keys(value);
  if (names.length < min || names.length > max || ![...required].every((name) => Object.hasOwn(value, name))) return false;
  return names.every((name) => {
    const form = properties.get(name) ?? rest;
    return form === null || matches(value[name], form);
  });
}
