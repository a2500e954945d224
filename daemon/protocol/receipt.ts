/**
 * Receipts: what a control was measured to do on one model, against random directions, against a prompt, and at what cost.
 * Stored in receipts/ beside the artifact. Scores are in the judge's own unit; differences are from the unsteered model
 * on the same prompts and seeds.
 */
import * as z from "zod";
import { BoundsSchema, JudgeChoiceSchema } from "./evaluation.ts";
import { NumericsSchema } from "./numerics.ts";
import { ArtifactIdSchema, ControlNameSchema, FingerprintSchema, PresetIdSchema, SamplingSchema, SCOPES, WithSchema } from "./preset.ts";

/**
 * 2: answers must stay fluent and judgeable to be usable; margins apart from differences between prompts. Older ones are not shown.
 * 3: the control's settings as its method has them, and the hash of the whole artifact. Those of version 2 migrate.
 */
export const RECEIPT_VERSION = 3;

const finite = z.number().finite();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A mean with its interval. */
export const EstimateSchema = z.object({ value: finite, low: finite, high: finite }).strict();
export type Estimate = z.infer<typeof EstimateSchema>;

export const DamageSchema = z
  .object({
    bitsPerByte: finite.describe("held-out plain text read by the steered model, less the same by the plain one, in bits per byte"),
    choices: finite.min(0).max(1).describe("share of the minimal pairs whose correct sentence is the likelier one"),
    fluency: finite.describe("the answers read by the plain model, in bits per byte"),
    distinct1: finite.min(0).max(1).describe("different words, and pairs of words, among all of the answers"),
    distinct2: finite.min(0).max(1),
    repetition: finite.min(0).max(1).describe("share of an answer's 4-grams that it has used before"),
    words: finite.min(0).describe("words per answer"),
  })
  .strict();
export type Damage = z.infer<typeof DamageSchema>;

export const ReceiptPointSchema = z
  .object({
    strength: finite,
    n: z.number().int().min(1).describe("answers that were judged, each beside the plain model's to the same prompt and seed"),
    effect: EstimateSchema.describe("95 % by bootstrap over prompts"),
    random: EstimateSchema.nullable().describe("random directions of the same size and norm; null at strength 0"),
    margin: EstimateSchema.nullable().describe(
      "effect less random: 95 % for all strengths together, with the spread among random directions; null at 0 and where too few answers were judged",
    ),
    damage: DamageSchema,
    randomBitsPerByte: finite.nullable().describe("what held-out text loses under the random directions"),
    unjudged: z.number().min(0).max(1).describe("share of the answers that the judge could not judge; they count nowhere else"),
    usable: z.boolean().describe("damage is under the bounds here and at every strength between here and 0"),
  })
  .strict();
export type ReceiptPoint = z.infer<typeof ReceiptPointSchema>;

export const RangeSchema = z.object({ low: finite.max(0), high: finite.min(0) }).strict();

export const VERDICTS = ["effect", "no effect", "too few answers"] as const;

export const ReceiptSchema = z
  .object({
    version: z.literal(RECEIPT_VERSION),
    artifact: z.object({ id: ArtifactIdSchema, sha256: hash }).strict(),
    control: z
      .object({
        name: ControlNameSchema,
        settings: WithSchema.describe("all settings of the control, those that were left out among them"),
        text: z.string().max(300).describe("how and where it acted, in words"),
        scope: z.enum(SCOPES),
        /** it acted only while these held, as the preset has it */
        when: z.record(z.string(), z.string()),
      })
      .strict()
      .describe("settings of the control; a slider with others is not what was measured"),
    preset: PresetIdSchema.nullable(),
    model: z
      .object({
        architecture: z.string().max(64),
        fingerprint: FingerprintSchema,
        quantisation: z.string().max(32),
        numerics: NumericsSchema.optional().describe("how it was computed; left out: without flash attention, before this was recorded"),
      })
      .strict(),
    title: z.string().max(60),
    judge: z.object({ choice: JudgeChoiceSchema, title: z.string().max(120), version: z.string().max(40), hash }).strict(),
    direction: z.enum(["up", "down"]),
    spec: hash.describe("sha256 of the specification, of the held-out text and of the minimal pairs"),
    materials: hash,
    seed: z.number().int(),
    prompts: z.number().int(),
    seeds: z.number().int(),
    draws: z.number().int().describe("random directions that were met"),
    sampling: SamplingSchema,
    bounds: BoundsSchema,
    plain: z.object({ score: finite, bitsPerByte: finite, damage: DamageSchema }).strict(),
    prompt: z
      .object({ n: z.number().int(), effect: EstimateSchema, damage: DamageSchema })
      .strict()
      .describe("the prompting baseline; its held-out text is the plain model's"),
    points: z.array(ReceiptPointSchema).min(1),
    unjudged: z.array(finite).describe("strengths that were measured and at which too few answers could be judged for a point"),
    usable: RangeSchema.describe("swept strengths whose damage stays under the bounds, from 0 outwards"),
    calibration: z
      .object({
        low: finite.max(0).nullable(),
        high: finite.min(0).nullable(),
        open: z
          .array(z.enum(["low", "high"]))
          .describe("ends at which the damage was still under the bounds: the largest strength may be larger"),
        steps: z.number().int(),
      })
      .strict()
      .nullable()
      .describe("the largest strengths under the bounds, by bisection; null: not looked for"),
    verdict: z.enum(VERDICTS),
    best: finite
      .nullable()
      .describe("the usable strength with the largest effect; one that beats random directions goes first, then a positive one"),
    summary: z.string().max(400).describe("one line for under the slider"),
    created: z.string().max(40),
    /** sha256 over everything but `created` and this: equal hashes, equal receipts */
    hash,
  })
  .strict();
export type Receipt = z.infer<typeof ReceiptSchema>;
