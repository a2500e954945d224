/**
 * Artifacts: what an experiment found in one model (directions, neurons, …) as safetensors beside this JSON, with the
 * provenance that lets anyone redo it.
 */
import * as z from "zod";
import { MessageSchema } from "./message.ts";
import { ArtifactIdSchema, FingerprintSchema, RopeFactorsSchema } from "./preset.ts";
import { ReceiptSchema } from "./receipt.ts";
import { SITES } from "./sites.ts";
import { SCHEMA_VERSION } from "./version.ts";

export const ArtifactModelSchema = z
  .object({
    architecture: z.string().max(64),
    fingerprint: FingerprintSchema.nullable().describe("null: imported from a file that does not say which model it was made on"),
    quantisation: z.string().max(32).nullable(),
    rope: RopeFactorsSchema.optional().describe("of a long-rope model, whose activations depend on it"),
    layers: z.number().int().min(1).max(1024),
    width: z.number().int().min(1).max(1_000_000),
  })
  .strict();

/** Held-out quality of one layer: AUROC of the projection on held-out pairs, gap of the means in units of the pooled deviation. */
export const LayerQualitySchema = z
  .object({ layer: z.number().int().min(0), auroc: z.number().min(0).max(1), dPrime: z.number().finite(), gap: z.number().finite() })
  .strict();

export const ArtifactSchema = z
  .object({
    tiller: z.literal(SCHEMA_VERSION),
    id: ArtifactIdSchema,
    title: z.string().max(120),
    description: z.string().max(2000).default(""),
    method: z.object({ id: z.string().max(64), version: z.number().int().min(1), params: z.record(z.string(), z.unknown()) }).strict(),
    model: ArtifactModelSchema,
    site: z.enum(SITES),
    layers: z
      .array(z.number().int().min(0))
      .min(1)
      .describe("layers a control uses when the preset names none, and the layer at which it is read as a probe"),
    probeLayer: z.number().int().min(0),
    data: z.object({ file: z.literal("data.safetensors"), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).strict(),
    provenance: z
      .object({
        created: z.string().max(40),
        seed: z.number().int().min(0),
        dataHash: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .describe("sha256 of the contrast pairs or of the imported file"),
        pairs: z.number().int().min(0),
        heldOut: z.number().int().min(0),
        licence: z.string().max(200).default("not stated"),
        source: z.string().max(500).default(""),
      })
      .strict(),
    quality: z.array(LayerQualitySchema).default([]),
    receipt: ReceiptSchema.nullable()
      .default(null)
      .describe("evidence of the effect, kept in receipt.json; null until measured, and then said so beside the slider"),
  })
  .strict();
export type Artifact = z.infer<typeof ArtifactSchema>;

/** Of whatever makes an artifact under an id: a new one never takes the place of another by itself. */
export const ReplaceSchema = z
  .boolean()
  .default(false)
  .describe(
    "replace the artifact of that id, if there is one (a shipped one is hidden until yours is deleted); false: refuse with `conflict`",
  );

export const CONTRAST_TEXT_RULE = "must be a text of 1 to 20000 characters, or 1 to 32 turns of a chat";

/**
 * A text that is read: a string (a user turn or raw text, see `render`), or the turns of a chat. Turns that end with the
 * assistant are read as they stand; otherwise the header of the coming answer is appended.
 */
export const ContrastTextSchema = z.union([z.string().min(1).max(20000), z.array(MessageSchema).min(1).max(32)], CONTRAST_TEXT_RULE);
export type ContrastText = z.infer<typeof ContrastTextSchema>;

/** One contrast: the same moment with and without the property. */
export const ContrastPairSchema = z.object({ positive: ContrastTextSchema, negative: ContrastTextSchema }).strict();
export type ContrastPair = z.infer<typeof ContrastPairSchema>;
