/** `/v1/completions`: raw text or tokens, no chat template. */
import type { Answer, Token } from "../../protocol/api/generate.ts";
import { readBody } from "../transport/body.ts";
import { cleanError } from "../transport/dispatch.ts";
import { type HttpCall, sendJson } from "../transport/http-call.ts";
import { type AnswerRequest, answerOptions, finishReason, newId, nowSeconds, runAnswer, steeredField, usage } from "./answer.ts";
import { textOf } from "./chat.ts";
import { textLogprobs } from "./logprobs.ts";
import { resolveTarget } from "./models.ts";
import { type CompletionBody, CompletionBodySchema } from "./schema.ts";
import { EventStream } from "./sse.ts";

/** What OpenAI's interface takes when a completion names no length. */
const DEFAULT_TOKENS = 16;

export async function textCompletions(call: HttpCall): Promise<void> {
  const { context, request, response } = call;
  const body = await readBody(request, CompletionBodySchema, context.config.limits.messageBytes);
  const { model, steering, name } = await resolveTarget(call, body.model, body.steering);
  const asked = answerRequest(body);
  const base = { id: newId("cmpl"), object: "text_completion", created: nowSeconds(), model: name };
  const withLogprobs = body.logprobs != null;
  const choice = (text: string, tokens: Token[], offset: number, finish: string | null): object => ({
    index: 0,
    text,
    logprobs: withLogprobs ? textLogprobs(tokens, offset) : null,
    finish_reason: finish,
  });
  if (body.stream !== true) {
    const answer = await runAnswer(call, model, steering, asked, { tokens: () => undefined });
    sendJson(response, 200, {
      ...base,
      choices: [choice(answer.text, answer.tokens, 0, finishReason(answer))],
      usage: usage(answer),
      ...steeredField(answer),
    });
    return;
  }
  const stream = new EventStream(response, context);
  let answer: Answer;
  let offset = 0;
  try {
    answer = await runAnswer(call, model, steering, asked, {
      tokens: (tokens) => {
        const text = textOf(tokens);
        stream.send({ ...base, choices: [choice(text, tokens, offset, null)] });
        offset += text.length;
      },
    });
  } catch (error) {
    if (!stream.started) throw error;
    stream.fail(cleanError(error, context.log, "an answer"));
    return;
  }
  stream.send({ ...base, choices: [choice("", [], offset, finishReason(answer))], ...steeredField(answer) });
  if (body.stream_options?.include_usage === true) stream.send({ ...base, choices: [], usage: usage(answer) });
  stream.end();
}

function answerRequest(body: CompletionBody): AnswerRequest {
  const options = answerOptions(body, body.max_tokens ?? DEFAULT_TOKENS, body.logprobs ?? undefined);
  const [first] = body.prompt;
  return typeof first === "number" ? { tokens: body.prompt as number[], options } : { prompt: [body.prompt].flat().join(""), options };
}
