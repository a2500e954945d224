/** `/v1/responses` */
import type { Answer } from "../../protocol/api/generate.ts";
import type { Message } from "../../protocol/message.ts";
import { type AnswerRequest, runAnswers } from "../openai/answers.ts";
import { schemaOf, textOf } from "../openai/chat.ts";
import { resolveTarget } from "../openai/models.ts";
import { seedOf } from "../openai/sampling.ts";
import { newId, nowSeconds, ourHeaders } from "../openai/shape.ts";
import { EventStream } from "../openai/sse.ts";
import { readBody } from "../transport/body.ts";
import { cleanError } from "../transport/dispatch.ts";
import { bodyRules, type HttpCall, sendJson } from "../transport/http-call.ts";
import { type ResponsesBody, ResponsesBodySchema } from "./schema.ts";
import { messageItem, type Named, responseObject, textPart } from "./shape.ts";

export async function responses(call: HttpCall): Promise<void> {
  const { context, response } = call;
  const { data: body, ignored } = await readBody(call.request, ResponsesBodySchema, bodyRules(call));
  const { name, ...target } = await resolveTarget(call, body.model, body.steering);
  const named: Named = { id: newId("resp"), itemId: newId("msg"), created: nowSeconds(), model: name };
  const asked = [answerRequest(body)];
  if (body.stream !== true) {
    const [answer] = await runAnswers(call, target, asked, { tokens: () => undefined });
    ourHeaders(response, answer!.overflow, ignored);
    sendJson(response, 200, responseObject(body, named, answer!, ignored));
    return;
  }
  const events = new Events(new EventStream(response, context), body, named, ignored);
  try {
    const [answer] = await runAnswers(call, target, asked, {
      started: (_which, { overflow }) => {
        ourHeaders(response, overflow, ignored);
        events.begin();
      },
      tokens: (_which, tokens) => events.text(textOf(tokens)),
    });
    events.end(answer!);
  } catch (error) {
    if (!events.started) throw error;
    events.fail(cleanError(error, context.log, "an answer"));
  }
}

/** Its events in their order, each with its number. */
class Events {
  readonly #stream: EventStream;
  readonly #body: ResponsesBody;
  readonly #named: Named;
  readonly #ignored: readonly string[];
  #number = 0;

  constructor(stream: EventStream, body: ResponsesBody, named: Named, ignored: readonly string[]) {
    this.#stream = stream;
    this.#body = body;
    this.#named = named;
    this.#ignored = ignored;
  }

  get started(): boolean {
    return this.#stream.started;
  }

  begin(): void {
    if (this.started) return;
    const response = responseObject(this.#body, this.#named, null, []);
    this.#send("response.created", { response });
    this.#send("response.in_progress", { response });
    this.#send("response.output_item.added", { output_index: 0, item: messageItem(this.#named.itemId, null, "in_progress") });
    this.#send("response.content_part.added", { ...this.#place(), part: textPart("") });
  }

  text(delta: string): void {
    this.begin();
    if (delta !== "") this.#send("response.output_text.delta", { ...this.#place(), delta, logprobs: [] });
  }

  end(answer: Answer): void {
    this.begin();
    const { text, reason } = answer;
    const status = reason === "length" || reason === "context" ? "incomplete" : "completed";
    this.#send("response.output_text.done", { ...this.#place(), text, logprobs: [] });
    this.#send("response.content_part.done", { ...this.#place(), part: textPart(text) });
    this.#send("response.output_item.done", { output_index: 0, item: messageItem(this.#named.itemId, text, status) });
    this.#send(`response.${status}`, { response: responseObject(this.#body, this.#named, answer, this.#ignored) });
    this.#stream.finish();
  }

  fail({ code, message }: { readonly code: string; readonly message: string }): void {
    this.#send("error", { code, message, param: null });
    this.#stream.finish();
  }

  #place(): object {
    return { item_id: this.#named.itemId, output_index: 0, content_index: 0 };
  }

  #send(type: string, fields: object): void {
    this.#stream.send({ type, sequence_number: this.#number++, ...fields }, type);
  }
}

function answerRequest(body: ResponsesBody): AnswerRequest {
  const turns = typeof body.input === "string" ? [{ role: "user" as const, content: body.input }] : body.input;
  const messages = turns.map(
    ({ role, content }): Message => ({
      role: role === "developer" ? "system" : role,
      content: typeof content === "string" ? content : content.map((part) => part.text).join(""),
    }),
  );
  const system: Message[] = body.instructions == null ? [] : [{ role: "system", content: body.instructions }];
  const jsonSchema = schemaOf(body.text?.format);
  const maxTokens = body.max_output_tokens === -1 ? null : body.max_output_tokens;
  const given = { temperature: body.temperature, topP: body.top_p, seed: seedOf(body.seed, 0), maxTokens };
  return {
    messages: [...system, ...messages],
    sampling: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined)),
    overflow: body.truncation === "auto" ? "shift" : "refuse",
    ...(jsonSchema === undefined ? {} : { jsonSchema }),
  };
}
