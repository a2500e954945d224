/** `preset.*`, `artifact.*` and `job.*`: what the store keeps, and the long work that fills it. */
import * as z from "zod";
import { ArtifactSchema, ContrastPairSchema, ReplaceSchema } from "../artifact.ts";
import { ErrorDataSchema } from "../errors.ts";
import { EvaluateParamsSchema } from "../evaluation.ts";
import { ArtifactIdSchema, PresetIdSchema, PresetSchema } from "../preset.ts";
import { SITES } from "../sites.ts";
import { SliderParamsSchema } from "../slider.ts";
import { ModelIdSchema } from "./model.ts";
import { method, notification } from "./table.ts";

export const PresetEntrySchema = z.object({
  id: PresetIdSchema,
  shipped: z.boolean().describe("shipped presets are read-only; saving under the same id makes a copy of the user's own that hides it"),
  hides: z.boolean().describe("one of the user's own that hides a shipped one, which comes back when this is deleted"),
  preset: PresetSchema.nullable(),
  problem: z.string().nullable().describe("why it cannot be used, with line and column; null when it can"),
});
export type PresetEntry = z.infer<typeof PresetEntrySchema>;

export const ProblemSchema = z.object({ message: z.string(), line: z.number().int(), column: z.number().int(), field: z.string() });

export const presetMethods = {
  "preset.list": method(
    null,
    "Presets; with a model, each says whether it fits that model.",
    z.object({ model: ModelIdSchema.optional() }).strict(),
    z.object({ presets: z.array(PresetEntrySchema) }),
  ),
  "preset.get": method(
    null,
    "One preset, parsed and as text.",
    z.object({ id: PresetIdSchema }).strict(),
    z.object({ entry: PresetEntrySchema, text: z.string() }),
  ),
  "preset.save": method(
    "library",
    "Writes a preset (YAML text or object) atomically.",
    z.object({ id: PresetIdSchema, text: z.string().max(262_144).optional(), preset: PresetSchema.optional() }).strict(),
    PresetEntrySchema,
  ),
  "preset.delete": method(
    "library",
    "Deletes a preset of the user's own.",
    z.object({ id: PresetIdSchema }).strict(),
    z.object({ deleted: z.boolean() }),
  ),
  "preset.check": method(
    null,
    "Parses preset text; problems with line and column.",
    z.object({ text: z.string().max(262_144) }).strict(),
    z.object({ problems: z.array(ProblemSchema) }),
  ),
  "preset.format": method(
    null,
    "Writes a preset as text (YAML), as it would be saved.",
    z.object({ preset: PresetSchema }).strict(),
    z.object({ text: z.string() }),
  ),
} as const;

/** An artifact as it is listed. */
export const ArtifactEntrySchema = ArtifactSchema.extend({
  shipped: z.boolean().describe("it belongs to the program: one of the user's own under its id hides it until that is deleted"),
});
export type ArtifactEntry = z.infer<typeof ArtifactEntrySchema>;

export const artifactMethods = {
  "artifact.list": method(
    null,
    "Artifacts; with a model, those made on it.",
    z.object({ model: ModelIdSchema.optional() }).strict(),
    z.object({ artifacts: z.array(ArtifactEntrySchema) }),
  ),
  "artifact.get": method(null, "One artifact's description and provenance.", z.object({ id: ArtifactIdSchema }).strict(), ArtifactSchema),
  "artifact.delete": method(
    "library",
    "Deletes an artifact of the user's own; of a shipped one, the user's own receipt, so that the shipped one is shown again.",
    z.object({ id: ArtifactIdSchema }).strict(),
    z.object({ deleted: z.boolean(), receipt: z.boolean().describe("it was a receipt that was deleted") }),
  ),
  "artifact.import": method(
    "library",
    "Imports a llama.cpp/repeng GGUF control vector (base64).",
    z
      .object({
        id: ArtifactIdSchema,
        format: z.literal("gguf"),
        data: z.string().max(9_000_000),
        model: ModelIdSchema.optional(),
        replace: ReplaceSchema,
      })
      .strict(),
    ArtifactSchema,
  ),
  "artifact.export": method(
    "generate",
    "The artifact as a llama.cpp GGUF control vector (base64).",
    z
      .object({
        id: ArtifactIdSchema,
        format: z.literal("gguf"),
        layers: z
          .array(z.number().int().min(1).max(1023))
          .min(1)
          .max(1024)
          .optional()
          .describe("instead of the artifact's own layers; from 1 on, which is where llama.cpp begins"),
      })
      .strict(),
    z.object({ data: z.string() }),
  ),
} as const;

