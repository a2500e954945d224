/** How a conversation is written for the model: the fields that `generate.chat` and `model.render` share. */
import * as z from "zod";

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
