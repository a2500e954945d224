/** `/api/chat` and `/api/generate`: one answer, whole or as lines of JSON. */
import type { Answer, Token } from "../../protocol/api/generate.ts";
import type { Steering } from "../../protocol/preset.ts";
import { type AnswerRequest, runAnswers, type Target } from "../openai/answers.ts";
import { textOf } from "../openai/chat.ts";
import { resolveTarget } from "../openai/models.ts";
import { ourFields, ourHeaders } from "../openai/shape.ts";
import { AnswerStream } from "../transport/answer-stream.ts";
import { readBody } from "../transport/body.ts";
import { cleanError } from "../transport/dispatch.ts";
import { bodyRules, type HttpCall, sendJson } from "../transport/http-call.ts";
import { plainName } from "./models.ts";
import { samplingOf, schemaOf, stopsOf } from "./options.ts";
import { type OllamaChat, OllamaChatSchema, type OllamaGenerate, OllamaGenerateSchema } from "./schema.ts";

type Common = Pick<OllamaChat, "options" | "format" | "truncate">;
type Piece = (text: string) => object;

export async function ollamaChat(call: HttpCall): Promise<void> {
  const { data: body, ignored } = await readBody(call.request, OllamaChatSchema, bodyRules(call));
  const { target, name } = await targetOf(call, body);
  const messages = body.messages.map(({ role, content }) => ({ role, content }));
  const piece: Piece = (text) => ({ message: { role: "assistant", content: text } });
  if (messages.length === 0) return loadOnly(call, target, name, piece);
  await answer(call, { target, name, ignored, asked: { messages, ...shared(body) }, stream: body.stream !== false, piece });
}

export async function ollamaGenerate(call: HttpCall): Promise<void> {
  const { data: body, ignored } = await readBody(call.request, OllamaGenerateSchema, bodyRules(call));
  const { target, name } = await targetOf(call, body);
  const piece: Piece = (text) => ({ response: text });
  if (body.prompt == null || body.prompt === "") return loadOnly(call, target, name, piece);
  await answer(call, { target, name, ignored, asked: generateRequest(body, body.prompt), stream: body.stream !== false, piece });
}

function generateRequest(body: OllamaGenerate, prompt: string): AnswerRequest {
  const options = shared(body);
  if (body.suffix != null && body.suffix !== "") return { prompt, suffix: body.suffix, ...options };
  if (body.raw === true) return { prompt, ...options };
  const system = body.system == null || body.system === "" ? [] : [{ role: "system" as const, content: body.system }];
  return { messages: [...system, { role: "user", content: prompt }], ...options };
}

function shared({ options, format, truncate }: Common): Pick<AnswerRequest, "sampling" | "stop" | "jsonSchema" | "overflow"> {
  const stop = stopsOf(options);
  const jsonSchema = schemaOf(format);
  return {
    sampling: samplingOf(options),
    ...(stop.length === 0 ? {} : { stop }),
    ...(jsonSchema === undefined ? {} : { jsonSchema }),
    ...(truncate === false ? { overflow: "refuse" as const } : {}),
  };
}

async function targetOf(
  call: HttpCall,
  body: { readonly model: string; readonly steering?: Steering | undefined },
): Promise<{ target: Target; name: string }> {
  const { model, steering } = await resolveTarget(call, plainName(body.model), body.steering);
  return { target: { model, steering }, name: body.model };
}

/** A request without a question is how Ollama's clients ask for a model to be loaded. */
async function loadOnly(call: HttpCall, { model }: Target, name: string, piece: Piece): Promise<void> {
  const engine = await call.context.supervisor.acquire(model);
  engine.release();
  sendJson(call.response, 200, { model: name, created_at: new Date().toISOString(), ...piece(""), done: true, done_reason: "load" });
}

interface Asked {
  readonly target: Target;
  readonly name: string;
  readonly ignored: readonly string[];
  readonly asked: AnswerRequest;
  readonly stream: boolean;
  readonly piece: Piece;
}

async function answer(call: HttpCall, { target, name, ignored, asked, stream, piece }: Asked): Promise<void> {
  const { context, response } = call;
  const line = (fields: object): object => ({ model: name, created_at: new Date().toISOString(), ...fields });
  if (!stream) {
    const [whole] = await runAnswers(call, target, [asked], { tokens: () => undefined });
    ourHeaders(response, whole!.overflow, ignored);
    sendJson(response, 200, line({ ...piece(whole!.text), ...ending(whole!, ignored) }));
    return;
  }
  const lines = new AnswerStream(response, context, "application/x-ndjson");
  const send = (fields: object): void => lines.write(`${JSON.stringify(line(fields))}\n`);
  let whole: Answer;
  try {
    [whole] = (await runAnswers(call, target, [asked], {
      started: (_which, { overflow }) => ourHeaders(response, overflow, ignored),
      tokens: (_which, tokens: Token[]) => send({ ...piece(textOf(tokens)), done: false }),
    })) as [Answer];
  } catch (error) {
    if (!lines.started) throw error;
    lines.write(`${JSON.stringify({ error: cleanError(error, context.log, "an answer").message })}\n`);
    lines.finish();
    return;
  }
  send({ ...piece(""), ...ending(whole, ignored) });
  lines.finish();
}

/** Times in nanoseconds. */
function ending(answer: Answer, ignored: readonly string[]): object {
  const { stats, reason } = answer;
  const nanos = (ms: number): number => Math.round(ms * 1e6);
  return {
    done: true,
    done_reason: reason === "length" || reason === "context" ? "length" : "stop",
    total_duration: nanos(stats.totalMs),
    load_duration: nanos(stats.queueMs),
    prompt_eval_count: stats.promptTokens,
    prompt_eval_duration: nanos(Math.max(0, stats.firstTokenMs - stats.queueMs)),
    eval_count: stats.answerTokens,
    eval_duration: nanos(Math.max(0, stats.totalMs - stats.firstTokenMs)),
    ...ourFields(answer, ignored),
  };
}
