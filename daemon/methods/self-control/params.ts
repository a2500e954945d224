/** What a search is asked for. */
import * as z from "zod";
import { JudgeChoiceSchema } from "../../protocol/evaluation.ts";
import { seed } from "../shared/params.ts";

const line = z.string().min(1).max(300);

export const ParamsSchema = z
  .object({
    guideline: line
      .describe("what answers should be, as the end of `The answer …`")
      .meta({ title: "The answer …", example: "is calm and friendly" }),
    instruction: line
      .optional()
      .describe("the same as an instruction, for the comparison with prompting; left out: `Make sure that your answer …`")
      .meta({ title: "Instruction to compare with", example: "Answer calmly." }),
    prompts: z
      .array(z.string().min(1).max(4000))
      .min(1)
      .max(200)
      .describe("what users say")
      .meta({ title: "Prompts", widget: "texts", example: "You cancelled my flight again!" }),
    judge: JudgeChoiceSchema.optional()
      .describe("scores the answers independently; left out: only the model itself does")
      .meta({ title: "Judge", widget: "judge" }),
    iterations: z.number().int().min(1).max(20).default(3).describe("of the search").meta({ title: "Iterations", advanced: true }),
    step: z
      .number()
      .min(0.001)
      .max(2)
      .default(0.05)
      .describe("first step, in median residual norms")
      .meta({ title: "Step", advanced: true }),
    tries: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(4)
      .describe("sizes tried in each iteration, each twice the one before")
      .meta({ title: "Sizes", advanced: true }),
    threshold: z.number().min(0).max(1).default(0).describe("by how much the score must rise").meta({ title: "Threshold", advanced: true }),
    maxTokens: z.number().int().min(4).max(512).default(50).describe("of an answer").meta({ title: "Tokens", advanced: true }),
    seed: seed("of the random control"),
  })
  .strict();
export type Params = z.infer<typeof ParamsSchema>;
