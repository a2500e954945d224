/**
 * Every message of the protocol as one JSON Schema document: `#/$defs/<method>.params`, `#/$defs/<method>.result`,
 * `#/$defs/<event>` and the types that they share.
 */
import * as z from "zod";
import { METHODS, NOTIFICATIONS } from "../protocol/api/index.ts";
import { ID_TYPES, INPUT_TYPES, OUTPUT_TYPES } from "./names.ts";

/** The part of JSON Schema that zod writes. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
}

export type Schemas = Readonly<Record<string, Schema>>;

export const PREFIX = "#/$defs/";

export function apiSchemas(): Schemas {
  const results = Object.entries(METHODS).map(([name, { result }]) => [`${name}.result`, result] as const);
  const events = Object.entries(NOTIFICATIONS).map(([name, { params }]) => [name, params] as const);
  const params = Object.entries(METHODS).map(([name, method]) => [`${name}.params`, method.params] as const);
  return {
    ...convert({ ...ID_TYPES, ...INPUT_TYPES }, params, "input"),
    ...convert({ ...ID_TYPES, ...OUTPUT_TYPES }, [...results, ...events], "output"),
  };
}

function convert(
  types: Readonly<Record<string, z.ZodType>>,
  messages: readonly (readonly [string, z.ZodType])[],
  io: "input" | "output",
): Schemas {
  const registry = z.registry<{ id: string }>();
  const names = new Map<z.ZodType, string>();
  const aliases: Record<string, Schema> = {};
  for (const [id, schema] of [...Object.entries(types), ...messages]) {
    const known = names.get(schema);
    // One schema under two names: the second one refers to the first.
    if (known !== undefined) aliases[id] = { $ref: `${PREFIX}${known}` };
    else {
      names.set(schema, id);
      registry.add(schema, { id });
    }
  }
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `${PREFIX}${id}` });
  const clean = Object.entries(schemas).map(([id, schema]) => [id, tidy(schema as Schema, io)] as const);
  return { ...Object.fromEntries(clean), ...aliases };
}

/** Without the parts of a document of its own; what the daemon sends may gain keys, so no output is closed. */
function tidy(value: Schema, io: "input" | "output"): Schema {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node)
        .filter(
          ([key, inner]) => key !== "$schema" && key !== "$id" && !(io === "output" && key === "additionalProperties" && inner === false),
        )
        .map(([key, inner]) => [key, visit(inner)]),
    );
  };
  return visit(value) as Schema;
}

/** The same of one schema that is not of the WebSocket protocol, such as the daemon's settings. */
export function otherSchema(schema: z.ZodType): Schema {
  return convert({ ...ID_TYPES, ...INPUT_TYPES }, [["other", schema]], "input")["other"]!;
}
