/** JSON Schema as a grammar, against a validator (ajv), on llama.cpp's own sampler. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { after, before, describe, it } from "mocha";
import { schemaGrammar } from "../../daemon/engine/grammar/json-schema.ts";
import { TillerError } from "../../daemon/protocol/errors.ts";
import { GrammarProbe } from "../support/grammar.ts";
import { ensureModel } from "../support/models/index.ts";
import { type OpenModel, openNative } from "../support/native.ts";
import { type Schema, schemas, valuesNear } from "../support/schemas.ts";

function validator(schema: Schema): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** null: it was refused, with a place. */
function grammarOf(schema: Schema): string | null {
  try {
    return schemaGrammar(schema);
  } catch (error) {
    assert.ok(error instanceof TillerError && error.code === "not-supported", String((error as Error).stack));
    assert.match(error.message, /^jsonSchema/);
    return null;
  }
}

describe("engine: JSON Schema", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-schema-"));
  let model: OpenModel;
  let probe: GrammarProbe;
  before(async () => {
    model = await openNative(ensureModel(join(folder, "llama.gguf"), { architecture: "llama", type: "F32", seed: 5 }));
    probe = new GrammarProbe(model);
  });
  after(async () => {
    await model?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("holds what was silently ignored: siblings, type lists, undeclared names, bounds, spaces and line ends as people write them", async () => {
    const text = { type: "string" };
    const cases: [schema: Schema, yes: string[], no: string[]][] = [
      [{ type: ["string", "null"], maxLength: 2 }, ['"ab"', "null"], ['"abc"', "1"]],
      [{ $defs: { t: text }, $ref: "#/$defs/t", maxLength: 2 }, ['"ab"'], ['"abc"']],
      [{ type: "object", properties: { a: text }, required: ["a", "b"] }, ['{"a":"x","b":[1]}'], ['{"a":"x"}', '{"b":1}']],
      [{ anyOf: [{ type: "string" }, { type: "integer" }], type: ["integer", "boolean"] }, ["3"], ['"x"', "true"]],
      [{ properties: { a: text } }, ['{"a":"x"}', "{}"], ["null", "[]", '{"b":1}']],
      [
        { allOf: [{ properties: { a: text }, required: ["a"] }, { properties: { b: { type: "integer" } } }] },
        ['{"a":"x","b":1}', '{"a":"x"}'],
        ['{"b":1}', '{"a":1}'],
      ],
      [
        { type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 },
        ["0", "-5", "9007199254740991"],
        ["9007199254740992", "1.5", "01"],
      ],
      [{ type: "number", exclusiveMinimum: 0, maximum: 1 }, ["0.001", "1", "1.0"], ["0", "1.01", "-0.5", "0.0"]],
      [
        { type: "object", properties: { a: {}, b: {} }, minProperties: 1, maxProperties: 1 },
        ['{"a":1}', '{"b":null}'],
        ["{}", '{"a":1,"b":1}'],
      ],
      [{ type: "object" }, ["{}", '{"x":{"y":[]}}'], ["[]"]],
      [{ type: "string", maxLength: 4321 }, [`"${"x".repeat(300)}"`], []],
      [{ type: "array", items: { type: "integer" }, minItems: 2 }, ["[1,2]", "[ 1 , 2,\n  3\n]"], ["[1]", "[1,,2]"]],
      [{ const: { a: [1, "x"] } }, ['{"a":[1,"x"]}'], ['{"a":[1]}']],
      [{ type: "object", properties: { 'q"\n': { type: "null" } }, required: ['q"\n'] }, ['{"q\\"\\n": null}'], []],
    ];
    for (const [schema, yes, no] of cases) {
      const grammar = schemaGrammar(schema);
      for (const one of yes) assert.ok(await probe.accepts(grammar, one), `${JSON.stringify(schema)} should allow ${one}\n${grammar}`);
      for (const one of no) assert.ok(!(await probe.accepts(grammar, one)), `${JSON.stringify(schema)} should forbid ${one}`);
    }
  });

  const runs = Number(process.env["TILLER_SCHEMA_RUNS"] ?? 40);

  it("what validates is let through, what does not is not: generated schemas and values", async () => {
    let refused = 0;
    let valid = 0;
    let invalid = 0;
    const cases = schemas.chain((schema) => fc.tuple(fc.constant(schema), fc.array(valuesNear(schema), { minLength: 12, maxLength: 12 })));
    await fc.assert(
      fc.asyncProperty(cases, async ([schema, values]) => {
        const grammar = grammarOf(schema);
        if (grammar === null) {
          refused++;
          return;
        }
        const validate = validator(schema);
        for (const value of values) {
          const fits = validate(value);
          if (fits) valid++;
          else invalid++;
          if (fits !== (await accepted(value, grammar, probe)))
            assert.fail(`${fits ? "valid, but not let through" : "let through, but not valid"}: ${JSON.stringify(value)}\n${grammar}`);
        }
      }),
      { numRuns: runs, seed: 20 },
    );
    assert.ok(refused < runs * 0.35, `${refused} of ${runs} schemas were refused`);
    assert.ok(valid > runs && invalid > runs, `${valid} values were valid, ${invalid} not`);
  });

  it("what the model writes under it validates: generated schemas", async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(schemas, fc.nat(1000), async (schema, seed) => {
        const grammar = grammarOf(schema);
        if (grammar === null) return;
        const text = await probe.write(grammar, seed, 120);
        if (text === null) return;
        ended++;
        const validate = validator(schema);
        assert.ok(validate(JSON.parse(text)), `${text}: ${JSON.stringify(validate.errors)}`);
      }),
      { numRuns: Math.ceil(runs / 2), seed: 21 },
    );
    assert.ok(ended > runs / 6, `${ended} answers ended`);
  });
});

/** A grammar has an order of properties: a value is let through when it is in one of its orders. */
async function accepted(value: unknown, grammar: string, probe: GrammarProbe): Promise<boolean> {
  for (const text of orders(value).slice(0, 200)) if (await probe.accepts(grammar, text)) return true;
  return false;
}

function orders(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [JSON.stringify(value)];
  if (Array.isArray(value))
    return value
      .reduce<string[][]>((all, one) => all.flatMap((parts) => orders(one).map((text) => [...parts, text])), [[]])
      .map((parts) => `[${parts.join(",")}]`);
  return permutations(Object.keys(value)).flatMap((keys) =>
    keys
      .reduce<string[][]>(
        (all, key) => all.flatMap((parts) => orders((value as Schema)[key]).map((text) => [...parts, `${JSON.stringify(key)}:${text}`])),
        [[]],
      )
      .map((parts) => `{${parts.join(",")}}`),
  );
}

function permutations(keys: readonly string[]): string[][] {
  if (keys.length < 2) return [[...keys]];
  return keys.flatMap((key, i) => permutations([...keys.slice(0, i), ...keys.slice(i + 1)]).map((rest) => [key, ...rest]));
}
