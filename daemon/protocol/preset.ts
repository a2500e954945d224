/**
 * The preset language (`*.steer.yaml`): declarative data, nothing in it is code. This schema is the source of the JSON
 * Schema, of the page's sliders, of the daemon's checks and of the preset language server.
 */
import * as z from "zod";
import { DecodingSchema } from "./decoding.ts";
import { ArtifactIdSchema, ControlNameSchema, PresetIdSchema } from "./names.ts";
import { PRESET_VERSION } from "./version.ts";

export { ArtifactIdSchema, ControlNameSchema, PresetIdSchema };

export const STRENGTH_LIMIT = 1000;

/** Long-rope models have two sets of rope factors and choose by the context size: what is found under one does not fit the other. */
export const RopeFactorsSchema = z.enum(["short", "long"]);
export const FingerprintSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hex digits");

const finite = z.number().finite();
const strength = finite.min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT);

/** Layers as a list or a range `a-b` (inclusive, 0-based). */
export const LayersSchema = z.union([
  z.array(z.number().int().min(0).max(1023)).min(1).max(1024),
  z.string().regex(/^\d{1,4}(-\d{1,4})?$/, "must be a layer or a range such as 3-6"),
]);

/** Settings of a control, as its method's schema has them. */
export const WithSchema = z.record(z.string().min(1).max(64), z.unknown());
export type With = z.infer<typeof WithSchema>;

export const ControlSchema = z
  .object({
    use: ArtifactIdSchema.describe("the artifact that the control is made of"),
    strength: strength.default(0).describe("where the slider stands; 1 is the whole gap between the two classes of examples"),
    range: z
      .tuple([strength, strength])
      .refine(([low, high]) => low < high, "the lower end must be below the upper end")
      .optional()
      .describe("ends of the slider, the lower one first"),
    with: WithSchema.optional().describe("the control's own settings, which its artifact's method defines and checks; see `method.list`"),
    title: z.string().max(80).optional(),
    description: z.string().max(500).optional(),
  })
  .strict();
export type Control = z.infer<typeof ControlSchema>;

/** Of a preset or rack; each costs time and memory for every request that names them. */
export const MAX_CONTROLS = 64;

/** A record of at most so many members, which the JSON Schema says, too. */
export function few<T extends z.ZodType<Record<string, unknown>>>(record: T): T {
  return record
    .refine((value) => Object.keys(value).length <= MAX_CONTROLS, `at most ${MAX_CONTROLS} members`)
    .meta({ maxProperties: MAX_CONTROLS });
}

/** `> 0.6`, `<= -1`, ... on a probe's reading. */
export const GateSchema = z.string().regex(/^\s*(>=|<=|>|<)\s*-?\d+(\.\d+)?\s*$/, "must be a comparison such as '> 0.6'");

export const HoldSchema = z
  .object({
    probe: ArtifactIdSchema.describe("the direction whose reading is held"),
    at: finite.min(-1e6).max(1e6).describe("target, in class means: ±1 is the mean of the positive or negative examples"),
    by: z.enum(["floor", "ceil"]).describe("`floor`: not below the target; `ceil`: not above it"),
  })
  .strict();

/** `writing`: every position that a token of the answer is written from, which is the prompt's last one and then the answer's own */
export const SCOPES = ["prompt", "answer", "writing", "all"] as const;
export type Scope = (typeof SCOPES)[number];

