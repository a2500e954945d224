/** What may be written where: the preset's own JSON Schema, and below `with` that of the control's method. */
import { presetJsonSchema } from "../daemon/protocol/json-schema.ts";
import type { JsonSchema } from "../daemon/protocol/rules/form.ts";
import type { View } from "./view.ts";

export interface KeyChoice {
  readonly name: string;
  readonly help: string;
  readonly required: boolean;
  /** "map": further keys stand below it */
  readonly form: "map" | "list" | "text" | "plain";
  /** what may stand there, where that is a choice of words */
  readonly values: readonly string[];
  /** what each word does */
  readonly meanings: Readonly<Record<string, string>>;
  readonly schema: JsonSchema;
}

let preset: JsonSchema | null = null;

/** Keys of the mapping at the path; none where it has names of the writer's own. */
export function keysAt(view: View, path: readonly string[]): KeyChoice[] {
  const schema = schemaAt(view, path);
  const properties = (schema?.["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema?.["required"] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, property]) => keyChoice(name, property, required.includes(name)));
}

/** What may stand as the value at the path. null: nothing is known of it */
export function choiceAt(view: View, path: readonly string[]): KeyChoice | null {
  const schema = path.length === 0 ? null : schemaAt(view, path);
  return schema === null ? null : keyChoice(path.at(-1)!, schema, false);
}

function schemaAt(view: View, path: readonly string[]): JsonSchema | null {
  preset ??= presetJsonSchema();
  let schema: JsonSchema | null = preset;
  for (const [index, step] of path.entries()) {
    if (path[0] === "controls" && index === 2 && step === "with") {
      schema = view.controls.find(({ name }) => name === path[1])?.method?.control.params ?? null;
      continue;
    }
    const properties = schema?.["properties"] as Readonly<Record<string, JsonSchema>> | undefined;
    const others: unknown = schema?.["additionalProperties"];
    schema = properties?.[step] ?? (typeof others === "object" ? (others as JsonSchema) : null);
  }
  return schema;
}

function keyChoice(name: string, schema: JsonSchema, required: boolean): KeyChoice {
  const text = (key: string): string => (typeof schema[key] === "string" ? (schema[key] as string) : "");
  const values = (schema["enum"] ?? ("const" in schema ? [schema["const"]] : [])) as readonly unknown[];
  return {
    name,
    help: text("help") || text("description"),
    required,
    form: formOf(schema),
    values: values.map(String),
    meanings: (schema["options"] ?? {}) as Readonly<Record<string, string>>,
    schema,
  };
}

function formOf(schema: JsonSchema): KeyChoice["form"] {
  if (schema["type"] === "object") return "map";
  if (schema["type"] === "array") return "list";
  return schema["type"] === "string" && schema["enum"] === undefined ? "text" : "plain";
}
