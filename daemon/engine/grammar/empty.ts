/** Whether a form surely allows no value. One that refers to itself is taken to allow some. */
import { automaton } from "../../protocol/rules/automaton.ts";
import { type Alt, type ArrayAlt, type Form, narrowed, type ObjectAlt } from "./form.ts";
import { propertyOf } from "./intersect.ts";
import { numberPatterns } from "./numbers.ts";
import { stringPatterns } from "./strings.ts";

export function isEmpty(form: Form, within: ReadonlySet<Form> = new Set()): boolean {
  if (within.has(form)) return false;
  const expanded = form.expand();
  if (expanded === null) return false;
  const inside = new Set([...within, form]);
  return narrowed(expanded).every((alt) => isEmptyAlt(alt, inside));
}

export function isEmptyAlt(alt: Alt, within: ReadonlySet<Form> = new Set()): boolean {
  if (alt.type === "number") return (alt.low !== null || alt.high !== null) && automaton(numberPatterns(alt)).isEmpty;
  if (alt.type === "string") {
    const patterns = stringPatterns(alt);
    return alt.min > alt.max || (patterns.length > 1 && automaton(patterns).isEmpty);
  }
  if (alt.type === "array") return alt.min > mostItems(alt, within);
  if (alt.type === "object") return emptyObject(alt, within);
  return false;
}

/** An element that cannot be ends the array before it. */
export function mostItems({ prefix, rest, max }: ArrayAlt, within: ReadonlySet<Form> = new Set()): number {
  const first = prefix.findIndex((form) => isEmpty(form, within));
  if (first >= 0) return Math.min(max, first);
  return isEmpty(rest, within) ? Math.min(max, prefix.length) : max;
}

function emptyObject(alt: ObjectAlt, within: ReadonlySet<Form>): boolean {
  if (alt.required.size > alt.max || alt.min > alt.max) return true;
  return [...alt.required].some((name) => isEmpty(propertyOf(alt, name), within));
}
