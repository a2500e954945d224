/** Every call and every notification, from the tables of the protocol. */
import { METHODS, NOTIFICATIONS } from "../../protocol/api/index.ts";
import { PREFIX, type Schema, type Schemas } from "../api-schema.ts";
import { described, inputTable, labelled, outputTable, section, sentence } from "../markdown.ts";

export function methods(schemas: Schemas): string {
  const calls = Object.entries(METHODS).map(([name, { scope, summary }]) =>
    section(
      3,
      `\`${name}\``,
      sentence(summary),
      scope === null ? "Scope: any token." : `Scope: \`${scope}\`.`,
      labelled("Params", described(resolve(schemas, `${name}.params`), inputTable)),
      labelled("Result", described(resolve(schemas, `${name}.result`), outputTable)),
    ),
  );
  return section(2, "Methods", index(), ...calls);
}

export function events(schemas: Schemas): string {
  const all = Object.entries(NOTIFICATIONS).map(([name, { summary }]) =>
    section(3, `\`${name}\``, sentence(summary), described(resolve(schemas, name), outputTable)),
  );
  return section(
    2,
    "Notifications",
    "Those of an answer go to the client that asked for it; `model.*`, `job.*` and `daemon.*` to every client that said hello.",
    ...all,
  );
}

function index(): string {
  return Object.keys(METHODS)
    .map((name) => `[\`${name}\`](#${name.toLowerCase().replaceAll(".", "")})`)
    .join(" · ");
}

/** Messages that share a schema show it each time; only named types are linked. */
function resolve(schemas: Schemas, id: string): Schema {
  const schema = schemas[id]!;
  const target = schema.$ref?.slice(PREFIX.length);
  return target?.includes(".") ? schemas[target]! : schema;
}
