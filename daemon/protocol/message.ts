/** One turn of a conversation. */
import * as z from "zod";

export const MessageSchema = z
  .object({
    role: z.enum(["system", "user", "assistant"]),
    content: z.string().max(4_000_000),
    reasoning: z.string().max(4_000_000).optional().describe("of an assistant's turn: what the model thought before it"),
  })
  .strict();
export type Message = z.infer<typeof MessageSchema>;
