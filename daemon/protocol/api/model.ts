/** `model.*`: which models there are, what is inside them, loading and unloading. */
import * as z from "zod";
import { NumericsSchema } from "../numerics.ts";
import { RopeFactorsSchema } from "../preset.ts";
import { SITES } from "../sites.ts";
import { method, notification } from "./table.ts";

/** Ids go over the wire, never paths. */
export const ModelIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be a model id as model.list gives it");

export const KV_TYPES = ["auto", "f32", "f16", "q8_0"] as const;

export const FLASH_ATTENTION = ["auto", "on", "off"] as const;

export const LoadOptionsSchema = z
  .object({
    gpuLayers: z
      .union([z.literal("auto"), z.number().int().min(0).max(1024)])
      .default("auto")
      .describe('"auto": as many layers on the GPU as fit'),
    contextSize: z
      .number()
      .int()
      .min(0)
      .max(1_048_576)
      .default(0)
      .describe("tokens per sequence; 0: what the model was trained with, at most 8192"),
    sequences: z.number().int().min(1).max(64).default(8).describe("answers that run at once; more are queued"),
    kvType: z
      .enum(KV_TYPES)
      .default("auto")
      .describe(
        'precision of keys and values in the context; "auto": f32 for a model whose matrices are all F32, so that it is computed in F32 throughout, else f16',
      ),
    flashAttention: z
      .enum(FLASH_ATTENTION)
      .default("auto")
      .describe(
        'attention without writing its scores out; "auto": on, but for a model that is F32 throughout, in exact mode, and where the backend lacks it',
      ),
    exact: z
      .boolean()
      .default(false)
      .describe(
        "every answer is computed by itself, from its first token on, so that it is equal to the last bit whatever runs beside it; answers take turns, and nothing is taken from the cache",
      ),
    idleMinutes: z.number().min(0).max(10080).default(30).describe("minutes without a request after which the model is unloaded; 0: never"),
    threads: z.number().int().min(0).max(512).default(0).describe("0: one for each core"),
    maxProfiles: z
      .number()
      .int()
      .min(4)
      .max(1024)
      .default(64)
      .describe("rows of the steering tables; two fewer steerings may be in use at once"),
  })
  .strict();
export type LoadOptions = z.infer<typeof LoadOptionsSchema>;

export const MODEL_STATES = ["available", "loading", "loaded", "crashed", "missing"] as const;

export const ModelSchema = z.object({
  id: ModelIdSchema,
  name: z.string().describe("of the file, as a person knows it; of what came with the program its title"),
  title: z.string().describe("what the file says of itself; empty: nothing"),
  fileName: z.string(),
  sizeBytes: z.number(),
  architecture: z.string(),
  quantisation: z.string(),
  layers: z.number().int(),
  width: z.number().int(),
  contextTrained: z.number().int().describe("context length of its training, in tokens"),
  fingerprint: z.string().describe("of header, size and sampled blocks; tells files and quantisations apart"),
  embedded: z.boolean().describe("it came with the program"),
  state: z.enum(MODEL_STATES),
  reason: z.string().nullable().describe("why it crashed or cannot be used"),
  hasChatTemplate: z.boolean().describe("without one, `generate.chat` falls back to plain turns"),
});
export type Model = z.infer<typeof ModelSchema>;

export const SiteStatusSchema = z.object({
  site: z.enum(SITES),
  layer: z.number().int(),
  width: z.number().int(),
  live: z.boolean(),
  reason: z.string().nullable().describe("why it can neither be read nor edited"),
});

export const ModelFactsSchema = z.object({
  architecture: z.string(),
  layers: z.number().int(),
  width: z.number().int(),
  heads: z.array(z.number().int()),
  kvHeads: z.array(z.number().int()),
  mlpWidth: z.array(z.number().int()),
  headDim: z.number().int(),
  vocabulary: z.number().int(),
  contextTrained: z.number().int(),
  tiedHead: z.boolean(),
  normEpsilon: z.number().nullable().describe("what its RMS norms add to the mean square; null: its norms are others"),
  rope: RopeFactorsSchema.nullable().describe("the rope factors that hold at the loaded context size; null: the model has one set"),
  sizeBytes: z.number(),
  parameters: z.number(),
  notes: z.array(z.string()),
});
export type ModelFacts = z.infer<typeof ModelFactsSchema>;

export const InspectionSchema = z.object({
  model: ModelSchema,
  facts: ModelFactsSchema,
  numerics: NumericsSchema.describe("how it was loaded"),
  sites: z.array(SiteStatusSchema),
  chatTemplate: z.string().nullable().describe("the template that is used; null: there is none, and turns are plain paragraphs"),
  templateProblem: z.string().nullable().describe("why llama.cpp's renderer cannot read it; another one is tried"),
});
export type Inspection = z.infer<typeof InspectionSchema>;

