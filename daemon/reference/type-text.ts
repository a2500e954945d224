/** JSON Schema as a reader wants it: one line for a type, one row for each field. Pure. */
import { SITES } from "../protocol/sites.ts";
import { PREFIX, type Schema } from "./api-schema.ts";

export interface Field {
  /** dotted; `[]` for each element of a list, `{}` for each value of an object */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description: string;
}

/** Fields of an object, those of objects inside it after it. */
export function fieldsOf(schema: Schema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    const { description = "", default: value } = inner;
    const own: Field = {
      name,
      type: typeText(inner),
      required: schema.required?.includes(key) ?? false,
      ...(value === undefined ? {} : { default: value }),
      description,
    };
    return [own, ...inside(inner, name)];
  });
}

function inside(schema: Schema, name: string): Field[] {
  if (schema.properties !== undefined) return fieldsOf(schema, name);
  if (schema.items && schema.items.properties !== undefined) return fieldsOf(schema.items, `${name}[]`);
  const values = schema.additionalProperties;
  if (typeof values === "object" && values.properties !== undefined) return fieldsOf(values, `${name}{}`);
  const objects = (schema.anyOf ?? []).filter((choice) => inside(choice, name).length > 0);
  return objects.length === 1 ? inside(objects[0]!, name) : [];
}

export function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return link(schema.$ref);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.join() === SITES.join() ? "[site](#presets)" : either(schema.enum.map(code));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const inline = choices.filter(({ properties }) => properties !== undefined).length > 1;
    return either(choices.map(inline ? choiceText : typeText));
  }
  if (Array.isArray(schema.type)) return either(schema.type.map((type: string) => typeText({ ...schema, type })));
  if (schema.type === "string") return text(schema);
  if (schema.type === "number" || schema.type === "integer") return number(schema);
  if (schema.type === "array") return list(schema);
  if (schema.type === "object") return object(schema);
  return typeof schema.type === "string" ? schema.type : "anything";
}

/** One of several objects has no rows of its own, so its fields stand in the line. */
function choiceText(schema: Schema): string {
  if (schema.properties === undefined) return typeText(schema);
  const fields = Object.entries(schema.properties).map(([key, inner]) => {
    const optional = schema.required?.includes(key) ? "" : "?";
    return `${key}${optional}: ${choiceText(inner)}`;
  });
  return `{ ${fields.join(", ")} }`;
}

function link(ref: string): string {
  const name = ref.replace(PREFIX, "");
  return `[${name}](#${name.toLowerCase()})`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function either(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? "nothing";
  return `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

function text({ minLength, maxLength, pattern }: Schema): string {
  const length = range(minLength === 0 ? undefined : minLength, maxLength);
  return ["string", length === "" ? "" : `of ${length} characters`, pattern === undefined ? "" : `like \`${pattern}\``]
    .filter(Boolean)
    .join(" ");
}

function number({ type, minimum, maximum }: Schema): string {
  const safe = (limit: number | undefined): number | undefined =>
    limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;
  const between = range(safe(minimum), safe(maximum));
  return `${type === "integer" ? "integer" : "number"}${between === "" ? "" : `, ${between}`}`;
}

function list({ items, prefixItems, minItems, maxItems }: Schema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map(typeText).join("; ")}]`;
  const count = range(minItems === 0 ? undefined : minItems, maxItems);
  const of = items ? (items.properties === undefined ? ` of ${typeText(items)}` : " of objects") : "";
  return `array${count === "" ? "" : ` (${count})`}${of}`;
}

function object({ properties, additionalProperties, propertyNames }: Schema): string {
  if (properties !== undefined || typeof additionalProperties !== "object") return "object";
  const keys = propertyNames === undefined || propertyNames.$ref === undefined ? (propertyNames?.pattern ?? "string") : "";
  const by = keys === "" ? link(propertyNames!.$ref!) : keys === "string" ? "string" : `\`${keys}\``;
  const value = additionalProperties.properties === undefined ? typeText(additionalProperties) : "object";
  return `object: ${by} → ${value}`;
}

function range(low: number | undefined, high: number | undefined): string {
  if (low === undefined && high === undefined) return "";
  if (high === undefined) return `at least ${grouped(low!)}`;
  if (low === undefined) return `at most ${grouped(high)}`;
  return low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`;
}

function grouped(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : String(value);
}
