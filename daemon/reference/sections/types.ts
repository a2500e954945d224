/** The types that methods share. */
import type { Schemas } from "../api-schema.ts";
import { described, inputTable, outputTable, section } from "../markdown.ts";
import { ID_TYPES, INPUT_TYPES, OUTPUT_TYPES } from "../names.ts";

export function types(schemas: Schemas): string {
  const written = Object.keys(INPUT_TYPES).map((name) => section(3, name, described(schemas[name]!, inputTable)));
  const sent = Object.keys(OUTPUT_TYPES).map((name) =>
    section(3, name, name === "StoredPreset" ? "A [Preset](#preset) with its defaults filled in." : described(schemas[name]!, outputTable)),
  );
  const names = Object.keys(ID_TYPES).map((name) => section(3, name, described(schemas[name]!, inputTable)));
  return [
    section(2, "Names", ...names),
    section(2, "Types that clients write", ...written),
    section(2, "Types that the daemon sends", ...sent),
  ].join("\n\n");
}