export const DirectionsParamsSchema = z
  .object({
    id: ArtifactIdSchema,
    replace: ReplaceSchema,
    title: z.string().max(120).optional(),
    description: z.string().max(2000).optional(),
    model: ModelIdSchema.optional(),
    pairs: z.array(ContrastPairSchema).min(2).max(5000).optional().describe("the contrasts; either these or `templates`"),
    templates: z
      .object({
        positive: z.string().max(20000),
        negative: z.string().max(20000),
        texts: z.array(z.string().min(1).max(20000)).min(2).max(5000),
      })
      .strict()
      .optional()
      .describe("two texts with `{}`, and what to put there"),
    method: z.enum(["mean-difference", "pca"]).default("mean-difference"),
    site: z.enum(SITES).default("resid").describe("where the direction is read and acts"),
    readAt: z
      .enum(["last", "mean"])
      .default("last")
      .describe("which tokens of a text are read: the last one, or the mean over all of them"),
    render: z
      .enum(["chat", "raw"])
      .default("raw")
      .describe("texts are user turns of a chat (rendered through the template, read at the generation header), or raw"),
    layers: z.number().int().min(1).max(64).default(1).describe("the control acts at so many layers, those that separate best"),
    heldOut: z.number().min(0.1).max(0.5).default(0.25).describe("part of the pairs that only measures"),
    seed: z.number().int().min(0).max(0xffffffff).default(7).describe("of the split into training and held-out pairs"),
    licence: z.string().max(200).optional(),
    source: z.string().max(500).optional(),
  })
  .strict()
  .refine((value) => (value.pairs === undefined) !== (value.templates === undefined), "give exactly one of pairs and templates")
  .describe("Exactly one of `pairs` and `templates` is given.");
export type DirectionsParams = z.infer<typeof DirectionsParamsSchema>;

export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled", "interrupted"] as const;
export const JOB_KINDS = ["directions", "receipt", "slider"] as const;
export const JobErrorSchema = ErrorDataSchema.pick({ code: true, field: true, suggestion: true }).extend({ message: z.string() });
export const JobSchema = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  state: z.enum(JOB_STATES),
  fraction: z.number().min(0).max(1).describe("done so far"),
  message: z.string(),
  about: z.string().default("").describe("id of the artifact that it makes, or of the preset or artifact that it measures"),
  created: z.string(),
  ended: z.string().nullable().default(null).describe("when it was done, failed or was cancelled; null before"),
  eta: z.number().nullable().describe("estimated seconds left, null when unknown"),
  result: z.string().nullable().describe("id of the artifact that was made or measured"),
  error: JobErrorSchema.nullable().describe("why it failed; null where it did not"),
});
export type Job = z.infer<typeof JobSchema>;

/** What is asked for: a direction from contrast pairs, a receipt of a preset's control or an artifact, or a slider from words. */
export const JobRequestSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("directions"), params: DirectionsParamsSchema }).strict(),
  z.object({ kind: z.literal("receipt"), params: EvaluateParamsSchema }).strict(),
  z.object({ kind: z.literal("slider"), params: SliderParamsSchema }).strict(),
]);
export type JobRequest = z.infer<typeof JobRequestSchema>;

export const JudgeEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  own: z.boolean().describe("from the user's config.json: a chat model with a rubric, whose accuracy is not known"),
  labels: z.array(z.string()).describe("decisions that it can come to, for `judge.label`"),
  values: z.array(z.string()).describe("figures that it gives, for `judge.value`"),
  languages: z.array(z.string()).describe("those of the twelve core languages (ISO 639-1) in which it judges"),
});
export type JudgeEntry = z.infer<typeof JudgeEntrySchema>;

export const jobMethods = {
  "job.start": method(
    "library",
    "Starts long work; it survives the client and resumes after a restart of the daemon (a receipt from its finished points). What is asked for again before it has ended is the same job.",
    JobRequestSchema,
    JobSchema,
  ),
  "job.list": method(null, "Jobs, newest first.", z.object({}).strict(), z.object({ jobs: z.array(JobSchema) })),
  "job.get": method(null, "One job.", z.object({ job: z.string().max(64) }).strict(), JobSchema),
  "job.judges": method(
    null,
    "The judges that a receipt or a slider can be measured by: those that come with Tiller and the user's own.",
    z.object({}).strict(),
    z.object({ judges: z.array(JudgeEntrySchema) }),
  ),
  "job.cancel": method(
    "library",
    "Cancels a job; what it has finished is kept for `job.retry`.",
    z.object({ job: z.string().max(64) }).strict(),
    JobSchema,
  ),
  "job.retry": method(
    "library",
    "Queues a job again that failed, was cancelled or was interrupted; a receipt goes on from its finished points.",
    z.object({ job: z.string().max(64) }).strict(),
    JobSchema,
  ),
} as const;

export const jobNotifications = { "job.changed": notification("A job moved.", JobSchema) } as const;
