import assert from "node:assert/strict";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import * as z from "zod";
import type { Bound } from "../../../daemon/engine/grammar/form.ts";
import { FORMATS } from "../../../daemon/engine/grammar/formats.ts";
import { schemaGrammar } from "../../../daemon/engine/grammar/json-schema.ts";
import { numberPatterns } from "../../../daemon/engine/grammar/numbers.ts";
import { accepts, automaton } from "../../../daemon/protocol/rules/automaton.ts";

describe("engine: JSON Schema to a grammar", () => {
  it("numbers within bounds are those that compare so, to the last digit", () => {
    const bound = fc.option(
      fc.record({
        value: fc.oneof(
          fc.integer({ min: -1200, max: 1200 }),
          fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 1000),
          fc.constantFrom(0, 1e-7, 9007199254740991, -9007199254740991, 100, 0.1, -0.5),
        ),
        open: fc.boolean(),
      }),
    );
    const digits = fc.tuple(
      fc.constantFrom("", "-"),
      fc.nat(1500),
      fc.constantFrom("", ".0", ".5", ".50", ".25", ".250001", ".001", ".999"),
    );
    fc.assert(
      fc.property(
        bound,
        bound,
        fc.boolean(),
        fc.array(digits, { minLength: 40, maxLength: 40 }),
        (low: Bound | null, high: Bound | null, integer, texts) => {
          const dfa = automaton(numberPatterns({ type: "number", integer, low, high }));
          const edges = [low, high].flatMap((one) =>
            one === null || Math.abs(one.value) < 1e-6
              ? []
              : [
                  String(one.value),
                  `${one.value}${Number.isInteger(one.value) ? ".0" : "0"}`,
                  String(one.value + 1),
                  String(one.value - 1),
                ],
          );
          for (const text of [...texts.map((parts) => parts.join("")), ...edges]) {
            const value = Number(text);
            const form = (!integer || !text.includes(".")) && !/^-0(\.0*)?$/.test(text) && /^-?\d{1,16}(\.\d{1,16})?$/.test(text);
            const above = low === null || (low.open ? value > low.value : value >= low.value);
            const below = high === null || (high.open ? value < high.value : value <= high.value);
            assert.equal(accepts(dfa, text), form && above && below, `${text} in ${JSON.stringify([low, high, integer])}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("what a format lets through is of that format, and usual texts are let through", () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const usual: Record<string, string[]> = {
      date: ["2024-02-29", "2000-02-29", "1999-12-31"],
      time: ["00:00:00Z", "23:59:59.123+05:30"],
      "date-time": ["2024-02-29T12:00:00Z", "2023-01-01T23:59:59.9-08:00"],
      duration: ["P3D", "PT36H", "P1Y2M3DT4H5M6S", "P2W"],
      uuid: ["123e4567-e89b-12d3-a456-426614174000"],
      email: ["ann@example.org", "a.b+c@x-y.co.uk"],
      hostname: ["localhost", "a-b.example.com"],
      ipv4: ["0.0.0.0", "192.168.1.255"],
      ipv6: ["::", "::1", "2001:db8::8a2e:370:7334", "1:2:3:4:5:6:7:8", "fe80::"],
      uri: ["https://example.org", "http://a.example:8080/p/q?x=1&y=%20#z"],
    };
    const wrong: Record<string, string[]> = {
      date: ["2023-02-29", "1900-02-29", "2024-13-01", "2024-04-31"],
      time: ["24:00:00Z", "12:00:00"],
      ipv4: ["256.1.1.1", "1.2.3"],
      ipv6: ["1::2::3", "12345::"],
      duration: ["P", "PT", "P1Y3D"],
    };
    for (const [format, pattern] of Object.entries(FORMATS)) {
      const dfa = automaton([pattern]);
      const validate = ajv.compile({ type: "string", format });
      for (const text of usual[format]!) assert.ok(accepts(dfa, text) && validate(text), `${format} ${text}`);
      for (const text of wrong[format] ?? []) assert.ok(!accepts(dfa, text), `${format} ${text}`);
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(pattern)), (text) => validate(text)),
        { numRuns: 200 },
      );
    }
  });

  it("takes what Zod and Pydantic write", () => {
    const zod = z.object({
      age: z.int(),
      share: z.number().min(0).max(1),
      tags: z.array(z.enum(["a", "b"])).max(3),
      when: z.iso.date(),
      id: z.uuid(),
      note: z.string().max(20).optional(),
    });
    schemaGrammar(z.toJSONSchema(zod));
    schemaGrammar(
      z.toJSONSchema(z.discriminatedUnion("kind", [z.object({ kind: z.literal("x"), n: z.int() }), z.object({ kind: z.literal("y") })])),
    );
    schemaGrammar({
      $defs: {
        Item: {
          properties: { n: { maximum: 5, minimum: 1, title: "N", type: "integer" }, p: { exclusiveMinimum: 0, type: "number" } },
          required: ["n", "p"],
          title: "Item",
          type: "object",
        },
      },
      properties: {
        first: { $ref: "#/$defs/Item", description: "with a sibling" },
        all: { items: { $ref: "#/$defs/Item" }, type: "array" },
        name: { anyOf: [{ maxLength: 10, type: "string" }, { type: "null" }], default: null },
      },
      required: ["first", "all"],
      type: "object",
    });
  });

  it("refuses by name what it would not hold", () => {
    const refused: [schema: unknown, message: RegExp][] = [
      [{ type: "nonsense" }, /^jsonSchema\.type 'nonsense' is no type/],
      [{ type: "array", items: { type: ["string", "text"] } }, /items\.type 'text'/],
      [{ $ref: "#/$defs/none" }, /\$ref points to #\/\$defs\/none, which the schema does not have/],
      [{ $ref: "https://example.org/x" }, /\$ref must point into the schema itself/],
      [{ $ref: "#" }, /refers to itself and to nothing else/],
      [{ $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }, /refers to itself/],
      [{ type: "object", properties: { a: { not: {} } } }, /^jsonSchema\.properties\.a\.not is not supported/],
      [{ type: "array", uniqueItems: true }, /uniqueItems is not supported/],
      [{ type: "number", multipleOf: 0.1 }, /multipleOf is only supported as 1/],
      [{ type: "string", minLength: -1 }, /minLength must be a whole number/],
      [{ type: "string", maxLength: 1e9 }, /maxLength must be a whole number from 0 to 100000/],
      [{ type: "string", minLength: 3, maxLength: 2 }, /allows no value at all/],
      [{ type: "integer", minimum: 3, maximum: 2 }, /allows no value at all/],
      [{ type: "integer", minimum: 0.2, maximum: 0.8 }, /allows no value at all/],
      [{ type: "string", pattern: "(" }, /pattern is no pattern that can be followed/],
      [{ type: "string", pattern: "a\\b c" }, /pattern has an assertion within it/],
      [{ type: "string", pattern: "(a+)\\1" }, /pattern is no pattern that can be followed/],
      [{ type: "string", format: "color" }, /format is not supported \(date, time, /],
      [
        { type: "object", required: ["b"], properties: { a: {} }, additionalProperties: false },
        /required names 'b', which properties has not/,
      ],
      [{ type: "object", properties: { a: {}, b: {} }, required: ["a", "b"], maxProperties: 1 }, /allows no value at all/],
      [{ type: "object", additionalProperties: true, minProperties: 2 }, /asks for 2 properties/],
      [{ oneOf: [{ type: "integer" }, { type: "number" }] }, /oneOf\.1 shares values with jsonSchema\.oneOf\.0/],
      [{ anyOf: [] }, /anyOf must be a list of schemas/],
      [{ allOf: [{ type: "string" }, { type: "null" }] }, /allows no value at all/],
      [{ type: "string", patern: "a" }, /patern is not supported/],
    ];
    for (const [schema, message] of refused)
      assert.throws(() => schemaGrammar(schema), { code: "not-supported", message }, JSON.stringify(schema));
  });

  it("a schema that would take too long is refused, and quickly", () => {
    const wide = (n: number): unknown => ({
      anyOf: Array.from({ length: n }, (_, i) => ({ type: "object", properties: { [`p${i}`]: { const: i } } })),
    });
    assert.throws(() => schemaGrammar({ allOf: [wide(40), wide(41), wide(42)] }), /more than 256 alternatives/);
    assert.throws(() => schemaGrammar({ type: "string", pattern: "^(?:a|b)*a(?:a|b){40}$" }), /too many states/);
    assert.throws(() => schemaGrammar({ type: "string", pattern: "^(?:a{1,90}){1,90}$" }), /states|followed/);
  });
});
