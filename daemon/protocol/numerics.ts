/** What an answer's last digits depend on beside model, request and seed: told with answers, inspections and receipts. */
import * as z from "zod";

export const NumericsSchema = z
  .object({
    flashAttention: z.boolean(),
    kvType: z.enum(["f32", "f16", "q8_0"]).describe("of keys and values in the context"),
    exact: z.boolean().describe("computed by itself, equal to the last bit whatever ran beside it"),
  })
  .strict();
export type Numerics = z.infer<typeof NumericsSchema>;
