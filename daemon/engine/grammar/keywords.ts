/** The keywords of one schema object, without those that combine schemas. */
import { automaton, Unsupported } from "../../protocol/rules/automaton.ts";
import {
  type Alt,
  type ArrayAlt,
  type Bound,
  Form,
  type JsonType,
  NONE,
  type NumberAlt,
  type ObjectAlt,
  type StringAlt,
  TYPES,
  wholeType,
} from "./form.ts";
import { FORMATS } from "./formats.ts";
import { matchesAlt } from "./matches.ts";
import { refuse } from "./refuse.ts";

type Schema = Readonly<Record<string, unknown>>;
type Read = (schema: unknown, path: string) => Form;

/** They say nothing of what is allowed. */
export const NOTES: ReadonlySet<string> = new Set([
  ...[
    "title",
    "description",
    "default",
    "examples",
    "example",
    "$schema",
    "$id",
    "id",
    "$anchor",
    "$comment",
    "deprecated",
    "readOnly",
    "writeOnly",
  ],
  ...["discriminator", "contentMediaType", "contentEncoding", "$defs", "definitions"],
]);

const OF_TYPE: Readonly<Record<string, JsonType>> = {
  ...{ minimum: "number", maximum: "number", exclusiveMinimum: "number", exclusiveMaximum: "number", multipleOf: "number" },
  ...{ minLength: "string", maxLength: "string", pattern: "string", format: "string" },
  ...{ items: "array", prefixItems: "array", minItems: "array", maxItems: "array", uniqueItems: "array" },
  ...{ properties: "object", required: "object", additionalProperties: "object", minProperties: "object", maxProperties: "object" },
};

export const KEYWORDS: ReadonlySet<string> = new Set([...Object.keys(OF_TYPE), "type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf"]);

/** A larger count takes a grammar too long to follow. */
const MAX_COUNT = 2000;
const MAX_LENGTH = 100_000;

export function own(schema: Schema, path: string, read: Read): Form {
  const types = typesOf(schema["type"], `${path}.type`);
  const implied = new Set(Object.keys(schema).flatMap((key) => (OF_TYPE[key] === undefined ? [] : [OF_TYPE[key]])));
  const alts = (types ?? TYPES).map((type): Alt => {
    if (type === "number" || type === "integer") return numberOf(schema, path, type === "integer");
    if (type === "string") return stringOf(schema, path);
    if (type === "array") return arrayOf(schema, path, read);
    if (type === "object") return objectOf(schema, path, read);
    return wholeType(type);
  });
  const values = valuesOf(schema, path);
  if (values === null) return new Form(() => ({ alts, implied: types === null ? implied : null }));
  const kept = values.filter((value) => alts.some((alt) => matchesAlt(value, alt)));
  return new Form(() => ({ alts: kept.map((value) => ({ type: "value", value })), implied: null }));
}

function typesOf(value: unknown, path: string): (JsonType | "integer")[] | null {
  if (value === undefined) return null;
  const types = Array.isArray(value) ? value : [value];
  const known: ReadonlySet<unknown> = new Set([...TYPES, "integer"]);
  const unknown = types.find((one) => !known.has(one));
  if (types.length === 0 || unknown !== undefined) throw refuse(path, `'${String(unknown).slice(0, 40)}' is no type of JSON`);
  const unique = new Set(types as (JsonType | "integer")[]);
  if (unique.has("number")) unique.delete("integer");
  return [...unique];
}

function valuesOf(schema: Schema, path: string): unknown[] | null {
  const { enum: listed, const: one } = schema;
  if (listed !== undefined && (!Array.isArray(listed) || listed.length === 0)) throw refuse(`${path}.enum`, "must be a list of values");
  if (!("const" in schema)) return (listed as unknown[] | undefined) ?? null;
  return listed === undefined || matchesOne(one, listed as unknown[]) ? [one] : [];
}

function matchesOne(value: unknown, list: readonly unknown[]): boolean {
  return list.some((one) => matchesAlt(value, { type: "value", value: one }));
}

