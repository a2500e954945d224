/** Server-sent events, as OpenAI's interface streams them. */
import type { ServerResponse } from "node:http";
import type { TillerError } from "../../protocol/errors.ts";
import type { DaemonContext } from "../context.ts";
import { AnswerStream } from "../transport/answer-stream.ts";
import { openAiError } from "./errors.ts";

export class EventStream {
  readonly #stream: AnswerStream;

  constructor(response: ServerResponse, context: DaemonContext) {
    this.#stream = new AnswerStream(response, context, "text/event-stream; charset=utf-8");
  }

  get started(): boolean {
    return this.#stream.started;
  }

  /** @param event its name, where the interface gives events names */
  send(data: unknown, event?: string): void {
    this.#stream.write(`${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#stream.write("data: [DONE]\n\n");
    this.#stream.finish();
  }

  /** Without the mark that completions end by. */
  finish(): void {
    this.#stream.finish();
  }

  /** After the first event an error can only be an event. */
  fail(error: TillerError): void {
    this.send({ error: openAiError(error) });
    this.#stream.finish();
  }
}
