/**
 * The preset language (`*.steer.yaml`): declarative data, nothing in it is code. This schema is the source of the JSON
 * Schema, of the page's sliders, of the daemon's checks and of the preset language server.
 */
import * as z from "zod";
import { SITES } from "./sites.ts";
import { SCHEMA_VERSION } from "./version.ts";

export const STRENGTH_LIMIT = 1000;

/** `kind/name`, e.g. `direction/joy`; both parts are safe as file names. */
export const ArtifactIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}\/[a-z0-9][a-z0-9._-]{0,63}$/, "must look like kind/name, in small letters, digits, '.', '_' and '-'");
export const ControlNameSchema = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/, "must start with a letter; letters, digits, '_' and '-' follow");
/** File stem of a preset. */
export const PresetIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be small letters, digits, '.', '_' and '-'");
export const FingerprintSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hex digits");

const finite = z.number().finite();
const strength = finite.min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT);

export const CONTROL_MODES = ["add", "scale", "set", "floor", "ceil", "ablate", "rotate"] as const;
export type ControlMode = (typeof CONTROL_MODES)[number];

/** Layers as a list or a range `a-b` (inclusive, 0-based). */
export const LayersSchema = z.union([
  z.array(z.number().int().min(0).max(1023)).min(1).max(1024),
  z.string().regex(/^\d{1,4}(-\d{1,4})?$/, "must be a layer or a range such as 3-6"),
]);

export const ControlSchema = z
  .object({
    use: ArtifactIdSchema,
    strength: strength.default(0),
    range: z
      .tuple([strength, strength])
      .refine(([low, high]) => low < high, "the lower end must be below the upper end")
      .optional(),
    mode: z.enum(CONTROL_MODES).optional(),
    site: z.enum(SITES).optional(),
    layers: LayersSchema.optional(),
    title: z.string().max(80).optional(),
    description: z.string().max(500).optional(),
    /** parameters of methods that have more than these (checked by the method's own schema) */
    deactivate: z.array(z.string().max(64)).max(64).optional(),
    method: z.string().max(64).optional(),
  })
  .strict();
export type Control = z.infer<typeof ControlSchema>;

/** `> 0.6`, `<= -1`, ... on a probe's reading. */
export const GateSchema = z.string().regex(/^\s*(>=|<=|>|<)\s*-?\d+(\.\d+)?\s*$/, "must be a comparison such as '> 0.6'");

export const HoldSchema = z.object({ probe: ArtifactIdSchema, at: finite.min(-1e6).max(1e6), by: z.enum(["floor", "ceil"]) }).strict();

export const SCOPES = ["prompt", "answer", "all"] as const;
export type Scope = (typeof SCOPES)[number];

export const SamplingSchema = z
  .object({
    temperature: finite.min(0).max(5),
    topK: z.number().int().min(0).max(100000),
    topP: finite.min(0).max(1),
    minP: finite.min(0).max(1),
    typicalP: finite.min(0).max(1),
    topNSigma: finite.min(-1).max(10),
    seed: z.number().int().min(0).max(0xffffffff),
    maxTokens: z.number().int().min(1).max(1_000_000),
    repeatPenalty: finite.min(0.1).max(10),
    frequencyPenalty: finite.min(-10).max(10),
    presencePenalty: finite.min(-10).max(10),
    penaltyLastN: z.number().int().min(0).max(65536),
    dryMultiplier: finite.min(0).max(10),
    dryBase: finite.min(1).max(10),
    dryAllowedLength: z.number().int().min(0).max(1000),
    dryLastN: z.number().int().min(0).max(65536),
    drySequenceBreakers: z.array(z.string().min(1).max(40)).max(32),
    xtcProbability: finite.min(0).max(1),
    xtcThreshold: finite.min(0).max(1),
    dynatempRange: finite.min(0).max(5),
    dynatempExponent: finite.min(0).max(10),
    mirostat: z.union([z.literal(0), z.literal(1), z.literal(2)]),
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
    tiller: z.literal(SCHEMA_VERSION),
    name: z.string().min(1).max(120),
    description: z.string().max(2000).optional(),
    model: PresetModelSchema.optional(),
    controls: z.record(ControlNameSchema, ControlSchema).default({}),
    /** Named so that a preset which asks for it is refused by name, not by "unknown key": no decoding method exists yet. */
    decoding: z.record(z.string(), z.unknown()).optional(),
    when: z.record(ArtifactIdSchema, GateSchema).optional(),
    hold: z.record(ControlNameSchema, HoldSchema).optional(),
    scope: z.record(ControlNameSchema, z.enum(SCOPES)).optional(),
    sampling: SamplingSchema.optional(),
    system: z.string().max(20000).optional(),
  })
  .strict();
export type Preset = z.infer<typeof PresetSchema>;

/** The part of a preset that steers, as an app may send it inline. */
export const RackSchema = PresetSchema.pick({ controls: true, decoding: true, when: true, hold: true, scope: true }).strict();
export type Rack = z.infer<typeof RackSchema>;

/** What a request says about steering: a preset by name, or an inline rack, and strengths that replace the stored ones. */
export const SteeringSchema = z
  .object({
    preset: PresetIdSchema.optional(),
    rack: RackSchema.optional(),
    set: z.record(ControlNameSchema, strength).optional(),
  })
  .strict()
  .refine((value) => !(value.preset !== undefined && value.rack !== undefined), "give either a preset or a rack, not both");
export type Steering = z.infer<typeof SteeringSchema>;
