/** One WebSocket from its upgrade to its end: handshake time-out, checks of each frame, requests per client, keep-alive. */
import type { Duplex } from "node:stream";
import { setImmediate as immediate } from "node:timers/promises";
import type { RawData, WebSocket } from "ws";
import { TillerError } from "../../protocol/errors.ts";
import type { Config } from "../../store/config.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Identity } from "./auth.ts";
import { Client } from "./client.ts";
import type { Dispatcher } from "./dispatch.ts";
import { type RpcId, type RpcRequest, readMessage } from "./envelope.ts";
import { LARGE } from "./json.ts";
import { Outbox } from "./outbox.ts";
import { createRpc, type RpcEnd } from "./rpc.ts";

/** Close codes of our own (4000 and up are free for applications). */
export const CLOSE = { stuck: 4008, handshake: 4001, revoked: 4003, stopping: 1001 } as const;

/** May pass when a client's other requests fill its limit, or it could not stop them. */
const ALWAYS = new Set(["generate.cancel", "steer.set", "tap.unsubscribe", "job.cancel", "daemon.status", "daemon.stop"]);

export interface ConnectionDeps {
  readonly config: Config;
  readonly dispatcher: Dispatcher;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly onGone: (client: Client) => void;
}

export class Connection {
  readonly client: Client;
  readonly #socket: WebSocket;
  readonly #deps: ConnectionDeps;
  readonly #rpc: RpcEnd;
  readonly #gone = new AbortController();
  readonly #handshake: NodeJS.Timeout;
  readonly #keepAlive: NodeJS.Timeout;
  #running = 0;
  #answered = true;
  /** settles when the large message that came last is read */
  #reading: Promise<void> | null = null;

  constructor(id: string, identity: Identity, socket: WebSocket, raw: Duplex, deps: ConnectionDeps) {
    const { limits } = deps.config;
    this.#socket = socket;
    this.#deps = deps;
    const outbox = new Outbox(
      socket,
      raw,
      limits,
      (why) => {
        deps.log.warn(`client ${id} is disconnected: ${why}`);
        deps.metrics.clientStuck();
        this.close(CLOSE.stuck, "too slow");
        // A client that reads nothing does not read the closing handshake either.
        socket.terminate();
      },
      () => deps.metrics.frameDropped(),
    );
    this.client = new Client(id, identity, outbox);
    this.#rpc = createRpc(
      (text) => outbox.text(text),
      (method, params, signal) => this.#handle(method, params, signal),
    );
    this.#handshake = setTimeout(() => {
      if (this.client.name === null) this.close(CLOSE.handshake, "no daemon.hello in time");
    }, limits.handshakeSeconds * 1000);
    this.#keepAlive = setInterval(() => this.#ping(), (limits.idleSeconds * 1000) / 2);
    socket.on("message", (data, binary) => {
      this.#answered = true;
      // In their order: what comes behind a large message waits until that is read.
      if (this.#reading === null && lengthOf(data) <= LARGE) this.#receive(data, binary);
      else this.#later(data, binary);
    });
    socket.on("pong", () => {
      this.#answered = true;
    });
    socket.on("error", (error) => deps.log.debug(`client ${id}: ${(error as NodeJS.ErrnoException).code ?? error.name}`));
    socket.on("close", () => this.#end());
  }

  close(code: number, reason: string): void {
    this.client.outbox.flush();
    this.#socket.close(code, reason);
  }

  /** Waits for what is still unsent, at most `ms`, then closes. */
  async finish(ms: number): Promise<void> {
    await this.#rpc.settled(ms);
    await this.client.outbox.flushed(ms);
    this.close(CLOSE.stopping, "the daemon is stopping");
    const timer = setTimeout(() => this.#socket.terminate(), 500);
    if (this.#socket.readyState !== this.#socket.CLOSED) await new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    clearTimeout(timer);
  }

  /** Each step of a large message has a turn of its own; meanwhile nothing more is taken from the client. */
  #later(data: RawData, binary: boolean): void {
    this.#socket.pause();
    const reading = (this.#reading ?? Promise.resolve()).then(async () => {
      await immediate();
      const text = data.toString();
      await immediate();
      if (!this.#gone.signal.aborted) this.#receive(text, binary);
    });
    this.#reading = reading;
    reading.finally(() => {
      if (this.#reading !== reading) return;
      this.#reading = null;
      this.#socket.resume();
    });
  }

  #receive(data: RawData | string, binary: boolean): void {
    if (binary) {
      this.#refuse(
        null,
        new TillerError("invalid-request", "message: binary frames go from the daemon to clients only", { field: "message" }),
      );
      return;
    }
    const incoming = readMessage(data.toString());
    if (incoming.kind === "bad") this.#refuse(incoming.id, incoming.error);
    else if (incoming.kind === "cancel") this.#rpc.cancel(incoming.message);
    else this.#request(incoming.message);
  }

  #request(message: RpcRequest): void {
    if (this.#isFull(message.method)) {
      const limit = this.#deps.config.limits.requestsPerClient;
      const text = `${limit} requests of this client run already`;
      this.#refuse(message.id, new TillerError("overloaded", text, { suggestion: "Wait for one of them." }));
    } else if (this.#rpc.request(message)) this.#running++;
    else this.#refuse(null, new TillerError("invalid-request", "id: is in use by a request that is not answered yet", { field: "id" }));
  }

  #isFull(method: string): boolean {
    return this.#running >= this.#deps.config.limits.requestsPerClient && !ALWAYS.has(method);
  }

  #refuse(id: RpcId | null, error: TillerError): void {
    this.#deps.metrics.request("refused", error.code);
    this.client.outbox.text(JSON.stringify({ jsonrpc: "2.0", id, error: error.toWire() }));
  }

  async #handle(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    // Linked by hand: AbortSignal.any holds on to every signal that it made for as long as the connection lives.
    for (const source of [signal, this.#gone.signal]) source.addEventListener("abort", stop, { once: true });
    try {
      return await this.#deps.dispatcher.call(method, params, { client: this.client, signal: abort.signal });
    } finally {
      this.#running--;
      for (const source of [signal, this.#gone.signal]) source.removeEventListener("abort", stop);
      if (method === "daemon.hello" && this.client.name !== null) clearTimeout(this.#handshake);
    }
  }

  #ping(): void {
    if (!this.#answered && !this.client.outbox.congested) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  #end(): void {
    clearTimeout(this.#handshake);
    clearInterval(this.#keepAlive);
    this.#gone.abort();
    this.client.outbox.close();
    this.#rpc.close();
    this.#deps.onGone(this.client);
  }
}

function lengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
}
