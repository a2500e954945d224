/** `preset.*`, `artifact.*` and `job.*`: what the store keeps, and the long work that fills it. */
import * as z from "zod";
import { ArtifactSchema } from "../artifact.ts";
import { ErrorDataSchema } from "../errors.ts";
import { ArtifactIdSchema, PresetIdSchema, PresetSchema } from "../preset.ts";
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

export const ProblemSchema = z.object({
  message: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  field: z.string(),
  code: z.string().optional().describe("of what is wrong with it on a model; left out: it is no preset"),
  suggestion: z.string().optional(),
});
export type Problem = z.infer<typeof ProblemSchema>;

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
    "Parses preset text; problems with line and column. With a model, also what keeps it from steering that model: all of it where the model is loaded, else what can be said without loading it.",
    z.object({ text: z.string().max(262_144), model: ModelIdSchema.optional() }).strict(),
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
  settings: z.record(z.string(), z.unknown()).describe("of a control that says nothing under `with`; what it says there replaces these"),
  quality: z.string().max(300).nullable().describe("how good it is in the experiment's own figures, in a line; null: it has none"),
  problem: z.string().nullable().describe("why no control can use it, such as a method that this version does not have; null: nothing"),
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
  "artifact.get": method(
    null,
    "One artifact's description and provenance.",
    z.object({ id: ArtifactIdSchema }).strict(),
    ArtifactEntrySchema,
  ),
  "artifact.delete": method(
    "library",
    "Deletes an artifact of the user's own; of a shipped one, the user's own receipt, so that the shipped one is shown again.",
    z.object({ id: ArtifactIdSchema }).strict(),
    z.object({ deleted: z.boolean(), receipt: z.boolean().describe("it was a receipt that was deleted") }),
  ),
  "artifact.export": method(
    "generate",
    "The artifact as one file (base64): `tiller`, with all that is known of it, or in a format of its method, such as `gguf` for directions.",
    z
      .object({
        id: ArtifactIdSchema,
        format: z.string().max(32),
        options: z.record(z.string().max(64), z.unknown()).optional().describe("as the format has them; see `method.list`"),
      })
      .strict(),
    z.object({ data: z.string(), name: z.string().describe("a file name that suits it") }),
  ),
} as const;

export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled", "interrupted"] as const;
export const JobErrorSchema = ErrorDataSchema.pick({ code: true, field: true, suggestion: true }).extend({ message: z.string() });
export const JobSchema = z.object({
  id: z.string(),
  experiment: z.string().max(64).describe("id of the experiment, see `experiment.list`"),
  title: z.string().max(120).describe("what the experiment is called"),
  state: z.enum(JOB_STATES),
  fraction: z.number().min(0).max(1).describe("done so far"),
  message: z.string(),
  about: z.string().default("").describe("id of the artifact that it makes, or of the preset or artifact that it measures"),
  created: z.string(),
  ended: z.string().nullable().default(null).describe("when it was done, failed or was cancelled; null before"),
  eta: z.number().nullable().describe("estimated seconds left, null when unknown"),
  result: z.string().nullable().describe("id of the artifact that was made or measured; null before, and where there is none"),
  report: z.boolean().default(false).describe("it has a report, see `report.get`"),
  error: JobErrorSchema.nullable().describe("why it failed; null where it did not"),
});
export type Job = z.infer<typeof JobSchema>;

export const JudgeEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  own: z.boolean().describe("from the user's config.json: a chat model with a rubric, whose accuracy is not known"),
  labels: z.array(z.string()).describe("decisions that it can come to, for `judge.label`"),
  values: z.array(z.string()).describe("figures that it gives, for `judge.value`"),
  languages: z.array(z.string()).describe("those of the twelve core languages (ISO 639-1) in which it judges"),
  refused: z.record(z.string(), z.string()).describe("the others, each with the reason"),
});
export type JudgeEntry = z.infer<typeof JudgeEntrySchema>;

export const jobMethods = {
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
