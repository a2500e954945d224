/** Running an answer for an HTTP request: a client of its own in the sessions, ended when the connection closes. */
import { randomBytes } from "node:crypto";
import type { Answer, Token } from "../../protocol/api/generate.ts";
import type { Sampling, Steering } from "../../protocol/preset.ts";
import type { StoredModel } from "../../store/models.ts";
import type { AnswerParams } from "../answers/sessions.ts";
import { requireScope } from "../transport/auth.ts";
import type { HttpCall } from "../transport/http-call.ts";
import type { ChatBody, CompletionBody } from "./schema.ts";

const STREAM = "answer";

export interface AnswerEvents {
  /** may wait until the client has taken them */
  tokens(tokens: Token[]): void;
}

export type AnswerRequest =
  | { readonly messages: { role: "system" | "user" | "assistant"; content: string }[]; readonly options: AnswerOptions }
  | { readonly prompt?: string; readonly tokens?: number[]; readonly options: AnswerOptions };

export interface AnswerOptions {
  readonly sampling: Sampling;
  readonly stop?: string[];
  readonly logitBias?: Record<string, number>;
  readonly topLogprobs?: number;
  readonly jsonSchema?: Record<string, unknown>;
}

/** @throws TillerError */
export async function runAnswer(
  { context, identity, request, response }: HttpCall,
  model: StoredModel,
  steering: Steering | undefined,
  { options, ...input }: AnswerRequest,
  events: AnswerEvents,
): Promise<Answer> {
  requireScope(identity, "generate", "this route");
  const client = `http-${randomBytes(8).toString("hex")}`;
  const gone = (): void => context.sessions.cancelAll(client);
  response.once("close", gone);
  if (request.destroyed && response.destroyed) gone();
  try {
    const params = { stream: STREAM, ...input, ...options, ...(steering === undefined ? {} : { steering }) } as AnswerParams;
    return await context.sessions.run(client, params, model, {
      start: () => undefined,
      tokens: (_stream, tokens) => events.tokens(tokens),
      steering: () => undefined,
      end: () => undefined,
    });
  } finally {
    response.off("close", gone);
  }
}

export function answerOptions(
  body: ChatBody | CompletionBody,
  maxTokens: number | null | undefined,
  topLogprobs: number | undefined,
): AnswerOptions {
  const sampling: Record<string, number> = {};
  const given: [keyof Sampling, number | null | undefined][] = [
    ["temperature", body.temperature],
    ["topP", body.top_p],
    ["topK", body.top_k],
    ["minP", body.min_p],
    ["repeatPenalty", body.repeat_penalty],
    ["frequencyPenalty", body.frequency_penalty],
    ["presencePenalty", body.presence_penalty],
    ["seed", body.seed],
    ["maxTokens", maxTokens === -1 ? null : maxTokens],
  ];
  for (const [key, value] of given) if (value !== null && value !== undefined) sampling[key] = value;
  return {
    sampling,
    ...(body.stop === null || body.stop === undefined ? {} : { stop: typeof body.stop === "string" ? [body.stop] : body.stop }),
    ...(body.logit_bias === null || body.logit_bias === undefined ? {} : { logitBias: body.logit_bias }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
  };
}

export function finishReason({ reason }: Pick<Answer, "reason">): "stop" | "length" {
  return reason === "length" || reason === "context" ? "length" : "stop";
}

export function usage({ stats }: Answer): {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
} {
  return {
    prompt_tokens: stats.promptTokens,
    completion_tokens: stats.answerTokens,
    total_tokens: stats.promptTokens + stats.answerTokens,
    prompt_tokens_details: { cached_tokens: stats.reusedTokens },
  };
}

/** What steered the answer, beside OpenAI's own fields: clients that do not know it leave it aside. */
export function steeredField({ steered, changes }: Answer): object {
  return { steered: { ...steered, changes } };
}

export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(12).toString("hex")}`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
