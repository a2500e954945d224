/** What "a direction from contrast pairs" is asked for with. */
import * as z from "zod";
import { ContrastPairSchema } from "../../../protocol/artifact.ts";
import { making, provenance, seed, site } from "../../shared/params.ts";

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
      .enum(["mean-difference", "pca"])
      .default("mean-difference")
      .describe("how the vector is made of the readings")
      .meta({
        title: "Method",
        widget: "select",
        options: { "mean-difference": "from one class mean to the other", pca: "the first principal direction of the paired differences" },
        advanced: true,
      }),
    site: site.default("resid").describe("where the direction is read and acts"),
    readAt: z
      .enum(["last", "mean"])
      .default("last")
      .describe("which tokens of a text are read: the last one, or the mean over all of them")
      .meta({ title: "Read at", widget: "select", options: { last: "the last token", mean: "the mean over all tokens" }, advanced: true }),
    render: z
      .enum(["chat", "raw"])
      .default("raw")
      .describe("texts are user turns of a chat (rendered through the template, read at the generation header), or raw")
      .meta({ title: "Texts are", widget: "select", options: { raw: "raw text", chat: "user turns of a chat" }, advanced: true }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe("the control acts at so many layers, those that separate best")
      .meta({ title: "Layers", advanced: true }),
    heldOut: z
      .number()
      .min(0.1)
      .max(0.5)
      .default(0.25)
      .describe("part of the pairs that only measures")
      .meta({ title: "Held out", advanced: true }),
    seed: seed("of the split into training and held-out pairs"),
    ...provenance,
  })
  .strict()
  .refine((value) => (value.pairs === undefined) !== (value.templates === undefined), "give exactly one of pairs and templates")
  .describe("Exactly one of `pairs` and `templates` is given.");
export type FromPairs = z.infer<typeof FromPairsSchema>;
