/** JSON Schema of the preset language, generated from zod so that editors and other tools check the same thing. */
import * as z from "zod";
import { ArtifactSchema } from "./artifact.ts";
import { EvaluationSpecSchema } from "./evaluation.ts";
import { PresetSchema } from "./preset.ts";
import { ReceiptSchema } from "./receipt.ts";

export function presetJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(PresetSchema, { io: "input" }), title: "Tiller steering preset" };
}

export function artifactJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(ArtifactSchema, { io: "input" }), title: "Tiller artifact" };
}

export function evaluationJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(EvaluationSpecSchema, { io: "input" }), title: "Tiller evaluation" };
}

export function receiptJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(ReceiptSchema, { io: "input" }), title: "Tiller receipt" };
}
