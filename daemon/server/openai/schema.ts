/** Request bodies of the OpenAI-style routes. Strict: a key that would have an effect and has none here is refused by name instead. */
import * as z from "zod";
import { PresetIdSchema, SamplingSchema, SteeringSchema } from "../../protocol/preset.ts";
import { HARMLESS, HARMLESS_CHAT, HARMLESS_COMPLETION, HARMLESS_MESSAGE } from "./harmless.ts";

const MAX_MODEL = 200;
const sampling = SamplingSchema.shape;

const SteeringFieldSchema = z.union(
  [PresetIdSchema, SteeringSchema],
  'must be a preset\'s name, or an object such as {"preset": "joyful", "set": {"joy": 0.4}}; left out: no steering',
);

const limit = z
  .number()
  .int()
  .min(-1)
  .max(1_000_000)
  .refine((tokens) => tokens !== 0, "must be at least 1; -1 or null set no limit")
  .nullish();

const common = {
  model: z.string().min(1).max(MAX_MODEL).describe("an id, `model@preset`, or `default`"),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().optional(), include_obfuscation: z.literal(false, "must be false: nothing is padded").optional() })
    .strict()
    .nullish(),
  n: z.literal(1, "only one answer per request").nullish(),
  temperature: z.number().min(0).max(5).nullable().optional(),
  top_p: z.number().min(0).max(1).nullable().optional(),
  max_tokens: limit,
  stop: z
    .union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(16)])
    .nullable()
    .optional(),
  seed: z.number().int().min(0).max(0xffffffff).nullable().optional(),
  logit_bias: z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100)).nullable().optional(),
  frequency_penalty: z.number().min(-10).max(10).nullable().optional(),
  presence_penalty: z.number().min(-10).max(10).nullable().optional(),
  ...HARMLESS,
  top_k: sampling.topK.describe("ours: further sampling as in the WebSocket interface"),
  min_p: sampling.minP,
  repeat_penalty: sampling.repeatPenalty,
  steering: SteeringFieldSchema.optional().describe("ours: a preset's name, or a steering object"),
};

const CONTENT_RULE = 'must be a text, or a list of parts {"type": "text", "text": …}; images, audio and files are not read';
const ContentSchema = z.union(
  [
    z.string().max(4_000_000),
    z.array(z.object({ type: z.literal("text"), text: z.string().max(4_000_000) }).strict(), CONTENT_RULE).max(100),
  ],
  CONTENT_RULE,
);

export const ChatBodySchema = z
  .object({
    ...common,
    messages: z
      .array(z.object({ role: z.enum(["system", "developer", "user", "assistant"]), content: ContentSchema, ...HARMLESS_MESSAGE }).strict())
      .min(1)
      .max(2000),
    ...HARMLESS_CHAT,
    max_completion_tokens: limit,
    logprobs: z.boolean().nullable().optional(),
    top_logprobs: z.number().int().min(0).max(20).nullable().optional(),
    response_format: z
      .discriminatedUnion("type", [
        z.object({ type: z.literal("text") }).strict(),
        z.object({ type: z.literal("json_object") }).strict(),
        z
          .object({
            type: z.literal("json_schema"),
            json_schema: z
              .object({
                name: z.string().max(200).optional(),
                description: z.string().max(2000).optional(),
                schema: z.record(z.string(), z.unknown()),
                strict: z.boolean().nullable().optional(),
              })
              .strict(),
          })
          .strict(),
      ])
      .nullish(),
  })
  .strict();
export type ChatBody = z.infer<typeof ChatBodySchema>;

export const CompletionBodySchema = z
  .object({
    ...common,
    ...HARMLESS_COMPLETION,
    prompt: z.union(
      [
        z.string().max(4_000_000),
        z.array(z.string().max(4_000_000)).length(1),
        z.array(z.number().int().min(0).max(10_000_000)).min(1).max(1_048_576),
      ],
      "must be one text or one list of token ids; each further prompt is a request of its own",
    ),
    logprobs: z.number().int().min(0).max(20).nullable().optional(),
    echo: z.literal(false, "echo is not supported").nullish(),
  })
  .strict();
export type CompletionBody = z.infer<typeof CompletionBodySchema>;
