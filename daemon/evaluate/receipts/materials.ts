/** What damage is measured on: plain text that no model here was trained on, and minimal pairs. Written for this project. */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { Materials, Question } from "../../methods/contract.ts";
import { canonicalJson } from "../../protocol/canonical.ts";
import { LanguageSchema } from "../../protocol/evaluation.ts";

export type { Materials, Question };

export const PlainTextSchema = z.object({ language: LanguageSchema, text: z.string().min(1).max(4000) }).strict();
/** Two sentences of which one is right (Warstadt et al. 2020, BLiMP: the model should find it the likelier one). */
export const MinimalPairSchema = z
  .object({ language: LanguageSchema, kind: z.string().max(40), good: z.string().min(1).max(1000), bad: z.string().min(1).max(1000) })
  .strict();

/** Asked where a slider is made from words. */
export const QuestionSchema = z.object({ language: LanguageSchema, text: z.string().min(1).max(1000) }).strict();

export function materialsHash(materials: Materials): string {
  return sha256(materials);
}

/** sha256 (hex) of a value as JSON with sorted keys. */
export function sha256(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
