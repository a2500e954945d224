/** Request bodies of Ollama's interface. Strict as OpenAI's are; what changes no answer here is taken. */
import * as z from "zod";
import { SamplingSchema, SteeringSchema } from "../../protocol/preset.ts";

const sampling = SamplingSchema.shape;
const model = z.string().min(1).max(200).describe("an id, `model@preset`, or `default`; a `:latest` at its end is left out");
const text = z.string().max(4_000_000);
const taken = z.unknown().optional();

/** How a model is loaded is the daemon's own affair: these are taken, for every client sends some, and change nothing. */
const LOADING = [
  "num_ctx",
  "num_batch",
  "num_gpu",
  "main_gpu",
  "num_thread",
  "num_keep",
  "numa",
  "low_vram",
  "use_mmap",
  "use_mlock",
  "f16_kv",
  "vocab_only",
  "logits_all",
  "embedding_only",
  "penalize_newline",
  "draft_num_predict",
] as const;

export const OptionsSchema = z
  .object({
    temperature: sampling.temperature.nullish(),
    top_k: z.number().int().min(-1).max(100_000).nullish(),
    top_p: sampling.topP.nullish(),
    min_p: sampling.minP.nullish(),
    typical_p: sampling.typicalP.nullish(),
    repeat_penalty: sampling.repeatPenalty.nullish(),
    repeat_last_n: z.number().int().min(-1).max(65_536).nullish(),
    presence_penalty: sampling.presencePenalty.nullish(),
    frequency_penalty: sampling.frequencyPenalty.nullish(),
    mirostat: sampling.mirostat.nullish(),
    mirostat_tau: sampling.mirostatTau.nullish(),
    mirostat_eta: sampling.mirostatEta.nullish(),
    tfs_z: z.literal(1, "must be 1: tail-free sampling is not here").nullish(),
    seed: z.number().refine(Number.isInteger, "must be a whole number").nullish(),
    num_predict: z.number().int().min(-2).max(1_000_000).nullish().describe("-1 and -2: no limit"),
    stop: z.union([z.string().max(200), z.array(z.string().max(200)).max(64)]).nullish(),
    ...Object.fromEntries(LOADING.map((name) => [name, taken])),
  })
  .strict();
export type Options = z.infer<typeof OptionsSchema>;

const common = {
  model,
  stream: z.boolean().nullish().describe("left out: true"),
  options: OptionsSchema.nullish(),
  format: z
    .union([z.literal("json"), z.literal(""), z.record(z.string(), z.unknown())])
    .nullish()
    .describe("`json`, or a JSON Schema"),
  keep_alive: taken.describe("taken for compatibility: the daemon unloads by its own settings"),
  truncate: z.boolean().nullish().describe("false: an error where the prompt does not fit"),
  shift: z.boolean().nullish(),
  think: z.literal(false, "must be false: reasoning is not told apart here").nullish(),
  images: z.array(z.unknown()).max(0, "must be empty: images are not read").nullish(),
  steering: SteeringSchema.optional().describe("ours"),
};

export const OllamaMessageSchema = z
  .object({
    role: z.enum(["system", "user", "assistant"]),
    content: text,
    images: z.array(z.unknown()).max(0, "must be empty: images are not read").nullish(),
    thinking: text.nullish(),
    tool_calls: z.array(z.unknown()).max(0).nullish(),
  })
  .strict();

export const OllamaChatSchema = z
  .object({
    ...common,
    messages: z.array(OllamaMessageSchema).max(2000),
    tools: z.array(z.unknown()).max(0, "must be empty: the model calls no functions").nullish(),
  })
  .strict();
export type OllamaChat = z.infer<typeof OllamaChatSchema>;

export const OllamaGenerateSchema = z
  .object({
    ...common,
    prompt: text.nullish().describe("left out: the model is only loaded"),
    suffix: text.nullish(),
    system: text.nullish(),
    raw: z.boolean().nullish().describe("true: no chat template"),
    template: z.literal("", "must be empty: the model's own is used").nullish(),
    context: z.array(z.unknown()).max(0, "must be empty: a conversation goes to /api/chat").nullish(),
  })
  .strict();
export type OllamaGenerate = z.infer<typeof OllamaGenerateSchema>;

export const OllamaEmbedSchema = z
  .object({
    model,
    input: z.union([text.min(1), z.array(text.min(1)).min(1).max(2048)]),
    truncate: z.boolean().nullish(),
    dimensions: z.number().int().min(1).nullish(),
    keep_alive: taken,
    options: OptionsSchema.nullish(),
  })
  .strict();

/** The older form, of one text. */
export const OllamaEmbeddingsSchema = z
  .object({ model, prompt: text.min(1), keep_alive: taken, options: OptionsSchema.nullish() })
  .strict();

export const OllamaShowSchema = z
  .object({
    model: model.optional(),
    name: model.optional(),
    verbose: z.boolean().nullish(),
    system: taken,
    template: taken,
    options: taken,
  })
  .strict();
