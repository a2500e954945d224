/**
 * Artifacts: what an experiment found in one model (directions, neurons, …) as safetensors beside this JSON, with the
 * provenance that lets anyone redo it.
 */
import * as z from "zod";
import { MessageSchema } from "./message.ts";
import { ArtifactIdSchema, FingerprintSchema, RopeFactorsSchema } from "./preset.ts";
import { ReceiptSchema } from "./receipt.ts";
import { ARTIFACT_VERSION } from "./version.ts";

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

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Something that an artifact was found from. */
export const InputSchema = z
  .object({
    name: z.string().max(200).describe("what it is, such as `contrast pairs`, or a file's name"),
    hash: hash.describe("sha256 of it"),
    count: z.number().int().min(0).describe("pairs, texts, tokens: as many as there are in it"),
    licence: z.string().max(200).default("not stated"),
  })
  .strict();

export const ArtifactSchema = z
  .object({
    tiller: z.literal(ARTIFACT_VERSION),
    id: ArtifactIdSchema,
    kind: z.string().max(32).describe("first part of the id: it says which method the artifact belongs to, and what is in `body`"),
    title: z.string().max(120),
    description: z.string().max(2000).default(""),
    method: z
      .object({ id: z.string().max(64), version: z.number().int().min(1), params: z.record(z.string(), z.unknown()) })
      .strict()
      .describe("the experiment that found it"),
    model: ArtifactModelSchema,
    provenance: z
      .object({
        created: z.string().max(40),
        seed: z.number().int().min(0),
        inputs: z.array(InputSchema).max(64).default([]),
        source: z.string().max(500).default(""),
      })
      .strict(),
    data: z.object({ file: z.literal("data.safetensors"), sha256: hash }).strict(),
    body: z
      .record(z.string(), z.unknown())
      .describe("what was found, as the kind's method defines and checks it; its numbers are in `data`"),
    hash: hash.describe("sha256 over kind, method, model, body and data: receipts speak of exactly this"),
    receipts: z
      .array(ReceiptSchema)
      .default([])
      .describe(
        "evidence of its effect, one for each control setting and behaviour that was measured, the newest first; empty until measured",
      ),
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
