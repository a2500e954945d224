/** Request bodies of the OpenAI-style routes. Strict: a key that would have an effect and has none here is refused by name instead. */
import * as z from "zod";
import { OVERFLOW } from "../../protocol/api/generate.ts";
import { REASONING_EFFORT, renderFields } from "../../protocol/api/render.ts";
import { PresetIdSchema, SamplingSchema, SteeringSchema } from "../../protocol/preset.ts";
import { HARMLESS, HARMLESS_CHAT, HARMLESS_COMPLETION, HARMLESS_MESSAGE } from "./harmless.ts";
import { CallsSchema, ToolChoiceSchema, ToolsSchema } from "./tools.ts";

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

/** Answers that one request may ask for: prompts times n. */
export const MAX_ANSWERS = 128;
const MAX_STOPS = 64;
const stopText = z.string().max(200);

export const CommonSchema = z.object({
  model: z.string().min(1).max(MAX_MODEL).describe("an id, `model@preset`, or `default`"),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.literal(false, "must be false: nothing is padded").nullish() })
    .strict()
    .nullish(),
  n: z.number().int().min(1).max(MAX_ANSWERS).nullish().describe("answers to each prompt; with a seed, the next ones have the next seeds"),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: limit,
  stop: z
    .union([stopText, z.array(stopText).max(MAX_STOPS)])
    .nullish()
    .describe("empty texts are left out"),
  seed: z
    .number()
    .refine((seed) => Number.isInteger(seed) && seed >= -(2 ** 63) && seed < 2 ** 64, "must be a whole number of at most 64 bits")
    .nullish()
    .describe(
      "same seed, same answer, always on a model that is loaded with `exact`; -1: a random one; of more than 32 bits the halves are combined",
    ),
  logit_bias: z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100)).nullish(),
  frequency_penalty: z.number().min(-10).max(10).nullish(),
  presence_penalty: z.number().min(-10).max(10).nullish(),
  ...HARMLESS,
  top_k: z.number().int().min(-1).max(100_000).nullish().describe("ours: choose among the k likeliest tokens; 0 and -1: all"),
  min_p: sampling.minP.nullish(),
  repeat_penalty: sampling.repeatPenalty.nullish(),
  overflow: z
    .enum(OVERFLOW)
    .nullish()
    .describe(
      "ours: when the prompt does not fit the context, an error, or (left out: this) its oldest part is left out and counted in the answer",
    ),
  steering: SteeringFieldSchema.optional().describe("ours: a preset's name, or a steering object"),
});
export type CommonBody = z.infer<typeof CommonSchema>;
const common = CommonSchema.shape;

export const CONTENT_RULE = 'must be a text, or a list of parts {"type": "text", "text": …}; images, audio and files are not read';
export const ContentSchema = z.union(
  [
    z.string().max(4_000_000),
    z.array(z.object({ type: z.literal("text"), text: z.string().max(4_000_000) }).strict(), CONTENT_RULE).max(100),
  ],
  CONTENT_RULE,
);

const budget = z.number().int().min(-1).max(1_000_000).nullish();

/** As llama.cpp's server has them; what a model's template cannot do is refused by name. */
export const renderBody = {
  reasoning_effort: REASONING_EFFORT.nullish().describe("how much the model reasons, where its template has levels; none: not at all"),
  chat_template_kwargs: renderFields.templateKwargs.nullish().describe('variables of the chat template, e.g. {"enable_thinking": false}'),
};

const FORMAT_PLAIN = [z.object({ type: z.literal("text") }).strict(), z.object({ type: z.literal("json_object") }).strict()] as const;
const JSON_SCHEMA_FIELDS = {
  name: z.string().max(200).optional(),
  description: z.string().max(2000).optional(),
  schema: z.record(z.string(), z.unknown()),
  strict: z.boolean().nullish(),
};
/** Of `/v1/responses`, which has the schema's fields beside the type. */
export const FORMAT_SCHEMAS = [...FORMAT_PLAIN, z.object({ type: z.literal("json_schema"), ...JSON_SCHEMA_FIELDS }).strict()] as const;

export const ChatBodySchema = z
  .object({
    ...common,
    messages: z
      .array(
        z
          .object({
            role: z.enum(["system", "developer", "user", "assistant", "tool"]),
            content: ContentSchema.nullish().describe("may be null in an assistant's turn that calls tools"),
            reasoning_content: z.string().max(4_000_000).nullish().describe("what the model thought before an assistant's turn"),
            tool_calls: CallsSchema.nullish().describe("of an assistant's turn"),
            tool_call_id: z.string().max(200).nullish().describe("of a tool's turn: the call that it answers"),
            ...HARMLESS_MESSAGE,
          })
          .strict(),
      )
      .min(1)
      .max(2000),
    ...HARMLESS_CHAT,
    tools: ToolsSchema.nullish().describe("functions that the model may call"),
    tool_choice: ToolChoiceSchema.nullish().describe("left out: `auto`"),
    parallel_tool_calls: z.boolean().nullish().describe("whether one answer may call several; left out: as the model's template has it"),
    ...renderBody,
    reasoning_budget_tokens: budget.describe("ours, as in llama.cpp's server: tokens that the model may think for; -1: no limit"),
    thinking_budget_tokens: budget.describe("the same"),
    max_completion_tokens: limit,
    logprobs: z.boolean().nullish(),
    top_logprobs: z.number().int().min(0).max(20).nullish(),
    response_format: z
      .discriminatedUnion("type", [
        ...FORMAT_PLAIN,
        z.object({ type: z.literal("json_schema"), json_schema: z.object(JSON_SCHEMA_FIELDS).strict() }).strict(),
      ])
      .nullish(),
  })
  .strict();
export type ChatBody = z.infer<typeof ChatBodySchema>;

const PROMPT_RULE = `must be a text, a list of token ids, or a list of at most ${MAX_ANSWERS} of either`;
const PromptTextSchema = z.string().max(4_000_000);
const PromptTokensSchema = z.array(z.number().int().min(0).max(10_000_000)).min(1).max(1_048_576);

export const CompletionBodySchema = z
  .object({
    ...common,
    ...HARMLESS_COMPLETION,
    prompt: z
      .union(
        [
          PromptTextSchema,
          z.array(PromptTextSchema).min(1).max(MAX_ANSWERS),
          PromptTokensSchema,
          z.array(PromptTokensSchema).min(1).max(MAX_ANSWERS),
        ],
        PROMPT_RULE,
      )
      .describe("one prompt, or a list of them, each answered by itself"),
    suffix: z.string().max(4_000_000).nullish().describe("what comes behind the gap that is filled, for models that were trained for that"),
    logprobs: z.number().int().min(0).max(20).nullish(),
    max_tokens: z.number().int().min(-1).max(1_000_000).nullish().describe("left out: 16; 0, with echo: the prompt alone"),
    echo: z.boolean().nullish().describe("the prompt stands before the answer, with its own log-probabilities where they are asked for"),
  })
  .strict();
export type CompletionBody = z.infer<typeof CompletionBodySchema>;
