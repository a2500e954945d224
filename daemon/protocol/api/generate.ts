/** `generate.*` and `steer.*`: answers, and the controls that may move while an answer is being written. */
import * as z from "zod";
import { DecodingReportSchema } from "../decoding.ts";
import { type Message, MessageSchema } from "../message.ts";
import { NumericsSchema } from "../numerics.ts";
import {
  ArtifactIdSchema,
  ControlNameSchema,
  few,
  PresetIdSchema,
  RackSchema,
  SamplingSchema,
  STRENGTH_LIMIT,
  SteeringSchema,
} from "../preset.ts";
import { SITES } from "../sites.ts";
import { ChatMessageSchema, ToolCallDeltaSchema, ToolCallSchema, ToolSchema } from "../tools.ts";
import { ModelIdSchema } from "./model.ts";
import { renderFields } from "./render.ts";
import { method, notification } from "./table.ts";

export const StreamIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, '_' or '-'");

export { type Message, MessageSchema };

/** What happens when the conversation does not fit the context. `refuse`: an error; `shift`: the oldest turns (never the
 *  system turn) are left out and the client is told how many; while answering, the answer ends with reason "context". */
export const OVERFLOW = ["refuse", "shift"] as const;

const common = {
  model: ModelIdSchema.optional().describe("left out: the default model"),
  stream: StreamIdSchema.describe("chosen by the client; names the answer in events, `steer.set` and `generate.cancel`"),
  steering: SteeringSchema.optional(),
  sampling: SamplingSchema.optional(),
  stop: z.array(z.string().min(1).max(200)).max(64).optional().describe("the answer ends before any of these texts"),
  grammar: z.string().max(200_000).optional().describe("GBNF that the answer must follow"),
  jsonSchema: z.record(z.string(), z.unknown()).optional().describe("JSON Schema that the answer must follow; not beside `grammar`"),
  logitBias: z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100)).optional().describe("added to the logits, by token id"),
  topLogprobs: z.number().int().min(0).max(20).optional().describe("log-probabilities of the n most likely tokens beside each token"),
  probes: z.array(ArtifactIdSchema).max(16).optional().describe("probe readings sent with every token"),
  overflow: z
    .enum(OVERFLOW)
    .optional()
    .describe("when the conversation does not fit: an error, or (left out: this) the oldest turns are left out and counted in the answer"),
};

/** One would have to give way to the other. */
const oneForm = ({ grammar, jsonSchema }: { grammar?: unknown; jsonSchema?: unknown }): boolean =>
  grammar === undefined || jsonSchema === undefined;
const ONE_FORM = { path: ["grammar"], message: "give either grammar or jsonSchema, not both" };

export const ChatParamsSchema = z
  .object({
    ...common,
    messages: z.array(ChatMessageSchema).min(1).max(2000).describe("a last turn of the assistant is continued"),
    tools: z.array(ToolSchema).max(128).optional().describe("functions that the model may call; not beside `grammar` or `jsonSchema`"),
    toolChoice: z.enum(["auto", "none", "required"]).optional().describe("left out: `auto`; `required`: it calls at least one"),
    parallelToolCalls: z.boolean().optional().describe("whether one answer may call several; left out: as the template has it"),
    ...renderFields,
    reasoningBudget: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe("tokens that the model may think for; then its reasoning is ended, and it answers"),
  })
  .strict()
  .refine(oneForm, ONE_FORM);
export const CompleteParamsSchema = z
  .object({
    ...common,
    prompt: z.string().max(4_000_000).optional().describe("no chat template; BOS is added where the model wants it"),
    tokens: z.array(z.number().int().min(0).max(10_000_000)).max(65_536).optional(),
    suffix: z
      .string()
      .max(4_000_000)
      .optional()
      .describe("what comes behind the gap that is filled; refused where the model has no tokens for that"),
    forced: z
      .array(z.number().int().min(0).max(10_000_000))
      .max(65536)
      .optional()
      .describe("teacher forcing: these tokens are fed as the answer, one decode each, instead of sampled ones"),
    echo: z
      .boolean()
      .optional()
      .describe(
        "the prompt's own tokens with their log-probabilities, in `promptTokens`; it is read as if the model had written it, under the edits of answers, and is refused when it does not fit",
      ),
    logits: z.boolean().optional().describe("the logits row of every answer position in the events (for proofs; large)"),
  })
  .strict()
  .refine(oneForm, ONE_FORM)
  .refine((value) => (value.prompt === undefined) !== (value.tokens === undefined), "give exactly one of prompt and tokens")
  .describe("Exactly one of `prompt` and `tokens` is given.");
export type ChatParams = z.infer<typeof ChatParamsSchema>;
export type CompleteParams = z.infer<typeof CompleteParamsSchema>;

const PartSchema = z
  .array(z.number().int().min(0).max(255))
  .optional()
  .describe("the token's own bytes, where it is only a part of a character; elsewhere they are those of `text`");

export const TokenSchema = z.object({
  index: z.number().int(),
  id: z.number().int().describe("in the model's vocabulary"),
  text: z
    .string()
    .describe(
      "what it adds to the answer; empty while a character is incomplete, and where the token belongs to the reasoning or is a mark",
    ),
  reasoning: z
    .string()
    .optional()
    .describe(
      "what it adds to the reasoning; empty: it is a mark around that, or its text comes with a later token; left out: it belongs to the answer",
    ),
  logprob: z.number().describe("natural logarithm, of the model's own distribution before bias and sampling"),
  bytes: PartSchema,
  top: z.array(z.object({ id: z.number().int(), text: z.string(), bytes: PartSchema, logprob: z.number() })).optional(),
  probes: z
    .array(z.number())
    .optional()
    .describe("reading of each requested probe at this token, in the order of the request; the decode that READ this token"),
  kl: z
    .number()
    .optional()
    .describe("with `decoding.kl`: KL divergence, in nats, of the distribution that it was chosen from, from the plain model's"),
  logits: z.array(z.number()).optional(),
  calls: z.array(ToolCallDeltaSchema).optional().describe("what it adds to the answer's calls of functions"),
});
export type Token = z.infer<typeof TokenSchema>;

