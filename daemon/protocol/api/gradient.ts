/** `gradient.*`: what moves a loss on a model's answer. It reveals prompts as taps do and costs several forward passes: a scope of its own. */
import * as z from "zod";
import { SITES } from "../sites.ts";
import { MessageSchema, StreamIdSchema } from "./generate.ts";
import { ModelIdSchema } from "./model.ts";
import { method } from "./table.ts";
import { LayerSelectionSchema } from "./tap.ts";

const TokensSchema = z.array(z.number().int().min(0)).min(1).max(65536);

export const GRADIENT_KINDS = ["gradient", "value", "product"] as const;

export const gradientMethods = {
  "gradient.run": method(
    "gradient",
    "Gradients of a loss on the plain model's answers, on its own pass without steering: loss = Σ −weight · log p(answer | prompt), so a weight of 1 and one of −1 are a difference of log-probabilities. Values come as binary frames with this stream id, before the result, one or more for each place in the order asked. Waits for other gradients of the model.",
    z
      .object({
        model: ModelIdSchema.optional(),
        stream: StreamIdSchema,
        messages: z.array(MessageSchema).min(1).max(1000).optional().describe("the prompt ends with the header of an answer"),
        prompt: z.string().min(1).max(1_000_000).optional(),
        tokens: TokensSchema.optional(),
        answers: z
          .array(
            z
              .object({
                text: z.string().min(1).max(10_000).optional(),
                tokens: TokensSchema.optional(),
                weight: z.number().min(-1e6).max(1e6).default(1),
              })
              .strict()
              .refine((value) => (value.text === undefined) !== (value.tokens === undefined), "give exactly one of text and tokens"),
          )
          .min(1)
          .max(64)
          .describe("of one token they share a pass, a longer one takes a pass of its own"),
        wants: z
          .array(
            z
              .object({
                site: z.enum(SITES),
                layers: LayerSelectionSchema.default("all"),
                what: z
                  .enum(GRADIENT_KINDS)
                  .default("gradient")
                  .describe("`gradient`: d(loss)/d(value) = that of a shift there; `value`; `product`: both multiplied, the attribution"),
              })
              .strict(),
          )
          .max(32)
          .default([]),
        shifts: z
          .array(
            z
              .object({
                site: z.enum(SITES),
                layer: z.number().int().min(0).max(1023),
                from: z.number().int().min(0).describe("first position"),
                rows: z.number().int().min(1).max(65536),
                values: z.array(z.number()).max(4_000_000).describe("rows × width, added there"),
              })
              .strict(),
          )
          .max(1024)
          .default([]),
      })
      .strict()
      .refine(
        ({ messages, prompt, tokens }) => [messages, prompt, tokens].filter((one) => one !== undefined).length === 1,
        "give exactly one of messages, prompt and tokens",
      )
      .describe("Exactly one of `messages`, `prompt` and `tokens` is given."),
    z.object({
      tokens: z.array(z.number().int()),
      texts: z.array(z.string()).describe("text of each token"),
      loss: z.number(),
      answers: z.array(z.object({ logprob: z.number().describe("natural"), tokens: z.array(z.number().int()) })),
      frames: z.number().int().describe("how many binary frames were sent before this result"),
      milliseconds: z.number(),
    }),
  ),
} as const;
