/** A JSON Schema with hints as the fields of a form. The hints are described in daemon/methods/contract.ts. Pure. */

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Field {
  readonly key: string;
  readonly title: string;
  /** a sentence below the field, or on hovering */
  readonly help: string;
  readonly widget: string;
  readonly required: boolean;
  /** shown on request */
  readonly advanced: boolean;
  /** fields of one group exclude each other: one of them is given */
  readonly group: string | null;
  /** values to choose from, with what each does */
  readonly options: readonly (readonly [value: string, help: string])[];
  readonly initial: unknown;
  readonly schema: JsonSchema;
  /** of an object */
  readonly fields: readonly Field[];
}

export function fieldsOf(schema: JsonSchema): Field[] {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = new Set((schema["required"] ?? []) as readonly string[]);
  return Object.entries(properties).map(([key, property]) => fieldOf(key, property, required.has(key)));
}

function fieldOf(key: string, schema: JsonSchema, required: boolean): Field {
  const text = (name: string): string => (typeof schema[name] === "string" ? (schema[name] as string) : "");
  return {
    key,
    title: text("title") || key,
    help: text("help") || text("description"),
    widget: text("widget") || plainWidget(schema),
    required,
    advanced: schema["advanced"] === true,
    group: text("group") || null,
    options: optionsOf(schema),
    initial: schema["default"],
    schema,
    fields: schema["type"] === "object" ? fieldsOf(schema) : [],
  };
}

function plainWidget(schema: JsonSchema): string {
  if (Array.isArray(schema["enum"])) return "select";
  switch (schema["type"]) {
    case "boolean":
      return "boolean";
    case "number":
    case "integer":
      return "number";
    case "object":
      return "object";
    case "array":
      return "json";
    case "string":
      return "text";
    default:
      return "json";
  }
}

function optionsOf(schema: JsonSchema): [string, string][] {
  const hints = (schema["options"] ?? {}) as Readonly<Record<string, string>>;
  const values = (schema["enum"] ?? Object.keys(hints)) as readonly unknown[];
  return values.map((value) => [String(value), hints[String(value)] ?? ""]);
}
