/** Functions that a model may call, its calls, and what they answered. */
import * as z from "zod";
import { MessageSchema } from "./message.ts";

export const FunctionNameSchema = z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, "must be 1 to 128 letters, digits, '_', '-' or '.'");

export const ToolSchema = z
  .object({
    type: z.literal("function"),
    function: z
      .object({
        name: FunctionNameSchema,
        description: z.string().max(100_000).optional(),
        parameters: z.record(z.string(), z.unknown()).optional().describe("JSON Schema of its arguments"),
      })
      .strict(),
  })
  .strict();

export const ToolCallSchema = z.object({
  id: z.string().max(200),
  name: z.string().max(200),
  arguments: z.string().max(4_000_000).describe("JSON"),
});
export type ToolCall = z.infer<typeof ToolCallSchema>;

export const ToolCallDeltaSchema = z.object({
  index: z.number().int().describe("which call of the answer"),
  id: z.string().optional().describe("with the first piece"),
  name: z.string().optional(),
  arguments: z.string().describe("the next piece of the JSON"),
});
export type ToolCallDelta = z.infer<typeof ToolCallDeltaSchema>;

export const ChatMessageSchema = MessageSchema.extend({
  role: z.enum(["system", "user", "assistant", "tool"]),
  toolCalls: z.array(ToolCallSchema.strict()).max(128).optional().describe("of an assistant's turn"),
  toolCallId: z.string().max(200).optional().describe("of a tool's turn: the call that it answers"),
  name: z.string().max(200).optional().describe("of a tool's turn: the function"),
}).strict();
export type ChatMessage = z.infer<typeof ChatMessageSchema>;
