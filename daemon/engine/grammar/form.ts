/**
 * What a JSON Schema allows, in the words that a grammar can be written from: a list of alternatives, each of one type. Forms are
 * expanded when they are asked for, so that a schema may refer to itself.
 */
export const TYPES = ["null", "boolean", "number", "string", "array", "object"] as const;
export type JsonType = (typeof TYPES)[number];

export interface Bound {
  readonly value: number;
  /** the bound itself is not allowed */
  readonly open: boolean;
}

export interface NumberAlt {
  readonly type: "number";
  readonly integer: boolean;
  readonly low: Bound | null;
  readonly high: Bound | null;
}

export interface StringAlt {
  readonly type: "string";
  /** ECMAScript's, unanchored; all of them must match */
  readonly patterns: readonly string[];
  readonly formats: readonly string[];
  /** in code points */
  readonly min: number;
  readonly max: number;
}

export interface ArrayAlt {
  readonly type: "array";
  readonly prefix: readonly Form[];
  readonly rest: Form;
  readonly min: number;
  readonly max: number;
}

export interface ObjectAlt {
  readonly type: "object";
  readonly properties: ReadonlyMap<string, Form>;
  readonly required: ReadonlySet<string>;
  /** of names that `properties` has not; null: the schema says nothing of them */
  readonly rest: Form | null;
  readonly min: number;
  readonly max: number;
}

export interface ValueAlt {
  readonly type: "value";
  readonly value: unknown;
}

export type Alt = { readonly type: "null" } | { readonly type: "boolean" } | NumberAlt | StringAlt | ArrayAlt | ObjectAlt | ValueAlt;

export interface Alternatives {
  readonly alts: readonly Alt[];
  /** Types that keywords spoke of where no type was said; null: types were said. See `narrowed`. */
  readonly implied: ReadonlySet<JsonType> | null;
}

export class Form {
  static #count = 0;
  readonly id = Form.#count++;
  readonly #make: () => Alternatives;
  #made: Alternatives | null = null;
  #making = false;

  /** @param make called once; it may expand other forms, but not this one */
  constructor(make: () => Alternatives) {
    this.#make = make;
  }

  /** null: it is being expanded, so it refers to nothing but itself */
  expand(): Alternatives | null {
    if (this.#made !== null) return this.#made;
    if (this.#making) return null;
    this.#making = true;
    try {
      this.#made = this.#make();
    } finally {
      this.#making = false;
    }
    return this.#made;
  }
}

export const ANY: Form = new Form(() => ({ alts: TYPES.map(wholeType), implied: new Set() }));
export const NONE: Form = new Form(() => ({ alts: [], implied: null }));

export function wholeType(type: JsonType): Alt {
  if (type === "number") return { type, integer: false, low: null, high: null };
  if (type === "string") return { type, patterns: [], formats: [], min: 0, max: Number.POSITIVE_INFINITY };
  if (type === "array") return { type, prefix: [], rest: ANY, min: 0, max: Number.POSITIVE_INFINITY };
  if (type === "object") return { type, properties: new Map(), required: new Set(), rest: null, min: 0, max: Number.POSITIVE_INFINITY };
  return { type };
}

/**
 * Keywords without a type allow every value of the types that they do not speak of: `properties` alone allows null. Nobody who
 * writes that means it, so a schema that says no type is for those that its keywords speak of.
 */
export function narrowed({ alts, implied }: Alternatives): readonly Alt[] {
  if (implied === null || implied.size === 0) return alts;
  return alts.filter((alt) => alt.type === "value" || implied.has(alt.type));
}
