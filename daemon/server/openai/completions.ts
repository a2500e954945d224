/** `/v1/completions`: raw text or tokens, no chat template. */
import type { PromptToken, Token } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import { readBody } from "../transport/body.ts";
import { bodyRules, type HttpCall } from "../transport/http-call.ts";
import type { AnswerRequest } from "./answers.ts";
import { textOf } from "./chat.ts";
import { commonRequest } from "./common-request.ts";
import { textLogprobs } from "./logprobs.ts";
import { resolveTarget } from "./models.ts";
import { reply, type Shape } from "./respond.ts";
import { type CompletionBody, CompletionBodySchema, MAX_ANSWERS } from "./schema.ts";
import { finishReason } from "./shape.ts";

/** What OpenAI's interface takes when a completion names no length. */
const DEFAULT_TOKENS = 16;

export async function textCompletions(call: HttpCall): Promise<void> {
  const { data: body, ignored } = await readBody(call.request, CompletionBodySchema, bodyRules(call));
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
    shape: textShape(body, perPrompt),
  });
}

function textShape({ logprobs: wanted, echo, prompt }: CompletionBody, perPrompt: number): Shape {
  const withLogprobs = wanted != null;
  const prompts = promptsOf(prompt);
  /** characters of each answer that were sent */
  const offsets = new Map<number, number>();
  const choice = (text: string, tokens: (Token | PromptToken)[], offset: number, finish: string | null): object => ({
    text,
    logprobs: withLogprobs ? textLogprobs(tokens, offset) : null,
    finish_reason: finish,
  });
  return {
    idPrefix: "cmpl",
    object: "text_completion",
    chunkObject: "text_completion",
    whole: (answer, which) => {
      if (echo !== true) return choice(answer.text, answer.tokens, 0, finishReason(answer));
      const before = answer.promptTokens ?? [];
      const asked = prompts[Math.floor(which / perPrompt)]!;
      const text = typeof asked === "string" ? asked : before.map((token) => token.text).join("");
      return choice(text + answer.text, [...before, ...answer.tokens], 0, finishReason(answer));
    },
    piece: (tokens, which) => {
      const offset = offsets.get(which) ?? 0;
      const text = textOf(tokens);
      offsets.set(which, offset + text.length);
      return choice(text, tokens, offset, null);
    },
    closing: (answer, which) => choice("", [], offsets.get(which) ?? 0, finishReason(answer)),
  };
}

function answerRequests(body: CompletionBody, n: number): AnswerRequest[] {
  const prompts = promptsOf(body.prompt);
  if (prompts.length * n > MAX_ANSWERS)
    throw new TillerError("invalid-params", `prompt: ${prompts.length} prompts × n ${n} are more than ${MAX_ANSWERS} answers`, {
      field: "prompt",
      suggestion: "Send them in several requests.",
    });
  if (body.echo === true && body.stream === true)
    throw new TillerError("invalid-params", "echo: not in a stream; send it without stream", { field: "echo" });
  const none = body.max_tokens === 0;
  if (none && body.echo !== true)
    throw new TillerError("invalid-params", "max_tokens: 0 needs echo: true; -1 or null set no limit", { field: "max_tokens" });
  return prompts.flatMap((prompt) =>
    Array.from({ length: n }, (_, which) => ({
      ...(typeof prompt === "string" ? { prompt } : { tokens: prompt }),
      ...(body.echo === true ? { echo: true } : {}),
      ...(none ? { forced: [] } : {}),
      ...(body.suffix == null || body.suffix === "" ? {} : { suffix: body.suffix }),
      ...commonRequest(body, {
        maxTokens: none ? null : (body.max_tokens ?? DEFAULT_TOKENS),
        topLogprobs: body.logprobs ?? undefined,
        which,
      }),
    })),
  );
}

/** One text, one list of tokens, or a list of either. */
function promptsOf(prompt: CompletionBody["prompt"]): (string | number[])[] {
  if (typeof prompt === "string") return [prompt];
  return typeof prompt[0] === "number" ? [prompt as number[]] : (prompt as string[] | number[][]);
}
