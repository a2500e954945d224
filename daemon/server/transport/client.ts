/** One connected client as handlers see it: who it is, and how it is told things. */
import type { NotificationName, NotificationParams } from "../../protocol/api/index.ts";
import type { AnswerSink } from "../answers/sessions.ts";
import type { Identity } from "./auth.ts";
import type { Outbox } from "./outbox.ts";

export class Client {
  readonly id: string;
  readonly identity: Identity;
  readonly outbox: Outbox;
  /** what it called itself in `daemon.hello`; null before */
  name: string | null = null;

  constructor(id: string, identity: Identity, outbox: Outbox) {
    this.id = id;
    this.identity = identity;
    this.outbox = outbox;
  }

  notify<N extends NotificationName>(method: N, params: NotificationParams<N>): void {
    this.outbox.text(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  /** Events of its answers as notifications. */
  sink(): AnswerSink {
    return {
      start: (params) => this.notify("generate.start", params),
      tokens: (stream, tokens) => this.outbox.tokens(stream, tokens),
      steering: (params) => this.notify("generate.steering", params),
      end: (params) => this.notify("generate.end", params),
    };
  }
}
