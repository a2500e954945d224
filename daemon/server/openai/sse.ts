/** Server-sent events with back-pressure: a reader that takes nothing for too long, or for whom too much waits, is cut off. */
import type { ServerResponse } from "node:http";
import type { TillerError } from "../../protocol/errors.ts";
import type { DaemonContext } from "../context.ts";
import { openAiError } from "./errors.ts";

export class EventStream {
  readonly #response: ServerResponse;
  readonly #context: DaemonContext;
  #stuck: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, context: DaemonContext) {
    this.#response = response;
    this.#context = context;
    response.on("drain", () => this.#drained());
    response.on("close", () => clearTimeout(this.#stuck));
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  send(data: unknown): void {
    this.#write(`data: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#write("data: [DONE]\n\n");
    this.#response.end();
  }

  /** After the first event an error can only be an event. */
  fail(error: TillerError): void {
    this.send({ error: openAiError(error) });
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.destroyed) return;
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        connection: "close",
      });
    }
    const { bufferedBytes, pauseBytes, stuckSeconds } = this.#context.config.limits;
    this.#response.write(text);
    const waiting = this.#response.writableLength;
    if (waiting > bufferedBytes) this.#cutOff();
    else if (waiting > pauseBytes && this.#stuck === undefined) this.#stuck = setTimeout(() => this.#cutOff(), stuckSeconds * 1000);
  }

  #drained(): void {
    clearTimeout(this.#stuck);
    this.#stuck = undefined;
  }

  /** Closing the connection cancels the answer. */
  #cutOff(): void {
    this.#context.metrics.clientStuck();
    this.#response.destroy();
  }
}
