/** Made-up JSON Schemas, and values that may or may not fit them, for properties that must hold of all. */
import fc from "fast-check";

export type Schema = Record<string, unknown>;

const PATTERNS = ["^a+$", "b", "^[a-c]{2,4}$", "^\\d{3}-\\d{2}$", "^(?:x|yy)*z", "[äöü]$", '^["\\\\]{1,3}$', "^[^a]", "^(?=a)?b?$|^c$"];
const FORMATS = ["date", "time", "date-time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri"];
const NAMES = ["a", "b", "ab", 'q"', "ü"];

const name = fc.constantFrom(...NAMES);
const decimal = fc.integer({ min: -20_000, max: 20_000 }).map((value) => value / 100);
const whole = fc.integer({ min: -120, max: 1200 });

function bounds(value: fc.Arbitrary<number>): fc.Arbitrary<Schema> {
  const pair = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
  return fc.tuple(pair, fc.constantFrom("both", "low", "high", "openLow", "openHigh", "open")).map(([[low, high], which]): Schema => {
    if (which === "both") return { minimum: low, maximum: high };
    if (which === "low") return { minimum: low };
    if (which === "high") return { maximum: high };
    if (which === "openLow") return { exclusiveMinimum: low, maximum: high };
    return which === "openHigh" ? { minimum: low, exclusiveMaximum: high } : { exclusiveMinimum: low, exclusiveMaximum: high };
  });
}

const lengths = fc.tuple(fc.nat(3), fc.nat(4)).map(([min, more]): Schema => ({ minLength: min, maxLength: min + more }));
const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, "x", "", 0, 1.5, -3),
  fc.constantFrom<unknown>([1], { a: 1 }, { b: [], a: "x" }),
);

const leaf: fc.Arbitrary<Schema> = fc.oneof(
  bounds(whole).map((bound) => ({ type: "integer", ...bound })),
  bounds(decimal).map((bound) => ({ type: "number", ...bound })),
  fc.constantFrom<Schema>({ type: "integer" }, { type: "number" }, { type: "boolean" }, { type: "null" }, { type: "string" }),
  lengths.map((length) => ({ type: "string", ...length })),
  fc.tuple(fc.constantFrom(...PATTERNS), fc.option(lengths)).map(([pattern, length]) => ({ type: "string", pattern, ...length })),
  fc.constantFrom(...FORMATS).map((format) => ({ type: "string", format })),
  fc.tuple(lengths, bounds(whole)).map(([length, bound]) => ({ type: ["string", "null", "integer"], ...length, ...bound })),
  fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
  value.map((one) => ({ const: one })),
);

const counts = (least: string, most: string): fc.Arbitrary<Schema> =>
  fc.tuple(fc.nat(2), fc.nat(2), fc.boolean()).map(([min, more, both]) => (both ? { [least]: min, [most]: min + more } : { [least]: min }));

function objects(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const parts = {
    properties: fc.dictionary(name, inner, { maxKeys: 3 }),
    required: fc.uniqueArray(name, { maxLength: 2 }),
    additionalProperties: fc.oneof<fc.Arbitrary<unknown>[]>(fc.boolean(), inner),
    count: fc.option(counts("minProperties", "maxProperties"), { freq: 3 }),
  };
  return fc.record(parts).map(({ count, ...rest }) => ({ type: "object", ...rest, ...count }));
}

function arrays(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const parts = {
    items: fc.oneof<fc.Arbitrary<unknown>[]>(fc.boolean(), inner),
    prefix: fc.array(inner, { maxLength: 2 }),
    count: fc.option(counts("minItems", "maxItems")),
  };
  return fc
    .record(parts)
    .map(({ items, prefix, count }) => ({ type: "array", items, ...(prefix.length > 0 ? { prefixItems: prefix } : {}), ...count }));
}

/** With `$defs` at the root, which everything inside may refer to, itself too. */
export const schemas: fc.Arbitrary<Schema> = fc
  .letrec<{ schema: Schema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, depthSize: "small", withCrossShrink: true },
      { arbitrary: leaf, weight: 4 },
      { arbitrary: objects(tie("schema")), weight: 3 },
      { arbitrary: arrays(tie("schema")), weight: 2 },
      { arbitrary: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })), weight: 1 },
      { arbitrary: fc.tuple(tie("schema"), tie("schema")).map((anyOf) => ({ type: ["string", "object", "integer"], anyOf })), weight: 1 },
      { arbitrary: fc.tuple(tie("schema"), tie("schema")).map((allOf) => ({ allOf })), weight: 1 },
      { arbitrary: fc.tuple(tie("schema"), lengths).map(([one, length]) => ({ anyOf: [one, { type: "string" }], ...length })), weight: 1 },
      {
        arbitrary: fc.tuple(fc.constantFrom("leaf", "list"), fc.option(leaf)).map(([to, more]) => ({ $ref: `#/$defs/${to}`, ...more })),
        weight: 2,
      },
      { arbitrary: fc.tuple(tie("schema"), tie("schema")).map(([x, y]) => ({ oneOf: [tagged("x", x), tagged("y", y)] })), weight: 1 },
    ),
  }))
  .schema.chain((schema) =>
    leaf.map((one) => ({
      ...schema,
      $defs: {
        leaf: one,
        list: {
          type: "object",
          properties: { a: one, b: { anyOf: [{ $ref: "#/$defs/list" }, { type: "null" }] } },
          required: ["a", "b"],
          additionalProperties: false,
        },
      },
    })),
  );

