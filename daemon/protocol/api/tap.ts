/** `tap.*`: reading activations. They reveal prompts, so they need the `capture` scope and nothing is kept. */
import * as z from "zod";
import { SteeringSchema } from "../preset.ts";
import { SITES } from "../sites.ts";
import { StreamIdSchema } from "./generate.ts";
import { ModelIdSchema } from "./model.ts";
import { method } from "./table.ts";

export const LayerSelectionSchema = z.union([z.literal("all"), z.array(z.number().int().min(0).max(1023)).min(1).max(1024)]);

export const tapMethods = {
  "tap.run": method(
    "capture",
    "One forward pass over raw text or tokens (no chat template). Values come as binary frames with this stream id, before the result.",
    z
      .object({
        model: ModelIdSchema.optional(),
        stream: StreamIdSchema,
        prompt: z.string().max(1_000_000).optional(),
        tokens: z.array(z.number().int().min(0)).max(65536).optional(),
        sites: z.array(z.enum(SITES)).max(SITES.length).default([]),
        layers: LayerSelectionSchema.default("all"),
        logits: z.boolean().default(true),
        steering: SteeringSchema.optional(),
      })
      .strict()
      .refine((value) => (value.prompt === undefined) !== (value.tokens === undefined), "give exactly one of prompt and tokens")
      .describe("Exactly one of `prompt` and `tokens` is given."),
    z.object({
      tokens: z.array(z.number().int()),
      texts: z.array(z.string()).describe("text of each token"),
      frames: z.number().int().describe("how many binary frames were sent before this result"),
      steered: z.object({ steered: z.boolean(), summary: z.string() }),
    }),
  ),
  "tap.subscribe": method(
    "capture",
    "Live values of a running or coming answer of this client, at most `fps` frames a second: binary frames, dropped rather than queued when the client is slow.",
    z
      .object({
        stream: StreamIdSchema,
        site: z.enum(SITES).default("mlp.mid"),
        layers: LayerSelectionSchema.default("all"),
        fps: z.number().min(0.1).max(60).default(30),
        encoding: z
          .enum(["u8", "f32"])
          .default("u8")
          .describe("`u8`: |value| scaled to 0..255 by the frame's own maximum per layer (1 byte a neuron); `f32`: the values"),
      })
      .strict(),
    z.object({ layers: z.array(z.number().int()), widths: z.array(z.number().int()), bytesPerSecond: z.number() }),
  ),
  "tap.unsubscribe": method(
    "capture",
    "Ends a subscription.",
    z.object({ stream: StreamIdSchema }).strict(),
    z.object({ ended: z.boolean() }),
  ),
} as const;
