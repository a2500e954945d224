/** `/v1/chat/completions` */
import type { Answer, Token } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import { readBody } from "../transport/body.ts";
import { cleanError } from "../transport/dispatch.ts";
import { type HttpCall, sendJson } from "../transport/http-call.ts";
import { type AnswerRequest, answerOptions, finishReason, newId, nowSeconds, runAnswer, steeredField, usage } from "./answer.ts";
import { chatLogprobs } from "./logprobs.ts";
import { resolveTarget } from "./models.ts";
import { type ChatBody, ChatBodySchema } from "./schema.ts";
import { EventStream } from "./sse.ts";

export async function chatCompletions(call: HttpCall): Promise<void> {
  const { context, request, response } = call;
  const body = await readBody(request, ChatBodySchema, context.config.limits.messageBytes);
  const { model, steering, name } = await resolveTarget(call, body.model, body.steering);
  const asked = answerRequest(body);
  const base = { id: newId("chatcmpl"), created: nowSeconds(), model: name };
  const withLogprobs = body.logprobs === true;
  if (body.stream !== true) {
    const answer = await runAnswer(call, model, steering, asked, { tokens: () => undefined });
    const message = { role: "assistant", content: answer.text, refusal: null };
    const logprobs = withLogprobs ? { content: chatLogprobs(answer.tokens), refusal: null } : null;
    const choice = { index: 0, message, logprobs, finish_reason: finishReason(answer) };
    sendJson(response, 200, { ...base, object: "chat.completion", choices: [choice], usage: usage(answer), ...steeredField(answer) });
    return;
  }
  const stream = new EventStream(response, context);
  const chunk = (delta: object, tokens: Token[], finish: string | null): object => ({
    ...base,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: withLogprobs ? { content: chatLogprobs(tokens), refusal: null } : null, finish_reason: finish }],
  });
  let answer: Answer;
  try {
    let first = true;
    answer = await runAnswer(call, model, steering, asked, {
      tokens: (tokens) => {
        if (first) stream.send(chunk({ role: "assistant", content: "" }, [], null));
        first = false;
        stream.send(chunk({ content: textOf(tokens) }, tokens, null));
      },
    });
  } catch (error) {
    if (!stream.started) throw error;
    stream.fail(cleanError(error, context.log, "an answer"));
    return;
  }
  stream.send({ ...chunk({}, [], finishReason(answer)), ...steeredField(answer) });
  if (body.stream_options?.include_usage === true)
    stream.send({ ...base, object: "chat.completion.chunk", choices: [], usage: usage(answer) });
  stream.end();
}

export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join("");
}

function answerRequest(body: ChatBody): AnswerRequest {
  if (body.top_logprobs != null && body.logprobs !== true) {
    throw new TillerError("invalid-params", "top_logprobs: needs logprobs: true", { field: "top_logprobs" });
  }
  if (body.max_tokens != null && body.max_completion_tokens != null && body.max_tokens !== body.max_completion_tokens) {
    throw new TillerError("invalid-params", "max_tokens: differs from max_completion_tokens; give one of them", { field: "max_tokens" });
  }
  const options = answerOptions(
    body,
    body.max_completion_tokens ?? body.max_tokens,
    body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
  );
  const messages = body.messages.map(({ role, content }) => ({
    role: role === "developer" ? ("system" as const) : role,
    content: typeof content === "string" ? content : content.map((part) => part.text).join(""),
  }));
  const jsonSchema = schemaOf(body.response_format);
  return { messages, options: jsonSchema === undefined ? options : { ...options, jsonSchema } };
}

function schemaOf(format: ChatBody["response_format"]): Record<string, unknown> | undefined {
  if (format == null || format.type === "text") return undefined;
  return format.type === "json_schema" ? format.json_schema.schema : { type: "object", additionalProperties: true };
}