export const SamplingSchema = z
  .object({
    temperature: finite.min(0).max(5).describe("0 always takes the likeliest token"),
    topK: z.number().int().min(0).max(100000).describe("choose among the k likeliest tokens; 0: all"),
    topP: finite.min(0).max(1).describe("choose among the likeliest tokens that make up p"),
    minP: finite.min(0).max(1).describe("leave out tokens below p times the likeliest"),
    typicalP: finite.min(0).max(1).describe("locally typical sampling"),
    topNSigma: finite.min(-1).max(10).describe("keep logits within n standard deviations of the largest; -1: off"),
    seed: z
      .number()
      .int()
      .min(0)
      .max(0xffffffff)
      .describe(
        "same seed, same answer, always on a model that is loaded with `exact`; else what runs beside it and what of the prompt was read before may turn a close choice. Left out: chosen at random and told in the answer",
      ),
    maxTokens: z.number().int().min(1).max(1_000_000).describe("the answer ends after so many tokens"),
    repeatPenalty: finite.min(0.1).max(10).describe("1: off"),
    frequencyPenalty: finite.min(-10).max(10),
    presencePenalty: finite.min(-10).max(10),
    penaltyLastN: z.number().int().min(0).max(65536).describe("how many tokens back the penalties look"),
    dryMultiplier: finite.min(0).max(10).describe("DRY: strength; 0: off"),
    dryBase: finite.min(1).max(10),
    dryAllowedLength: z.number().int().min(0).max(1000),
    dryLastN: z.number().int().min(0).max(65536),
    drySequenceBreakers: z.array(z.string().min(1).max(40)).max(32),
    xtcProbability: finite.min(0).max(1).describe("XTC: how often; 0: off"),
    xtcThreshold: finite.min(0).max(1),
    dynatempRange: finite.min(0).max(5).describe("dynamic temperature: ± this; 0: off"),
    dynatempExponent: finite.min(0).max(10),
    mirostat: z.union([z.literal(0), z.literal(1), z.literal(2)]).describe("version; 0: off"),
    mirostatTau: finite.min(0).max(100),
    mirostatEta: finite.min(0).max(10),
  })
  .strict()
  .partial();
export type Sampling = z.infer<typeof SamplingSchema>;

export const PresetModelSchema = z
  .object({
    architecture: z.string().max(64).optional(),
    fingerprint: FingerprintSchema.optional(),
    layers: z.number().int().min(1).max(1024).optional(),
  })
  .strict();

export const PresetSchema = z
  .object({
    tiller: z.literal(PRESET_VERSION),
    name: z.string().min(1).max(120),
    description: z.string().max(2000).optional(),
    model: PresetModelSchema.optional().describe("the model that it is for; refused on others"),
    controls: few(z.record(ControlNameSchema, ControlSchema)).default({}).describe("the sliders, applied in this order"),
    decoding: DecodingSchema.optional().describe("the rule by which tokens are chosen, beside what the controls do to activations"),
    when: few(z.record(ArtifactIdSchema, GateSchema))
      .optional()
      .describe("gates on a probe's reading at one token that govern the next; all of them must be open"),
    hold: few(z.record(ControlNameSchema, HoldSchema)).optional().describe("per control: a reading that is held while the control is on"),
    scope: few(z.record(ControlNameSchema, z.enum(SCOPES)))
      .optional()
      .describe("per control: where it acts; left out: `all`"),
    sampling: SamplingSchema.optional().describe("defaults; what a request says itself wins"),
    system: z.string().max(20000).optional().describe("system turn of conversations that have none"),
  })
  .strict();
export type Preset = z.infer<typeof PresetSchema>;

/** The part of a preset that steers, as an app may send it inline. */
export const RackSchema = PresetSchema.pick({ controls: true, decoding: true, when: true, hold: true, scope: true }).strict();
export type Rack = z.infer<typeof RackSchema>;

/** What a request says about steering: a preset by name, or an inline rack, and strengths that replace the stored ones. */
export const SteeringSchema = z
  .object({
    preset: PresetIdSchema.optional().describe("a stored preset"),
    rack: RackSchema.optional().describe("controls of the request's own, instead of a preset"),
    set: few(z.record(ControlNameSchema, strength)).optional().describe("strengths that replace the stored ones, by control"),
  })
  .strict()
  .refine((value) => !(value.preset !== undefined && value.rack !== undefined), "give either a preset or a rack, not both")
  .describe("Either a preset or a rack, not both.");
export type Steering = z.infer<typeof SteeringSchema>;