function tagged(tag: string, schema: Schema): Schema {
  return { type: "object", properties: { kind: { const: tag }, value: schema }, required: ["kind", "value"], additionalProperties: false };
}

const TEXTS = [
  "a",
  "aa",
  "b",
  "ab",
  "cab",
  "123-45",
  "yyz",
  "xö",
  '"',
  "\\",
  "zzzz",
  "2024-02-29",
  "23:59:59Z",
  "2023-12-31T00:00:00+01:00",
  "P1DT2H",
  "PT5M",
];
const MORE = [
  "123e4567-e89b-12d3-a456-426614174000",
  "a.b@c.org",
  "host-1.example",
  "10.0.255.1",
  "2001:db8::1",
  "::",
  "https://a.example/x?y=1#z",
  "x",
  "",
  "€",
  "😀",
];

/** Values near what the schema asks for; without the schema's help few would fit. */
export function valuesNear(root: Schema): fc.Arbitrary<unknown> {
  const near = (schema: unknown, depth: number): fc.Arbitrary<unknown> => {
    if (typeof schema !== "object" || schema === null || depth > 5) return fc.oneof(value, fc.constantFrom(...TEXTS));
    const {
      enum: listed,
      const: one,
      anyOf,
      oneOf,
      allOf,
      $ref,
      properties,
      additionalProperties,
      items,
      prefixItems,
      type,
      ...rest
    } = schema as Schema;
    const ways: fc.Arbitrary<unknown>[] = [];
    if (listed !== undefined) ways.push(fc.constantFrom(...(listed as unknown[])));
    if ("const" in schema) ways.push(fc.constant(one));
    for (const list of [anyOf, oneOf, allOf])
      if (list !== undefined) ways.push(...(list as unknown[]).map((inner) => near(inner, depth + 1)));
    if ($ref !== undefined) ways.push(near((root["$defs"] as Schema)[String($ref).split("/").at(-1)!], depth + 1));
    const types = [type ?? []].flat() as string[];
    if (types.includes("integer") || types.includes("number")) {
      const edges = Object.values(rest).filter((edge) => typeof edge === "number") as number[];
      const around = edges
        .flatMap((edge) => [edge, edge + 1, edge - 1, edge + 0.01, edge - 0.01, edge / 2, -edge])
        .map((edge) => Math.round(edge * 1000) / 1000);
      ways.push(fc.oneof(whole, decimal, fc.constantFrom(0, ...around)));
    }
    if (types.includes("string")) ways.push(fc.constantFrom(...TEXTS, ...MORE));
    if (types.includes("boolean")) ways.push(fc.boolean());
    if (types.includes("null")) ways.push(fc.constant(null));
    if (types.includes("array")) {
      const first = ((prefixItems ?? []) as unknown[]).map((inner) => near(inner, depth + 1));
      const more = fc.array(near(items, depth + 1), { maxLength: 3 });
      ways.push(
        fc.tuple(fc.tuple(...first), more, fc.nat(4)).map(([start, end, cut]) => (cut === 0 ? start.slice(0, 1) : [...start, ...end])),
      );
    }
    if (types.includes("object") || properties !== undefined) {
      const named = Object.entries((properties ?? {}) as Schema).map(([key, inner]) =>
        fc.option(near(inner, depth + 1), { nil: undefined, freq: 4 }).map((got) => [key, got] as const),
      );
      const free = fc.dictionary(fc.constantFrom("c", "d", ...NAMES), near(additionalProperties, depth + 1), { maxKeys: 2 });
      ways.push(
        fc.tuple(fc.tuple(...named), free).map(([own, other]) => {
          const filled = own.filter(([, got]) => got !== undefined);
          return Object.fromEntries([...filled, ...Object.entries(other).filter(([key]) => !filled.some(([taken]) => taken === key))]);
        }),
      );
    }
    return ways.length === 0 ? value : fc.oneof(...ways);
  };
  return near(root, 0);
}
