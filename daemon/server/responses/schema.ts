/** The body of `/v1/responses`: one answer to a conversation that the client keeps; nothing is stored here. */
import * as z from "zod";
import { CommonSchema, ContentSchema, FORMAT_SCHEMAS } from "../openai/schema.ts";

const shared = CommonSchema.shape;
const PartSchema = z
  .object({
    type: z.enum(["input_text", "output_text"]),
    text: z.string().max(4_000_000),
    annotations: z.array(z.unknown()).nullish(),
    logprobs: z.array(z.unknown()).nullish(),
  })
  .strict();

const MessageItemSchema = z
  .object({
    type: z.literal("message").nullish(),
    role: z.enum(["system", "developer", "user", "assistant"]),
    content: z.union(
      [ContentSchema, z.array(PartSchema).max(100)],
      'must be a text, or a list of parts {"type": "input_text", "text": …}; images and files are not read',
    ),
    id: z.string().max(200).nullish(),
    status: z.string().max(40).nullish(),
  })
  .strict();

export const ResponsesBodySchema = z
  .object({
    model: shared.model,
    input: z.union([z.string().min(1).max(4_000_000), z.array(MessageItemSchema).min(1).max(2000)]).describe("a text, or the turns so far"),
    instructions: z.string().max(4_000_000).nullish().describe("the system turn"),
    max_output_tokens: shared.max_tokens,
    temperature: shared.temperature,
    top_p: shared.top_p,
    stream: z.boolean().nullish(),
    stream_options: z
      .object({ include_obfuscation: z.literal(false).nullish() })
      .strict()
      .nullish(),
    text: z
      .object({
        format: z.discriminatedUnion("type", [...FORMAT_SCHEMAS]).nullish(),
        verbosity: z.literal("medium", "cannot be set here").nullish(),
      })
      .strict()
      .nullish()
      .describe("`format`: `text`, `json_object`, or `json_schema` with its schema"),
    truncation: z
      .enum(["auto", "disabled"])
      .nullish()
      .describe("`auto`: the oldest turns are left out where they do not fit; left out: an error"),
    tools: z.array(z.unknown()).max(0, "must be empty: the model calls no functions here; see /v1/chat/completions").nullish(),
    tool_choice: z.enum(["none", "auto"]).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    previous_response_id: z.null("must be null: answers are not stored; send the turns as input").optional(),
    conversation: z.null("must be null: answers are not stored; send the turns as input").optional(),
    background: z.literal(false, "must be false: answers are not stored").nullish(),
    include: z.array(z.unknown()).max(0, "must be empty: there is nothing more to include").nullish(),
    reasoning: z
      .object({ effort: z.literal("none", "cannot be set here").nullish(), summary: z.null().optional() })
      .strict()
      .nullish(),
    store: z.boolean().nullish().describe("taken; answers are not stored, and say so"),
    user: shared.user,
    metadata: z.record(z.string(), z.string()).nullish(),
    service_tier: shared.service_tier,
    safety_identifier: shared.safety_identifier,
    prompt_cache_key: shared.prompt_cache_key,
    seed: shared.seed,
    steering: shared.steering,
  })
  .strict();
export type ResponsesBody = z.infer<typeof ResponsesBodySchema>;
