/** JSON Schema of the preset language, generated from zod so that editors and other tools check the same thing. */
import * as z from "zod";
import { ArtifactSchema } from "./artifact.ts";
import { PresetSchema } from "./preset.ts";

export function presetJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(PresetSchema, { io: "input" }), title: "Tiller steering preset" };
}

export function artifactJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(ArtifactSchema, { io: "input" }), title: "Tiller artifact" };
}
