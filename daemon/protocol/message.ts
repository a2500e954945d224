/** One turn of a conversation. */
import * as z from "zod";

export const MessageSchema = z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string().max(4_000_000) }).strict();
export type Message = z.infer<typeof MessageSchema>;
