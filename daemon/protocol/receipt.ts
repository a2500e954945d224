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
 * 4: a verdict that never says "no effect", what a control does at most, one test over all strengths. Those of version 3
 * migrate: their figures stay, and `statistics` says that they are of the first kind.
 */
export const RECEIPT_VERSION = 4;

/**
 * How the figures were reckoned.
 * 1: percentile bootstrap over prompts; margins by strength with Bonferroni's correction; what was not judged left out.
 * 2: Student's t over prompts or kinds; one pooled test over strengths, margins of one strength uncorrected behind it;
 * what was not judged counts as no change.
 */
export const STATISTICS_VERSION = 2;

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
    n: z.number().int().min(1).describe("answers, each beside the plain model's to the same prompt and seed"),
    effect: EstimateSchema.describe("95 % over prompts, or over kinds of prompts where there are at least six"),
    random: EstimateSchema.nullable().describe("random directions of the same size and norm; null at strength 0"),
    margin: EstimateSchema.nullable().describe(
      "effect less random: 95 % with the spread among random directions; null at 0 and where there are too few answers",
    ),
    damage: DamageSchema,
    randomBitsPerByte: finite.nullable().describe("what held-out text loses under the random directions"),
    unjudged: z
      .number()
      .min(0)
      .max(1)
      .describe("share of the answers that are empty or that the judge could not judge; each counts as no change, and as damage"),
    usable: z.boolean().describe("damage is under the bounds here and at every strength between here and 0"),
  })
  .strict();
export type ReceiptPoint = z.infer<typeof ReceiptPointSchema>;

/** What another judge finds in the same answers. */
export const AlsoSchema = z
  .object({
    judge: JudgeChoiceSchema,
    plain: finite.describe("score of the plain model's answers"),
    effect: EstimateSchema.describe("change, corrected for the number of judges' figures"),
  })
  .strict();
export type Also = z.infer<typeof AlsoSchema>;

export const RangeSchema = z.object({ low: finite.max(0), high: finite.min(0) }).strict();

export const VERDICTS = ["works", "does less", "too few answers", "no usable strength"] as const;

export const ReceiptSchema = z
  .object({
    version: z.literal(RECEIPT_VERSION),
    statistics: z
      .number()
      .int()
      .min(1)
      .max(STATISTICS_VERSION)
      .describe("how the figures were reckoned; 1: before there was one test over all strengths (percentile intervals, corrected margins)"),
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
    kinds: z
      .array(z.object({ kind: z.string(), prompts: z.number().int(), effect: EstimateSchema }).strict())
      .describe("the effect by kind of prompt at the best strength, 95 % over its prompts; empty where prompts have no kinds"),
    also: z
      .array(AlsoSchema)
      .describe(
        "what else changes at the best strength, by every other judge; 95 % for all of them together. Changes that exclude 0 come first",
      ),
    quick: z
      .object({ look: z.number().int().min(1), looks: z.number().int().min(1) })
      .strict()
      .nullable()
      .describe(
        "a quick verdict: after which look of how many it ended. Its strength's intervals are as wide as looking early asks for; null: a full receipt",
      ),
    human: z
      .object({
        answers: z.number().int().describe("that a person labelled, blind"),
        agreement: z.number().min(0).max(1).describe("share that person and judge call alike"),
        effect: EstimateSchema.describe("at the best strength, corrected by the labels (prediction-powered inference), 95 %"),
      })
      .strict()
      .nullable()
      .describe("labels by hand; null: none"),
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
    verdict: z
      .enum(VERDICTS)
      .describe(
        "`works`: more than random directions over all usable strengths together and at one of them by itself; `does less`: less than `less`, by an equivalence bound; else too few answers to tell either, or no strength without too much damage",
      ),
    less: finite.min(0).nullable().describe("what it does beyond random directions at most, at any usable strength; of `does less` alone"),
    slope: EstimateSchema.nullable().describe(
      "effect less random per 1 of strength, of the usable strengths together, 95 % with the spread among random directions: the test behind `works`",
    ),
    relevant: finite
      .min(0)
      .nullable()
      .describe("the smallest effect that counts: 0.2 of a share, half a standard deviation of the plain model's answers of a figure"),
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
