/** What an attribution is asked for. */
import * as z from "zod";
import { seed } from "../../methods/shared/params.ts";

export const ParamsSchema = z
  .object({
    prompt: z
      .string()
      .min(1)
      .max(20_000)
      .describe("what the user says")
      .meta({ title: "Prompt", widget: "text", example: "What is the capital of France?" }),
    answer: z.string().min(1).max(1000).describe("how the answer begins").meta({ title: "Answer", example: "Paris" }),
    against: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe("another beginning that it is weighed against; left out: everything else")
      .meta({ title: "Against", example: "London" }),
    top: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(30)
      .describe("so many neurons and heads are listed")
      .meta({ title: "Listed", advanced: true }),
    checked: z
      .number()
      .int()
      .min(1)
      .max(50)
      .default(8)
      .describe("so many neurons are really set to zero, and as many drawn at random")
      .meta({ title: "Checked", advanced: true }),
    seed: seed("of the neurons drawn at random"),
  })
  .strict();
export type Params = z.infer<typeof ParamsSchema>;
