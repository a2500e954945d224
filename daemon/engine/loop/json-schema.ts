/** JSON Schema to a GBNF grammar, through node-llama-cpp's generator. What it would ignore is refused by name. */
import type { Llama } from "node-llama-cpp";
import { TillerError } from "../../protocol/errors.ts";

type Schema = Record<string, unknown>;

const NOTES = new Set(["title", "description", "default", "examples", "$schema", "$id", "$comment", "deprecated", "readOnly", "writeOnly"]);
const KNOWN = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "prefixItems",
  "enum",
  "const",
  "oneOf",
  "anyOf",
  "$defs",
  "$ref",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "minLength",
  "maxLength",
  "format",
]);
const TYPES = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);
/** Counts, and the largest of which the grammar still holds a repetition. */
const COUNTS = new Set(["minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"]);
const MAX_COUNT = 2000;
const FORMATS = new Set(["date-time", "time", "date"]);
const MAX_DEPTH = 64;

export async function schemaGrammar(llama: Llama, schema: Schema): Promise<string> {
  const accepted = translate(schema, "jsonSchema", 0, new Set(Object.keys((schema["$defs"] ?? {}) as object)));
  try {
    const { grammar } = await llama.createGrammarForJsonSchema(accepted as { type: "object" });
    return endAtValue(grammar);
  } catch (error) {
    throw new TillerError("not-supported", `jsonSchema: ${error instanceof Error ? error.message : String(error)}`, {
      field: "jsonSchema",
    });
  }
}

/** The generator asks for four line ends after the value, by which its own chat class knows the end; ours ends at the value. */
export function endAtValue(grammar: string): string {
  return grammar.replace(/^(root ::= .*?) "(?:\\n){4}" \[\\n\]\*$/m, "$1");
}

/** The same schema in the words that the generator knows. */
function translate(schema: unknown, path: string, depth: number, defs: ReadonlySet<string>): Schema {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw refuse(path, "must be a schema object");
  if (depth > MAX_DEPTH) throw refuse(path, "is nested too deeply");
  const result: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (NOTES.has(key)) continue;
    if (!KNOWN.has(key)) throw refuse(`${path}.${key}`, "is not supported");
    const at = `${path}.${key}`;
    if (key === "properties" || key === "$defs") result[key] = translateAll(value, at, depth, defs);
    else if (key === "oneOf" || key === "anyOf") result["oneOf"] = translateList(value, at, depth, defs);
    else if (key === "prefixItems") result[key] = translateList(value, at, depth, defs);
    else if (key === "items" || (key === "additionalProperties" && typeof value === "object"))
      result[key] = translate(value, at, depth + 1, defs);
    else if (key === "format" && !FORMATS.has(String(value))) throw refuse(at, `is not supported (${[...FORMATS].join(", ")} are)`);
    else if (key === "$ref") result[key] = reference(value, at, defs);
    else if (key === "type") result[key] = typeOf(value, at);
    else if (COUNTS.has(key)) result[key] = count(value, at);
    else if (key !== "required") result[key] = value;
  }
  // the generator gives objects exactly their properties, and counts only what comes beyond them
  for (const key of ["minProperties", "maxProperties"])
    if (key in result && (schema as Schema)["additionalProperties"] === undefined)
      throw refuse(`${path}.${key}`, "needs additionalProperties");
  for (const what of ["Items", "Properties", "Length"]) {
    const most = result[`max${what}`] as number | undefined;
    const named = what === "Properties" ? Object.keys((result["properties"] ?? {}) as object).length : 0;
    const least = Math.max((result[`min${what}`] as number | undefined) ?? 0, named);
    if (most !== undefined && most < least) throw refuse(`${path}.max${what}`, `is ${most}, but there are at least ${least}`);
  }
  const { type, ...rest } = result;
  // The generator takes lists of plain types only.
  if (!Array.isArray(type) || !type.some((one) => one === "object" || one === "array")) return result;
  return { oneOf: type.map((one) => (one === "object" || one === "array" ? { type: one, ...rest } : { type: one })) };
}

function reference(value: unknown, path: string, defs: ReadonlySet<string>): string {
  const name = /^#\/\$defs\/([^/]+)$/.exec(String(value))?.[1];
  if (name === undefined || !defs.has(name)) throw refuse(path, "must point to one of the schema's own #/$defs");
  return String(value);
}

function typeOf(value: unknown, path: string): unknown {
  const types = Array.isArray(value) ? value : [value];
  const unknown = types.find((one) => !TYPES.has(String(one)));
  if (types.length === 0 || unknown !== undefined) throw refuse(path, `'${String(unknown).slice(0, 40)}' is no type of JSON`);
  return value;
}

function count(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_COUNT)
    throw refuse(path, `must be a whole number from 0 to ${MAX_COUNT}`);
  return value;
}

function translateAll(value: unknown, path: string, depth: number, defs: ReadonlySet<string>): Schema {
  if (typeof value !== "object" || value === null) throw refuse(path, "must be an object");
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, translate(one, `${path}.${name}`, depth + 1, defs)]));
}

function translateList(value: unknown, path: string, depth: number, defs: ReadonlySet<string>): Schema[] {
  if (!Array.isArray(value) || value.length === 0) throw refuse(path, "must be a list of schemas");
  return value.map((one, index) => translate(one, `${path}.${index}`, depth + 1, defs));
}

function refuse(path: string, why: string): TillerError {
  return new TillerError("not-supported", `${path} ${why}`, { field: path });
}
