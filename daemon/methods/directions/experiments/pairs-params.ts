/** What "a direction from contrast pairs" is asked for with. */
import * as z from "zod";
import { ContrastPairSchema } from "../../../protocol/artifact.ts";
import { making, provenance, seed, site } from "../../shared/params.ts";

export const METHODS = {
  "mean-difference": "from one class mean to the other",
  pca: "the first principal direction of the paired differences (repeng's pca_center)",
  "pca-diff": "the same without their mean (repeng's pca_diff)",
  logistic: "the normal of a logistic regression between the classes",
  lda: "the difference of the means, whitened by the covariance within the classes",
  "mean-centring": "from neutral text to the mean of the texts with the property",
} as const;
export type MethodName = keyof typeof METHODS;

export const READ_AT = {
  mean: "the mean over the answer's own tokens",
  last: "the last token of the answer",
  "prompt-end": "the last token before the answer",
} as const;
export type ReadAt = keyof typeof READ_AT;

export const CHOOSE = {
  effect: "what they do to the likelihood of held-out answers, and then to what the model writes",
  separation: "how well they separate, which costs no answers",
} as const;
export type Choose = keyof typeof CHOOSE;

export const FromPairsSchema = z
  .object({
    ...making,
    pairs: z
      .array(ContrastPairSchema)
      .min(2)
      .max(5000)
      .optional()
      .describe("the contrasts; either these or `templates`")
      .meta({ title: "Contrast pairs", widget: "pairs", group: "source" }),
    templates: z
      .object({
        positive: z.string().max(20000).meta({ title: "Template with the property", example: "You are very happy. {}" }),
        negative: z.string().max(20000).meta({ title: "Template without it", example: "You are very sad. {}" }),
        texts: z.array(z.string().min(1).max(20000)).min(2).max(5000).meta({ title: "Texts for {}, one a line", widget: "texts" }),
      })
      .strict()
      .optional()
      .describe("two texts with `{}`, and what to put there")
      .meta({ title: "Two templates and texts", group: "source" }),
    method: z
      .enum(Object.keys(METHODS) as [MethodName, ...MethodName[]])
      .default("mean-difference")
      .describe("how the vector is made of the readings")
      .meta({ title: "Method", widget: "select", options: METHODS, advanced: true }),
    site: site.default("resid").describe("where the direction is read and acts"),
    readAt: z
      .enum(Object.keys(READ_AT) as [ReadAt, ...ReadAt[]])
      .default("mean")
      .describe("which tokens of a text are read; never its first position, and no attention sink")
      .meta({ title: "Read at", widget: "select", options: READ_AT, advanced: true }),
    finalNorm: z
      .boolean()
      .default(false)
      .describe("the last layer is read behind the model's final norm, as repeng reads it")
      .meta({ title: "Last layer behind the final norm", advanced: true }),
    render: z
      .enum(["chat", "raw"])
      .default("raw")
      .describe("texts are user turns of a chat (rendered through the template), or raw")
      .meta({ title: "Texts are", widget: "select", options: { raw: "raw text", chat: "user turns of a chat" }, advanced: true }),
    choose: z
      .enum(Object.keys(CHOOSE) as [Choose, ...Choose[]])
      .default("separation")
      .describe("how its layers and its unit are chosen")
      .meta({ title: "Choose layers by", widget: "select", options: CHOOSE, advanced: true }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe("by separation: the control acts at so many layers")
      .meta({ title: "Layers", advanced: true }),
    heldOut: z
      .union([z.literal(0), z.number().min(0.1).max(0.5)])
      .optional()
      .describe("part of the questions that only measures; left out: a quarter, or 12 where that is at most half; 0: all are learned from")
      .meta({ title: "Held out", advanced: true }),
    seed: seed("of the split into training and held-out pairs"),
    ...provenance,
  })
  .strict()
  .refine((value) => (value.pairs === undefined) !== (value.templates === undefined), "give exactly one of pairs and templates")
  .describe("Exactly one of `pairs` and `templates` is given.");
export type FromPairs = z.infer<typeof FromPairsSchema>;
