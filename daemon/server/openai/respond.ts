/** The answers of one request, sent whole or as they are written: what chat and text completions have in common. */
import type { Answer, Token } from "../../protocol/api/generate.ts";
import { cleanError } from "../transport/dispatch.ts";
import { type HttpCall, sendJson } from "../transport/http-call.ts";
import { type AnswerRequest, runAnswers, type Target } from "./answers.ts";
import { newId, nowSeconds, ourFields, ourHeaders, usage } from "./shape.ts";
import { EventStream } from "./sse.ts";

export interface Reply {
  readonly target: Target;
  /** what the client is told that the model is called */
  readonly name: string;
  readonly asked: readonly AnswerRequest[];
  /** so many in a row answer the same prompt */
  readonly perPrompt: number;
  readonly ignored: readonly string[];
  readonly stream: boolean;
  readonly withUsage: boolean;
  readonly shape: Shape;
}

/** One answer as OpenAI's `choices` have it. */
export interface Shape {
  readonly idPrefix: string;
  readonly object: string;
  readonly chunkObject: string;
  whole(answer: Answer, which: number): object;
  /** before the first tokens; left out: nothing */
  opening?(which: number): object;
  /** null: these tokens say nothing yet */
  piece(tokens: Token[], which: number): object | null;
  closing(answer: Answer, which: number): object;
}

export async function reply(call: HttpCall, reply: Reply): Promise<void> {
  const { response } = call;
  const base = { id: newId(reply.shape.idPrefix), created: nowSeconds(), model: reply.name };
  if (reply.stream) return streamed(call, reply, base);
  const answers = await runAnswers(call, reply.target, reply.asked, { tokens: () => undefined });
  // All have the same steering and body; of the prompts one may be longer than the others.
  const told = answers.find(({ overflow }) => overflow !== null) ?? answers[0]!;
  ourHeaders(response, told.overflow, reply.ignored);
  sendJson(response, 200, {
    ...base,
    object: reply.shape.object,
    choices: answers.map((answer, index) => ({ index, ...reply.shape.whole(answer, index) })),
    usage: usage(answers, reply.perPrompt),
    ...ourFields(told, reply.ignored),
  });
}

async function streamed(call: HttpCall, { target, asked, shape, ...reply }: Reply, base: object): Promise<void> {
  const { context, response } = call;
  const stream = new EventStream(response, context);
  const opened = new Set<number>();
  const send = (index: number, choice: object, more: object = {}): void =>
    stream.send({ ...base, object: shape.chunkObject, choices: [{ index, ...choice }], ...more });
  const open = (which: number): void => {
    if (shape.opening !== undefined && !opened.has(which)) send(which, shape.opening(which));
    opened.add(which);
  };
  let answers: Answer[];
  try {
    answers = await runAnswers(call, target, asked, {
      started: (_which, { overflow }) => ourHeaders(response, overflow, reply.ignored),
      tokens: (which, tokens) => {
        open(which);
        const choice = shape.piece(tokens, which);
        if (choice !== null) send(which, choice);
      },
    });
  } catch (error) {
    if (!stream.started) throw error;
    stream.fail(cleanError(error, context.log, "an answer"));
    return;
  }
  answers.forEach((answer, which) => {
    open(which);
    send(which, shape.closing(answer, which), ourFields(answer, reply.ignored));
  });
  if (reply.withUsage) stream.send({ ...base, object: shape.chunkObject, choices: [], usage: usage(answers, reply.perPrompt) });
  stream.end();
}