function numberOf(schema: Schema, path: string, integer: boolean): NumberAlt {
  const bound = (key: string, open: boolean): Bound | null => {
    const value = schema[key];
    if (value === undefined) return null;
    if (typeof value !== "number" || !Number.isFinite(value)) throw refuse(`${path}.${key}`, "must be a number");
    return { value, open };
  };
  const both = (a: Bound | null, b: Bound | null, more: (a: number, b: number) => boolean): Bound | null =>
    a === null || (b !== null && (more(b.value, a.value) || b.value === a.value)) ? b : a;
  const { multipleOf } = schema;
  if (multipleOf !== undefined && multipleOf !== 1) throw refuse(`${path}.multipleOf`, "is only supported as 1, for whole numbers");
  return {
    type: "number",
    integer: integer || multipleOf === 1,
    low: both(bound("minimum", false), bound("exclusiveMinimum", true), (a, b) => a > b),
    high: both(bound("maximum", false), bound("exclusiveMaximum", true), (a, b) => a < b),
  };
}

function stringOf(schema: Schema, path: string): StringAlt {
  const { pattern, format } = schema;
  if (pattern !== undefined) {
    if (typeof pattern !== "string") throw refuse(`${path}.pattern`, "must be a text");
    try {
      automaton([pattern]);
    } catch (error) {
      if (error instanceof Unsupported) throw refuse(`${path}.pattern`, error.message);
      throw error;
    }
  }
  if (format !== undefined && (typeof format !== "string" || !Object.hasOwn(FORMATS, format)))
    throw refuse(`${path}.format`, `is not supported (${Object.keys(FORMATS).join(", ")} are)`);
  return {
    type: "string",
    patterns: pattern === undefined ? [] : [pattern as string],
    formats: format === undefined ? [] : [format as string],
    min: count(schema, "minLength", path, MAX_COUNT) ?? 0,
    max: count(schema, "maxLength", path, MAX_LENGTH) ?? Number.POSITIVE_INFINITY,
  };
}

function arrayOf(schema: Schema, path: string, read: Read): ArrayAlt {
  const { items, prefixItems, uniqueItems } = schema;
  if (uniqueItems !== undefined && uniqueItems !== false)
    throw refuse(`${path}.uniqueItems`, "is not supported", "A grammar cannot remember what was written.");
  if (prefixItems !== undefined && !Array.isArray(prefixItems)) throw refuse(`${path}.prefixItems`, "must be a list of schemas");
  const whole = wholeType("array") as ArrayAlt;
  return {
    type: "array",
    prefix: ((prefixItems ?? []) as unknown[]).map((one, i) => read(one, `${path}.prefixItems.${i}`)),
    rest: items === undefined ? whole.rest : read(items, `${path}.items`),
    min: count(schema, "minItems", path, MAX_COUNT) ?? 0,
    max: count(schema, "maxItems", path, MAX_COUNT) ?? whole.max,
  };
}

function objectOf(schema: Schema, path: string, read: Read): ObjectAlt {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (typeof properties !== "object" || properties === null || Array.isArray(properties))
    throw refuse(`${path}.properties`, "must be an object");
  if (!Array.isArray(required) || required.some((name) => typeof name !== "string"))
    throw refuse(`${path}.required`, "must be a list of names");
  const named = Object.entries(properties).map(([name, one]) => [name, read(one, `${path}.properties.${name}`)] as const);
  const rest = additionalProperties === undefined ? null : read(additionalProperties, `${path}.additionalProperties`);
  const undeclared = required.find((name) => !Object.hasOwn(properties, name));
  if (undeclared !== undefined && rest === NONE)
    throw refuse(
      `${path}.required`,
      `names '${String(undeclared).slice(0, 80)}', which properties has not and additionalProperties forbids`,
    );
  return {
    type: "object",
    properties: new Map(named),
    required: new Set(required as string[]),
    rest,
    min: count(schema, "minProperties", path, MAX_COUNT) ?? 0,
    max: count(schema, "maxProperties", path, MAX_COUNT) ?? Number.POSITIVE_INFINITY,
  };
}

function count(schema: Schema, key: string, path: string, most: number): number | undefined {
  const value = schema[key];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most)
    throw refuse(`${path}.${key}`, `must be a whole number from 0 to ${most}`);
  return value;
}
