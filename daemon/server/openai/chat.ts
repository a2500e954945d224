/** `/v1/chat/completions` */
import type { Token } from "../../protocol/api/generate.ts";
import type { RenderFields } from "../../protocol/api/render.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/tools.ts";
import type { ResponsesBody } from "../responses/schema.ts";
import { readBody } from "../transport/body.ts";
import { bodyRules, type HttpCall } from "../transport/http-call.ts";
import type { AnswerRequest } from "./answers.ts";
import { commonRequest } from "./common-request.ts";
import { chatLogprobs } from "./logprobs.ts";
import { resolveTarget } from "./models.ts";
import { reply, type Shape } from "./respond.ts";
import { type ChatBody, ChatBodySchema, CONTENT_RULE } from "./schema.ts";
import { finishReason } from "./shape.ts";
import { callsOf, deltaField, toolCallsField, toolParams } from "./tools.ts";

export async function chatCompletions(call: HttpCall): Promise<void> {
  const { data: body, ignored } = await readBody(call.request, ChatBodySchema, bodyRules(call));
  const { name, ...target } = await resolveTarget(call, body.model, body.steering);
  const perPrompt = body.n ?? 1;
  await reply(call, {
    target,
    name,
    asked: answerRequests(body, perPrompt),
    perPrompt,
    ignored,
    stream: body.stream === true,
    withUsage: body.stream_options?.include_usage === true,
    shape: chatShape(body.logprobs === true),
  });
}

function chatShape(withLogprobs: boolean): Shape {
  const logprobs = (tokens: Token[]): object | null => (withLogprobs ? { content: chatLogprobs(tokens), refusal: null } : null);
  const delta = (fields: object, tokens: Token[], finish: string | null): object => ({
    delta: fields,
    logprobs: logprobs(tokens),
    finish_reason: finish,
  });
  return {
    idPrefix: "chatcmpl",
    object: "chat.completion",
    chunkObject: "chat.completion.chunk",
    whole: (answer) => ({
      message: {
        role: "assistant",
        content: answer.text === "" && answer.toolCalls !== undefined ? null : answer.text,
        ...toolCallsField(answer.toolCalls),
        ...(answer.reasoning === null ? {} : { reasoning_content: answer.reasoning }),
        refusal: null,
      },
      logprobs: logprobs(answer.tokens.filter(said)),
      finish_reason: finishReason(answer),
    }),
    opening: () => delta({ role: "assistant", content: "" }, [], null),
    piece: (tokens) => {
      const reasoning = tokens.map((token) => token.reasoning ?? "").join("");
      const spoken = tokens.filter(said);
      const calls = tokens.flatMap((token) => token.calls ?? []);
      if (reasoning === "" && spoken.length === 0 && calls.length === 0) return null;
      const fields = {
        ...(calls.length === 0 ? {} : { tool_calls: calls.map(deltaField) }),
        ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
        ...(spoken.length === 0 ? {} : { content: textOf(spoken) }),
      };
      return delta(fields, spoken, null);
    },
    closing: (answer) => delta({}, [], finishReason(answer)),
  };
}

/** Not of the reasoning, and no mark around it. */
function said({ text, reasoning }: Token): boolean {
  return text !== "" || reasoning === undefined;
}

export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join("");
}

function answerRequests(body: ChatBody, n: number): AnswerRequest[] {
  if (body.top_logprobs != null && body.logprobs !== true) {
    throw new TillerError("invalid-params", "top_logprobs: needs logprobs: true", { field: "top_logprobs" });
  }
  if (body.max_tokens != null && body.max_completion_tokens != null && body.max_tokens !== body.max_completion_tokens) {
    throw new TillerError("invalid-params", "max_tokens: differs from max_completion_tokens; give one of them", { field: "max_tokens" });
  }
  const budgets = [body.reasoning_budget_tokens, body.thinking_budget_tokens].filter((tokens) => tokens != null && tokens >= 0);
  const fields = {
    messages: messagesOf(body.messages),
    ...toolParams(body.tools, body.tool_choice, body.parallel_tool_calls),
    ...renderOf(body),
    ...(budgets.length === 0 ? {} : { reasoningBudget: Math.min(...(budgets as number[])) }),
  };
  const jsonSchema = schemaOf(body.response_format);
  const topLogprobs = body.logprobs === true ? (body.top_logprobs ?? 0) : undefined;
  return Array.from({ length: n }, (_, which) => ({
    ...fields,
    ...commonRequest(body, { maxTokens: body.max_completion_tokens ?? body.max_tokens, topLogprobs, which }),
    ...(jsonSchema === undefined ? {} : { jsonSchema }),
  }));
}

export function messagesOf(messages: ChatBody["messages"]): ChatMessage[] {
  return messages.map(({ role, content, reasoning_content: reasoning, tool_calls: calls, tool_call_id: answers, name }, i) => {
    if (content == null && !(role === "assistant" && calls != null && calls.length > 0))
      throw new TillerError("invalid-params", `messages.${i}.content: ${CONTENT_RULE}`, { field: `messages.${i}.content` });
    return {
      role: role === "developer" ? ("system" as const) : role,
      content: content == null ? "" : typeof content === "string" ? content : content.map((part) => part.text).join(""),
      ...(reasoning == null || reasoning === "" ? {} : { reasoning }),
      ...(role === "assistant" ? callsOf(calls) : {}),
      ...(role === "tool" && answers != null ? { toolCallId: answers } : {}),
      ...(role === "tool" && name != null ? { name } : {}),
    };
  });
}

export function renderOf(body: Pick<ChatBody, "reasoning_effort" | "chat_template_kwargs">): RenderFields {
  return {
    ...(body.reasoning_effort == null ? {} : { reasoningEffort: body.reasoning_effort }),
    ...(body.chat_template_kwargs == null ? {} : { templateKwargs: body.chat_template_kwargs }),
  };
}

type Format = ChatBody["response_format"] | NonNullable<ResponsesBody["text"]>["format"];

export function schemaOf(format: Format): Record<string, unknown> | undefined {
  if (format == null || format.type === "text") return undefined;
  if (format.type === "json_object") return { type: "object", additionalProperties: true };
  return "json_schema" in format ? format.json_schema.schema : format.schema;
}
