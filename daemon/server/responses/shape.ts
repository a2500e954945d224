/** An answer as the object that `/v1/responses` gives, before, while and after it is written. Pure. */
import type { Answer } from "../../protocol/api/generate.ts";
import { ourFields } from "../openai/shape.ts";
import type { ResponsesBody } from "./schema.ts";

export interface Named {
  readonly id: string;
  readonly itemId: string;
  readonly created: number;
  readonly model: string;
}

export function responseObject(body: ResponsesBody, named: Named, answer: Answer | null, ignored: readonly string[]): object {
  const cut = answer !== null && (answer.reason === "length" || answer.reason === "context");
  return {
    id: named.id,
    object: "response",
    created_at: named.created,
    status: answer === null ? "in_progress" : cut ? "incomplete" : "completed",
    error: null,
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: named.model,
    output: answer === null ? [] : [messageItem(named.itemId, answer.text, cut ? "incomplete" : "completed")],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: body.temperature ?? null,
    text: { format: body.text?.format ?? { type: "text" } },
    tool_choice: body.tool_choice ?? "auto",
    tools: [],
    top_p: body.top_p ?? null,
    truncation: body.truncation ?? "disabled",
    usage: answer === null ? null : usageOf(answer),
    user: body.user ?? null,
    metadata: body.metadata ?? {},
    ...(answer === null ? {} : ourFields(answer, ignored)),
  };
}

export function messageItem(id: string, text: string | null, status: string): object {
  return { id, type: "message", status, role: "assistant", content: text === null ? [] : [textPart(text)] };
}

export function textPart(text: string): object {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function usageOf({ stats }: Answer): object {
  return {
    input_tokens: stats.promptTokens,
    input_tokens_details: { cached_tokens: stats.reusedTokens },
    output_tokens: stats.answerTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: stats.promptTokens + stats.answerTokens,
  };
}
