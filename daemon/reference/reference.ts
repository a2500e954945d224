/** The reference page and the JSON Schema files, as text by path below `docs/`. Pure: the same sources give the same text. */
import type { Command } from "commander";
import { METHODS, NOTIFICATIONS } from "../protocol/api/index.ts";
import { artifactJsonSchema, evaluationJsonSchema, presetJsonSchema, receiptJsonSchema } from "../protocol/json-schema.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { apiSchemas, PREFIX, type Schema, type Schemas } from "./api-schema.ts";
import { commandLine } from "./sections/command-line.ts";
import { connecting } from "./sections/connecting.ts";
import { errors } from "./sections/errors.ts";
import { evaluations } from "./sections/evaluations.ts";
import { experiments, methodsOfSteering } from "./sections/experiments.ts";
import { frames } from "./sections/frames.ts";
import { http } from "./sections/http.ts";
import { events, methods } from "./sections/methods.ts";
import { presets } from "./sections/presets.ts";
import { settings } from "./sections/settings.ts";
import { types } from "./sections/types.ts";

/** @param program the command line, which the page describes, too */
export function documents(program: Command): Readonly<Record<string, string>> {
  const schemas = apiSchemas();
  const api = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Messages of the Tiller daemon",
    description: "#/$defs/<method>.params, #/$defs/<method>.result, #/$defs/<notification>, and the types that they share.",
    $defs: schemas,
  };
  const sections = [
    connecting(),
    methods(schemas),
    events(schemas),
    frames(),
    types(schemas),
    errors(),
    http(),
    presets(),
    methodsOfSteering(),
    experiments(),
    evaluations(),
    settings(),
    commandLine(program),
  ];
  return {
    "reference.md": `${[head(sections), ...sections].join("\n\n")}\n`,
    "schema/api.schema.json": json(api),
    "schema/preset.schema.json": json(presetJsonSchema()),
    "schema/artifact.schema.json": json(artifactJsonSchema()),
    "schema/evaluation.schema.json": json(evaluationJsonSchema()),
    "schema/receipt.schema.json": json(receiptJsonSchema()),
  };
}

/** What `schemaNamed` knows. */
export function schemaNames(): string[] {
  return ["preset", "artifact", "evaluation", "receipt", ...Object.keys(METHODS), ...Object.keys(NOTIFICATIONS)];
}

/** A method as `{params, result, $defs}`, a notification as `{params, $defs}`; null: there is none of that name. */
export function schemaNamed(name: string): unknown {
  if (name === "preset") return presetJsonSchema();
  if (name === "artifact") return artifactJsonSchema();
  if (name === "evaluation") return evaluationJsonSchema();
  if (name === "receipt") return receiptJsonSchema();
  const schemas = apiSchemas();
  const parts = Object.hasOwn(METHODS, name)
    ? { params: schemas[`${name}.params`]!, result: schemas[`${name}.result`]! }
    : Object.hasOwn(NOTIFICATIONS, name)
      ? { params: schemas[name]! }
      : null;
  return parts === null ? null : { ...parts, $defs: referred(parts, schemas) };
}

/** Everything that a schema refers to, directly or not. */
function referred(from: Schema | Schemas, schemas: Schemas, found: Record<string, Schema> = {}): Schemas {
  for (const [, id] of JSON.stringify(from).matchAll(new RegExp(`"\\$ref":"${PREFIX.replaceAll("$", "\\$")}([^"]+)"`, "g"))) {
    if (found[id!] !== undefined) continue;
    found[id!] = schemas[id!]!;
    referred(schemas[id!]!, schemas, found);
  }
  return found;
}

function head(sections: readonly string[]): string {
  const titles = sections.flatMap((text) => [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title!));
  const contents = titles.map((title) => `[${title}](#${title.toLowerCase().replaceAll(" ", "-")})`).join(" · ");
  return `# Reference

The interface of the Tiller daemon, protocol version ${PROTOCOL_VERSION}. Written by \`npm run docs\` from the schemas that the daemon checks every
message with; do not edit it by hand. The same as JSON Schema: [\`schema/\`](schema).

${contents}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
