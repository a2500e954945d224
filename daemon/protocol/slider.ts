/** A slider asked for in words: from them the model writes its own contrast pairs. */
import * as z from "zod";
import { ReplaceSchema } from "./artifact.ts";
import { JudgeChoiceSchema } from "./evaluation.ts";
import { ArtifactIdSchema } from "./preset.ts";

const wish = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => text.trim() !== "", "must say something");

export const SliderParamsSchema = z
  .object({
    id: ArtifactIdSchema,
    replace: ReplaceSchema,
    from: wish.describe("a word, such as sarcasm, or a sentence that asks for the property, such as `Answer like a pirate.`"),
    opposite: wish.optional().describe("the other side of the contrast; left out: a plain answer"),
    title: z.string().max(120).optional(),
    model: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be a model id as model.list gives it")
      .optional(),
    judge: JudgeChoiceSchema.optional().describe("keeps the pairs that show the property, and measures the receipt; left out: neither"),
    layers: z.number().int().min(1).max(64).default(2).describe("use so many of the best layers"),
    seed: z.number().int().min(0).max(0xffffffff).default(7),
  })
  .strict();
export type SliderParams = z.infer<typeof SliderParamsSchema>;
