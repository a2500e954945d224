/** An answer written piece by piece, with back-pressure: a reader that takes nothing for too long, or for whom too much waits, is cut off. */
import type { ServerResponse } from "node:http";
import type { DaemonContext } from "../context.ts";

export class AnswerStream {
  readonly #response: ServerResponse;
  readonly #context: DaemonContext;
  readonly #type: string;
  #stuck: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, context: DaemonContext, type: string) {
    this.#response = response;
    this.#context = context;
    this.#type = type;
    response.on("drain", () => this.#drained());
    response.on("close", () => clearTimeout(this.#stuck));
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  finish(): void {
    this.#response.end();
  }

  write(text: string): void {
    if (this.#response.destroyed) return;
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, { "content-type": this.#type, "cache-control": "no-store", connection: "close" });
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
