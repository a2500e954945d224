/** How a conversation is written for the model: the fields that `generate.chat` and `model.render` share. */
import * as z from "zod";
import { MessageSchema } from "../message.ts";
import { ModelIdSchema } from "./model.ts";
import { method } from "./table.ts";

export const REASONING_EFFORT = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "must be a word, such as low, medium, high or none");
export const TEMPLATE_LIMIT = 500_000;

/** What a model's template cannot do is refused by name. */
export const renderFields = {
  thinking: z
    .boolean()
    .optional()
    .describe("whether the model reasons before it answers (`enable_thinking` of its template); left out: as the template has it"),
  reasoningEffort: REASONING_EFFORT.optional().describe("for templates that speak of `reasoning_effort`; none: as `thinking: false`"),
  templateKwargs: z
    .record(z.string().max(100), z.unknown())
    .optional()
    .describe("further variables of the model's chat template; one that it does not use is refused"),
};
export type RenderFields = z.infer<z.ZodObject<typeof renderFields>>;

const one = { model: ModelIdSchema.optional().describe("left out: the default model") };
const TokensSchema = z.array(z.number().int().min(0).max(10_000_000)).max(1_048_576);

export const TemplateSchema = z.object({
  origin: z
    .enum(["model", "user", "plain"])
    .describe("the file's own, one that was given with `model.template`, or none: a base model, whose turns are plain paragraphs"),
  source: z.string(),
  renderer: z.enum(["llama.cpp", "jinja", "none"]).describe("which renderer reads it; none: neither can, see `problem`"),
  problem: z.string().nullable(),
  thinking: z.boolean().describe("it has a part for reasoning"),
  capabilities: z.record(z.string(), z.boolean()).describe("llama.cpp's view of it"),
});

export const renderMethods = {
  "model.render": method(
    "generate",
    "The very prompt that an answer to these turns would start from, as text and as tokens. Loads the model when it is not loaded.",
    z
      .object({
        ...one,
        messages: z.array(MessageSchema).min(1).max(2000),
        ...renderFields,
        addGenerationPrompt: z.boolean().optional().describe("false: no answer is begun"),
        maxTokens: z.number().int().min(0).max(1_000_000).optional().describe("of the answer, which `leftOut` counts with"),
      })
      .strict(),
    z.object({
      text: z.string(),
      tokens: z.array(z.number().int()),
      renderer: z.enum(["llama.cpp", "jinja"]),
      generationPrompt: z.string().describe("the end of `text` in which the answer begins"),
      contextSize: z.number().int().describe("tokens that prompt and answer have room for together"),
      leftOut: z
        .object({ droppedTurns: z.number().int(), droppedTokens: z.number().int() })
        .nullable()
        .describe("what an answer whose oldest turns may go would leave out; null: nothing, or it does not fit at all"),
    }),
  ),
  "model.tokenize": method(
    "generate",
    "A text's tokens.",
    z
      .object({
        ...one,
        text: z.string().max(4_000_000),
        addSpecial: z.boolean().default(false).describe("with what the model wants in front, such as BOS"),
        parseSpecial: z.boolean().default(true).describe("special tokens may be named"),
      })
      .strict(),
    z.object({
      tokens: z.array(z.number().int()),
      pieces: z
        .array(z.object({ text: z.string(), bytes: z.array(z.number().int()).nullable() }))
        .describe("`bytes` of parts of characters"),
    }),
  ),
  "model.detokenize": method(
    "generate",
    "Tokens as text, special ones as they are named.",
    z.object({ ...one, tokens: TokensSchema }).strict(),
    z.object({ text: z.string() }),
  ),
  "model.template": method(
    "load",
    "Writes the model's conversations by a chat template (Jinja) of one's own from now on, kept until another is given; null: by its own.",
    z.object({ ...one, source: z.string().min(1).max(TEMPLATE_LIMIT).nullable() }).strict(),
    TemplateSchema,
  ),
} as const;
