/** What answers of every route have in common, in OpenAI's fields and ours. Pure but for ids and the clock. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Answer } from "../../protocol/api/generate.ts";

export function finishReason({ reason, toolCalls }: Pick<Answer, "reason" | "toolCalls">): "stop" | "length" | "tool_calls" {
  if (toolCalls !== undefined && reason === "end") return "tool_calls";
  return reason === "length" || reason === "context" ? "length" : "stop";
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

/** @param perPrompt so many answers in a row have the same prompt, which counts once */
export function usage(answers: readonly Answer[], perPrompt = 1): Usage {
  const sum = (of: readonly Answer[], value: (stats: Answer["stats"]) => number): number =>
    of.reduce((total, { stats }) => total + value(stats), 0);
  const first = answers.filter((_, which) => which % perPrompt === 0);
  const prompt = sum(first, ({ promptTokens }) => promptTokens);
  const completion = sum(answers, ({ answerTokens }) => answerTokens);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    completion_tokens_details: { reasoning_tokens: sum(answers, ({ reasoningTokens }) => reasoningTokens) },
    prompt_tokens_details: { cached_tokens: sum(first, ({ reusedTokens }) => reusedTokens) },
  };
}

/**
 * What OpenAI has no fields for: what steered the answer, what its rule of decoding did, what of the conversation was left out, keys of the body that were not
 * read. Clients that do not know them leave them aside.
 */
export function ourFields({ steered, changes, decoding, overflow }: Answer, ignored: readonly string[]): object {
  return {
    steered: { ...steered, changes },
    ...(decoding === undefined ? {} : { decoding }),
    ...(overflow === null ? {} : { overflow }),
    ...(ignored.length === 0 ? {} : { ignored }),
  };
}

/** The same where a client shows headers only; for streams before their first event. */
export function ourHeaders(response: ServerResponse, overflow: Answer["overflow"], ignored: readonly string[]): void {
  if (response.headersSent) return;
  if (overflow !== null)
    response.setHeader("x-tiller-overflow", `dropped-turns=${overflow.droppedTurns}, dropped-tokens=${overflow.droppedTokens}`);
  if (ignored.length > 0) response.setHeader("x-tiller-ignored", ignored.map(encodeURIComponent).join(", ").slice(0, 2000));
}

export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(12).toString("hex")}`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
