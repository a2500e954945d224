/** `method.*`, `experiment.*` and `report.*`: how a model can be steered, and the experiments that find what steers it. */
import * as z from "zod";
import { ReportSchema } from "../report.ts";
import { JobSchema } from "./library.ts";
import { ModelIdSchema } from "./model.ts";
import { method } from "./table.ts";

/** A JSON Schema (draft 2020-12) with hints for forms: `widget`, `group`, `help`, `options`, see methods/contract.ts. */
export const FormSchema = z.record(z.string(), z.unknown());

/** What an experiment may ask of a model. One that a model lacks is refused by name, with the reason. */
export const CAPABILITIES = ["chat-template", "gated-mlp", "gradients", "two-contexts"] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const PRODUCTS = ["artifact", "receipt", "report"] as const;

export const ExperimentEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string().describe("what it does, in a sentence or two"),
  method: z.string().nullable().describe("id of the method that it belongs to; null: it serves all"),
  params: FormSchema,
  produces: z.array(z.enum(PRODUCTS)),
  needs: z.array(z.enum(CAPABILITIES)),
  engine: z.boolean().describe("it runs on a loaded model and waits for its turn; others run at once"),
  problem: z.string().nullable().describe("why it cannot run on the model that was asked about; null: it can, as far as is known"),
});
export type ExperimentEntry = z.infer<typeof ExperimentEntrySchema>;

export const ExperimentEstimateSchema = z.object({
  tokens: z.number().min(0).describe("that the model reads or writes"),
  bytes: z.number().min(0).describe("of memory beside the model"),
  seconds: z.number().min(0).nullable().describe("null: this model's speed is not known yet"),
});
export type ExperimentEstimate = z.infer<typeof ExperimentEstimateSchema>;

export const MethodEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  kind: z.string().describe("artifacts `kind/…` are its own"),
  citations: z.array(z.object({ title: z.string(), authors: z.string(), year: z.number().int(), ours: z.string() })),
  control: z.object({
    params: FormSchema.describe("what a control may say under `with`"),
    unit: z.string().describe("what strength 1 means"),
    ranges: z
      .array(z.object({ when: z.record(z.string(), z.unknown()), range: z.tuple([z.number(), z.number()]) }))
      .describe("how far a slider goes where the control names no range: the first one whose settings hold"),
  }),
  formats: z.array(z.object({ id: z.string(), title: z.string(), extension: z.string(), options: FormSchema })),
  experiments: z.array(z.string()),
});
export type MethodEntry = z.infer<typeof MethodEntrySchema>;

const start = z
  .object({
    id: z.string().max(64).describe("the experiment, see `experiment.list`"),
    model: ModelIdSchema.optional().describe("left out: the default model"),
    params: z.record(z.string().max(64), z.unknown()).default({}).describe("as the experiment's schema has them"),
  })
  .strict();

export const experimentMethods = {
  "method.list": method(
    null,
    "The steering methods: their controls, formats and experiments.",
    z.object({}).strict(),
    z.object({ methods: z.array(MethodEntrySchema) }),
  ),
  "experiment.list": method(
    null,
    "The experiments with their parameters as JSON Schema; with a model, each says whether it can run there.",
    z.object({ model: ModelIdSchema.optional() }).strict(),
    z.object({ experiments: z.array(ExperimentEntrySchema) }),
  ),
  "experiment.estimate": method("generate", "What an experiment would cost, before it is started.", start, ExperimentEstimateSchema),
  "experiment.start": method(
    "library",
    "Starts an experiment as a job; it survives the client and resumes after a restart of the daemon, from what it had finished. What is asked for again before it has ended is the same job.",
    start,
    JobSchema,
  ),
  "report.get": method(null, "What an experiment showed.", z.object({ job: z.string().max(64) }).strict(), ReportSchema),
} as const;