export const PromptTokenSchema = TokenSchema.pick({ id: true, text: true, bytes: true, top: true }).extend({
  logprob: z.number().nullable().describe("given the tokens before it; null of the first"),
});
export type PromptToken = z.infer<typeof PromptTokenSchema>;

export const SteeringReportSchema = z.object({
  steered: z.boolean(),
  summary: z.string().describe("one sentence for people: what steers, or why nothing does"),
  decoding: z.string().optional().describe("the rule of decoding in words, where there is one"),
  controls: z.array(
    z.object({
      name: z.string(),
      use: z.string(),
      strength: z.number(),
      scope: z.string(),
      settings: z.record(z.string(), z.unknown()).describe("all settings of the control, those that were left out among them"),
      text: z.string().describe("how and where it acts, in words"),
      places: z.array(z.object({ site: z.enum(SITES), layers: z.array(z.number()) })).describe("one entry for each site"),
    }),
  ),
});

export const STOP_REASONS = [
  "end",
  "length",
  "stop-string",
  "cancelled",
  "context",
  "engine-crashed",
  "shutting-down",
  "grammar",
  "error",
] as const;

export const AnswerSchema = z.object({
  stream: z.string(),
  model: z.string(),
  text: z.string().describe("without the reasoning"),
  reasoning: z
    .string()
    .nullable()
    .describe("what the model thought before it answered; null: nothing, or its template has no part for that"),
  tokens: z.array(TokenSchema),
  toolCalls: z.array(ToolCallSchema).optional().describe("calls of functions, where there are any"),
  reason: z.enum(STOP_REASONS).describe("why it ended"),
  steered: SteeringReportSchema,
  changes: z
    .array(z.object({ token: z.number().int(), controls: z.record(z.string(), z.number()) }))
    .describe("strengths that changed while the answer was written, with the index of the first token under the new ones"),
  decoding: DecodingReportSchema.optional().describe("what a rule of decoding did, where there is one"),
  overflow: z.object({ droppedTurns: z.number().int(), droppedTokens: z.number().int() }).nullable(),
  promptTokens: z.array(PromptTokenSchema).optional().describe("with `echo`, without what the tokenizer put before a text"),
  seed: z.number().int(),
  numerics: NumericsSchema.nullable().describe("how the model computed it; null: it ended before it began"),
  stats: z.object({
    promptTokens: z.number().int().describe("including the chat template"),
    reusedTokens: z.number().int().describe("of the prompt, taken from the cache"),
    answerTokens: z.number().int(),
    reasoningTokens: z.number().int().describe("of these, tokens of the reasoning and marks around it"),
    queueMs: z.number(),
    firstTokenMs: z.number().describe("from the arrival of the request"),
    totalMs: z.number(),
    tokensPerSecond: z.number(),
  }),
});
export type Answer = z.infer<typeof AnswerSchema>;

/** As it is sent: its tokens went before it. */
const AnswerResultSchema = AnswerSchema.omit({ tokens: true });

export const generateMethods = {
  "generate.chat": method(
    "generate",
    "Answers a conversation through the model's chat template. Tokens arrive as `generate.token`, all of them before the result.",
    ChatParamsSchema,
    AnswerResultSchema,
  ),
  "generate.complete": method(
    "generate",
    "Continues raw text or tokens, without a chat template.",
    CompleteParamsSchema,
    AnswerResultSchema,
  ),
  "generate.cancel": method(
    "generate",
    "Ends an answer of this client; its result arrives with reason `cancelled`.",
    z.object({ stream: StreamIdSchema }).strict(),
    z.object({ cancelled: z.boolean() }),
  ),
  "steer.set": method(
    "generate",
    "Moves sliders of a running answer. Acknowledged when the engine has taken them: the first decode that starts after the acknowledgement runs under them.",
    z
      .object({
        stream: StreamIdSchema,
        set: few(z.record(ControlNameSchema, z.number().finite().min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT))),
      })
      .strict(),
    z.object({ steered: SteeringReportSchema }),
  ),
  "steer.check": method(
    "generate",
    "Compiles a rack or preset against a model without generating: order, sites, refusals.",
    z.object({ model: ModelIdSchema.optional(), steering: SteeringSchema }).strict(),
    z.object({ steered: SteeringReportSchema, ops: z.number().int() }),
  ),
} as const;

export const generateNotifications = {
  "generate.start": notification(
    "The answer left the queue.",
    z.object({
      stream: z.string(),
      model: z.string(),
      seed: z.number().int(),
      steered: SteeringReportSchema,
      promptTokens: z.number().int(),
      overflow: AnswerSchema.shape.overflow,
    }),
  ),
  "generate.token": notification("One or more tokens, in order.", z.object({ stream: z.string(), tokens: z.array(TokenSchema) })),
  "generate.steering": notification(
    "The first token under changed strengths was written.",
    z.object({ stream: z.string(), token: z.number().int(), controls: z.record(z.string(), z.number()), steered: SteeringReportSchema }),
  ),
  "generate.end": notification(
    "The answer ended without a result (its engine died, the daemon is stopping).",
    z.object({ stream: z.string(), reason: z.enum(STOP_REASONS), message: z.string() }),
  ),
} as const;

export { PresetIdSchema, RackSchema, SteeringSchema };
