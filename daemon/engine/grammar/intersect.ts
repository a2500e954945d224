/** Values that two forms both allow: keywords beside each other, `allOf`, and what stands beside a `$ref` or an `anyOf`. */
import {
  type Alt,
  type Alternatives,
  ANY,
  type ArrayAlt,
  type Bound,
  Form,
  NONE,
  type NumberAlt,
  narrowed,
  type ObjectAlt,
  type StringAlt,
} from "./form.ts";
import { matchesAlt } from "./matches.ts";

/** Pairs of alternatives, of which a schema of a few lines can have millions. */
const MAX_ALTERNATIVES = 256;

export class TooMany extends Error {}

/** One for a schema: the same two forms give the same form again, so that schemas that refer to themselves end. */
export class Intersections {
  readonly #known = new Map<string, Form>();

  of(a: Form, b: Form): Form {
    if (a === b || b === ANY) return a;
    if (a === ANY) return b;
    if (a === NONE || b === NONE) return NONE;
    const key = a.id < b.id ? `${a.id} ${b.id}` : `${b.id} ${a.id}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const form = new Form(() => this.#both(a, b));
    this.#known.set(key, form);
    return form;
  }

  #both(a: Form, b: Form): Alternatives {
    const [left, right] = [a.expand(), b.expand()];
    if (left === null || right === null) throw new TooMany("refers to itself and to nothing else");
    const alts = left.alts.flatMap((one) => right.alts.flatMap((other) => this.#pair(one, other)));
    if (alts.length > MAX_ALTERNATIVES) throw new TooMany(`combines to more than ${MAX_ALTERNATIVES} alternatives`);
    const implied = left.implied === null || right.implied === null ? null : new Set([...left.implied, ...right.implied]);
    return { alts, implied };
  }

  #pair(a: Alt, b: Alt): Alt[] {
    if (a.type === "value") return matchesAlt(a.value, b) ? [a] : [];
    if (b.type === "value") return matchesAlt(b.value, a) ? [b] : [];
    if (a.type !== b.type) return [];
    if (a.type === "number") return numbers(a, b as NumberAlt);
    if (a.type === "string") return [strings(a, b as StringAlt)];
    if (a.type === "array") return [this.#arrays(a, b as ArrayAlt)];
    if (a.type === "object") return [this.#objects(a, b as ObjectAlt)];
    return [a];
  }

  #arrays(a: ArrayAlt, b: ArrayAlt): ArrayAlt {
    const length = Math.max(a.prefix.length, b.prefix.length);
    const prefix = Array.from({ length }, (_, i) => this.of(a.prefix[i] ?? a.rest, b.prefix[i] ?? b.rest));
    return { type: "array", prefix, rest: this.of(a.rest, b.rest), min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
  }

  #objects(a: ObjectAlt, b: ObjectAlt): ObjectAlt {
    const names = new Set([...a.properties.keys(), ...b.properties.keys()]);
    const properties = new Map([...names].map((name) => [name, this.of(propertyOf(a, name), propertyOf(b, name))]));
    const rest = a.rest === null ? b.rest : b.rest === null ? a.rest : this.of(a.rest, b.rest);
    const required = new Set([...a.required, ...b.required]);
    return { type: "object", properties, required, rest, min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
  }
}

/** What a property may be, also one that the schema does not name. */
export function propertyOf({ properties, rest }: ObjectAlt, name: string): Form {
  return properties.get(name) ?? rest ?? ANY;
}

export function union(forms: readonly Form[]): Form {
  if (forms.length === 1) return forms[0]!;
  return new Form(() => {
    const alts = forms.flatMap((form) => {
      const expanded = form.expand();
      if (expanded === null) throw new TooMany("refers to itself and to nothing else");
      return narrowed(expanded);
    });
    if (alts.length > MAX_ALTERNATIVES) throw new TooMany(`combines to more than ${MAX_ALTERNATIVES} alternatives`);
    return { alts, implied: null };
  });
}

function numbers(a: NumberAlt, b: NumberAlt): NumberAlt[] {
  const low = tighter(a.low, b.low, (one, other) => one > other);
  const high = tighter(a.high, b.high, (one, other) => one < other);
  if (low !== null && high !== null && (low.value > high.value || (low.value === high.value && (low.open || high.open)))) return [];
  return [{ type: "number", integer: a.integer || b.integer, low, high }];
}

function tighter(a: Bound | null, b: Bound | null, more: (one: number, other: number) => boolean): Bound | null {
  if (a === null || b === null) return a ?? b;
  if (a.value === b.value) return a.open ? a : b;
  return more(a.value, b.value) ? a : b;
}

function strings(a: StringAlt, b: StringAlt): StringAlt {
  return {
    type: "string",
    patterns: [...new Set([...a.patterns, ...b.patterns])],
    formats: [...new Set([...a.formats, ...b.formats])],
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
  };
}