export const MemoryEstimateSchema = z.object({
  weightsBytes: z.number().describe("the file's tensors"),
  kvBytes: z.number().describe("keys and values of as many answers as may run at once, each of full length"),
  kvFirstBytes: z
    .number()
    .describe("of it what is counted: one answer of full length where the context takes memory as it is used (Linux), else all"),
  kvTokenBytes: z.number().describe("keys and values of one token"),
  contextSize: z.number().int().describe("tokens per answer"),
  sequences: z.number().int().describe("answers at once"),
  fullWindow: z
    .boolean()
    .describe(
      "layers with a sliding window keep all positions, so that a conversation's beginning is reused; false in a long context, where they keep the window alone",
    ),
  computeBytes: z.number().describe("one step of 512 rows at its widest moment"),
  steeringBytes: z.number().describe("a full rack of edits in every profile"),
  totalBytes: z.number(),
  availableBytes: z.number(),
  fits: z.boolean(),
});
export type MemoryEstimate = z.infer<typeof MemoryEstimateSchema>;

export const FoundModelSchema = z.object({
  id: z.string().describe("what model.add takes"),
  name: z.string().describe("as the program that has it calls it"),
  program: z.string(),
  sizeBytes: z.number(),
  model: ModelIdSchema.nullable().describe("the model that it is known as already"),
});
export type FoundModel = z.infer<typeof FoundModelSchema>;

export const ModelOfferSchema = z.object({
  fileName: z.string(),
  sizeBytes: z.number().describe("of all its parts"),
  licence: z.string().nullable().describe("as its repository states it; null: it states none"),
});
export type ModelOffer = z.infer<typeof ModelOfferSchema>;

const one = z.object({ model: ModelIdSchema }).strict();
const uri = z.object({ uri: z.string().max(2000) }).strict();

export const modelMethods = {
  "model.list": method(
    null,
    "Every model that the store knows, with its state.",
    z.object({}).strict(),
    z.object({ models: z.array(ModelSchema) }),
  ),
  "model.inspect": method(
    "generate",
    "Architecture, sites (live or refused, with the reason), chat template. Loads the model when it is not loaded.",
    one,
    InspectionSchema,
  ),
  "model.estimate": method(
    "generate",
    "Memory that loading would take, before loading.",
    z.object({ model: ModelIdSchema, options: LoadOptionsSchema.partial().optional() }).strict(),
    MemoryEstimateSchema,
  ),
  "model.load": method(
    "load",
    "Loads a model in an engine process of its own.",
    z.object({ model: ModelIdSchema, options: LoadOptionsSchema.partial().optional() }).strict(),
    ModelSchema,
  ),
  "model.unload": method("load", "Ends the model's engine. Running answers end with an event.", one, ModelSchema),
  "model.found": method(
    "load",
    "GGUF files that other programs have on the daemon's machine (Hugging Face's cache, LM Studio, Ollama, llama.cpp). They are looked at, never changed.",
    z.object({}).strict(),
    z.object({ files: z.array(FoundModelSchema) }),
  ),
  "model.add": method(
    "load",
    "Makes a GGUF file on the daemon's machine known: one of `model.found`, or a path, which is taken in no other place. The file stays where it is.",
    z
      .object({ found: z.string().max(64).optional(), path: z.string().min(1).max(4096).optional() })
      .strict()
      .refine(({ found, path }) => (found === undefined) !== (path === undefined), {
        path: ["path"],
        message: "give either found or path",
      }),
    ModelSchema,
  ),
  "model.offer": method("load", "What a download would fetch, before it is begun.", uri, ModelOfferSchema),
  "model.download": method(
    "load",
    "Downloads a GGUF from an allowed https host or an hf: URI into the store, with progress. One that was broken off goes on where it stopped.",
    uri,
    ModelSchema,
  ),
  "model.remove": method(
    "load",
    "Forgets a model; a downloaded file is deleted, a file of the user's own is not.",
    one,
    z.object({ removed: z.boolean() }),
  ),
} as const;

export const modelNotifications = {
  "model.changed": notification("A model changed state.", z.object({ model: ModelSchema })),
  "model.progress": notification(
    "Loading or downloading.",
    z.object({
      model: z.string(),
      phase: z.enum(["load", "download"]),
      fraction: z.number().min(0).max(1),
      bytes: z.number().optional(),
      totalBytes: z.number().optional(),
    }),
  ),
} as const;
