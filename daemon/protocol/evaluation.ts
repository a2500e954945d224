/**
 * The evaluation language (`*.eval.yaml`): how the effect of one control is measured. Declarative data: which judge measures
 * it, on which prompts, at which strengths, against which prompting baseline, and how much damage is acceptable.
 */
import * as z from "zod";
import { MessageSchema } from "./message.ts";
import { ArtifactIdSchema, ControlNameSchema, ControlSchema, PresetIdSchema, SamplingSchema, SCOPES, STRENGTH_LIMIT } from "./preset.ts";
import { EVALUATION_VERSION } from "./version.ts";

/** ISO 639 code, as judges name languages. */
export const LanguageSchema = z.string().regex(/^[a-z]{2,3}$/, "must be a language code such as en");
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,47}$/, "must be a name as the judge's card gives it");
/** A judge and what of it is the score: 1 where it decides for `label` and 0 elsewhere, or its figure `value`. */
export const JudgeChoiceSchema = z
  .object({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, "must name a judge, such as length"),
    label: name.optional(),
    value: name.optional(),
  })
  .strict()
  .refine(({ label, value }) => (label === undefined) !== (value === undefined), "give exactly one of label and value");
export type JudgeChoice = z.infer<typeof JudgeChoiceSchema>;

export const BoundsSchema = z
  .object({
    bitsPerByte: z.number().min(0).max(10).default(0.25).describe("most that held-out plain text may become worse, in bits per byte"),
    repetition: z.number().min(0).max(1).default(0.1).describe("most that the share of repeated 4-grams in an answer may rise"),
    fluency: z
      .number()
      .min(0)
      .max(10)
      .default(0.5)
      .describe(
        "most that the answers, read by the plain model, may cost above its own or above the prompting baseline's, whichever are costlier, in bits per byte",
      ),
  })
  .strict();
export type Bounds = z.infer<typeof BoundsSchema>;

/** What is asked: the user's last turn, those before it, and of what kind it is (a story, a fact …). */
export const PromptSchema = z
  .object({
    language: LanguageSchema,
    text: z.string().min(1).max(4000),
    before: z.array(MessageSchema).max(20).optional().describe("turns before it, the user's and the model's in turn"),
    kind: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe("with six kinds or more an effect is a mean over kinds, and shown for each; all prompts have one then"),
  })
  .strict();
export type Prompt = z.infer<typeof PromptSchema>;

const strength = z.number().finite().min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT);
const StrengthsSchema = z
  .array(strength)
  .min(1)
  .max(32)
  .refine((values) => values.some((value) => value !== 0), "must name a strength other than 0")
  .refine((values) => new Set(values).size === values.length, "must not name a strength twice")
  .describe("0 is always measured, too");

export const EvaluationSpecSchema = z
  .object({
    tiller: z.literal(EVALUATION_VERSION),
    title: z.string().min(1).max(60).describe("what the judge measures, in a word or two, for the summary"),
    artifact: ArtifactIdSchema.optional().describe("the artifact that this measures when no preset is named"),
    control: ControlNameSchema.optional().describe("which control of the preset is swept; may be left out where there is only one"),
    judge: JudgeChoiceSchema,
    direction: z.enum(["up", "down"]).default("up").describe("whether a positive strength is meant to raise or to lower the judge's score"),
    strengths: StrengthsSchema,
    seeds: z.number().int().min(1).max(1000).default(5).describe("answers per prompt at each strength"),
    draws: z
      .number()
      .int()
      .min(3)
      .max(64)
      .default(10)
      .describe("random directions that the control is compared with: 8 in any case, beyond that at most one for 20 answers"),
    prompts: z.array(PromptSchema).min(2).max(2000),
    baseline: z
      .record(LanguageSchema, z.string().min(1).max(4000))
      .describe("system turns that ask for the same thing, by the language of the prompt"),
    sampling: SamplingSchema.omit({ seed: true }).default({ temperature: 0.8, maxTokens: 64 }),
    bounds: BoundsSchema.default({ bitsPerByte: 0.25, repetition: 0.1, fluency: 0.5 }),
  })
  .strict()
  .superRefine((spec, context) => {
    for (const [index, { language }] of spec.prompts.entries()) {
      if (spec.baseline[language] !== undefined) continue;
      const message = `baseline has no system turn for '${language}'`;
      context.addIssue({ code: "custom", path: ["prompts", index, "language"], message });
    }
  });
export type EvaluationSpec = z.infer<typeof EvaluationSpecSchema>;

/** Where nothing else is asked for. */
export const DEFAULT_STRENGTHS = [0.5, 1, 1.5, 2];

/** What an artifact without a specification is measured by: a judge, and a system turn that asks for the same thing. */
export const MeasureBySchema = z
  .object({
    judge: JudgeChoiceSchema,
    asked: z.string().min(1).max(300).describe("the prompt that the control is compared with, such as Answer joyfully."),
    strengths: StrengthsSchema.default(DEFAULT_STRENGTHS),
  })
  .strict();
export type MeasureBy = z.infer<typeof MeasureBySchema>;

/** What of a control decides how it acts, beside its artifact and strength. */
export const SettingsSchema = ControlSchema.pick({ with: true }).extend({ scope: z.enum(SCOPES).optional() });
export type Settings = z.infer<typeof SettingsSchema>;

export const EvaluateParamsSchema = z
  .object({
    preset: PresetIdSchema.optional(),
    artifact: ArtifactIdSchema.optional(),
    spec: EvaluationSpecSchema.optional().describe("left out: the one that is kept for the preset or artifact"),
    by: MeasureBySchema.optional().describe("in place of a specification, for an artifact: this judge, on questions that come with Tiller"),
    settings: SettingsSchema.optional().describe("of an artifact's control, where they are not the artifact's own"),
    n: z
      .number()
      .int()
      .min(2)
      .max(100_000)
      .optional()
      .describe("answers per strength, at least; left out: prompts × seeds of the specification"),
    seed: z.number().int().min(0).max(0xffffffff).default(7),
    calibrate: z.boolean().default(false).describe("also look for the largest strengths whose damage stays under the bounds"),
  })
  .strict()
  .refine((value) => (value.preset === undefined) !== (value.artifact === undefined), "give exactly one of preset and artifact")
  .refine((value) => value.by === undefined || value.spec === undefined, "give at most one of spec and by")
  .refine((value) => value.by === undefined || value.artifact !== undefined, "by measures an artifact, not a preset")
  .refine((value) => value.settings === undefined || value.artifact !== undefined, "a preset has settings of its own");
export type EvaluateParams = z.infer<typeof EvaluateParamsSchema>;
