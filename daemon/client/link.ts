/**
 * A connection that stays: handshake, back-off between attempts, and detection of sockets that died unnoticed (a laptop that
 * slept). Ends for good when it is closed or when another attempt could only fail the same way.
 */
import { type BackoffOptions, backoff, DEFAULT_BACKOFF } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ClientError } from "./error.ts";
import { LinkWaiters } from "./link-waiters.ts";
import { Pulse } from "./pulse.ts";
import { Rpc } from "./rpc.ts";
import type { Connect, Transport } from "./transport.ts";

export interface LinkState {
  readonly state: "connecting" | "open" | "closed";
  /** why it is not open; null when it is, and before the first attempt failed */
  readonly error: ClientError | null;
  /** failed attempts since it was open last */
  readonly attempts: number;
  /** time (ms since 1970) of the next attempt while one is waited for */
  readonly retryAt: number | null;
}

export interface LinkOptions {
  /** default true; false: the first loss ends it */
  readonly reconnect?: boolean;
  readonly backoff?: BackoffOptions;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** a silent socket is asked for a sign of life after this (20 s) … */
  readonly silenceMs?: number;
  /** … and given up when none comes within this (5 s), as is an attempt to connect (10 s) */
  readonly probeMs?: number;
  readonly connectMs?: number;
}

export interface LinkEvents {
  state(state: LinkState): void;
  /** the first call on every new connection; it is open when this resolves */
  hello(rpc: Rpc): Promise<void>;
  notification(method: string, params: unknown): void;
  binary(data: Uint8Array): void;
  problem(message: string): void;
}

/** Answers to `daemon.hello` that no other attempt would change. */
const FINAL = new Set(["unauthorised", "forbidden", "protocol-mismatch"]);

export class Link {
  readonly #connect: Connect;
  readonly #events: LinkEvents;
  readonly #options: LinkOptions;
  readonly #clock: Clock;
  readonly #waiters = new LinkWaiters();
  readonly #pulse: Pulse;
  #state: LinkState = { state: "connecting", error: null, attempts: 0, retryAt: null };
  #transport: Transport | null = null;
  #rpc: Rpc | null = null;
  #stopTimer: () => void = () => undefined;

  constructor(connect: Connect, events: LinkEvents, options: LinkOptions = {}) {
    this.#connect = connect;
    this.#events = events;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pulse = new Pulse({
      clock: this.#clock,
      silenceMs: options.silenceMs ?? 20_000,
      probeMs: options.probeMs ?? 5_000,
      probe: () => this.#rpc?.request("daemon.status", {}) ?? Promise.resolve(),
      dead: () => this.#drop("the connection no longer answers"),
    });
    this.#attempt();
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The open connection; waits for it while one is being made. @throws ClientError unreachable, disconnected, cancelled … */
  open(signal?: AbortSignal): Promise<Rpc> {
    if (this.#state.state === "open" && this.#rpc !== null) return Promise.resolve(this.#rpc);
    if (this.#state.state === "closed") return Promise.reject(this.#closedError());
    return this.#waiters.wait(signal);
  }

  /** The machine or the page came back: try now instead of later, and do not trust a socket that looks open. */
  wake(): void {
    if (this.#state.state === "open") this.#pulse.probe();
    else if (this.#state.retryAt !== null) {
      this.#stopTimer();
      this.#attempt();
    }
  }

  close(): void {
    if (this.#state.state === "closed") return;
    const transport = this.#transport;
    this.#transport = null;
    this.#finish(new ClientError("disconnected", "the client was closed"));
    transport?.close();
  }

  #attempt(): void {
    this.#set({ state: "connecting", retryAt: null });
    let current = true;
    const rpc = new Rpc((text) => transport.send(text), this.#events);
    const transport = this.#connect({
      open: () => {
        if (current && this.#transport === transport) void this.#greet(transport, rpc);
      },
      text: (text) => {
        this.#pulse.heard();
        if (this.#transport === transport) rpc.receive(text);
      },
      binary: (data) => {
        this.#pulse.heard();
        if (this.#transport === transport) this.#events.binary(data);
      },
      close: (reason, refusal) => {
        if (!current) return;
        current = false;
        rpc.fail((method) => new ClientError("disconnected", `the connection was lost before ${method} was answered: ${reason}`));
        if (this.#transport === transport) this.#lost(reason, refusal ?? null);
      },
    });
    this.#transport = transport;
    this.#rpc = rpc;
    this.#stopTimer = this.#clock.after(this.#options.connectMs ?? 10_000, () => this.#drop("the daemon did not answer in time"));
  }

  async #greet(transport: Transport, rpc: Rpc): Promise<void> {
    try {
      await this.#events.hello(rpc);
    } catch (error) {
      if (this.#transport !== transport) return;
      const known = error instanceof ClientError ? error : new ClientError("internal", String(error));
      this.#transport = null;
      transport.close();
      rpc.fail(() => known);
      this.#lost(known.message, FINAL.has(known.code) ? known : null);
      return;
    }
    if (this.#transport !== transport) return;
    this.#stopTimer();
    this.#pulse.start();
    this.#set({ state: "open", error: null, attempts: 0, retryAt: null });
    this.#waiters.resolve(rpc);
  }

  /** Gives up a socket that the other side may never close. */
  #drop(reason: string): void {
    const transport = this.#transport;
    if (transport === null) return;
    this.#transport = null;
    this.#rpc?.fail((method) => new ClientError("disconnected", `the connection was lost before ${method} was answered: ${reason}`));
    transport.abandon();
    this.#lost(reason, null);
  }

  #lost(reason: string, refusal: ClientError | null): void {
    const wasOpen = this.#state.state === "open";
    this.#transport = null;
    this.#pulse.stop();
    this.#stopTimer();
    const error = refusal ?? new ClientError(wasOpen ? "disconnected" : "unreachable", reason);
    if (refusal !== null || this.#options.reconnect === false) {
      this.#finish(error);
      return;
    }
    const wait = backoff(this.#state.attempts, this.#options.backoff ?? DEFAULT_BACKOFF, this.#options.random);
    this.#set({ state: "connecting", error, attempts: this.#state.attempts + 1, retryAt: this.#clock.now() + wait });
    this.#waiters.failed(error, this.#state.attempts);
    this.#stopTimer = this.#clock.after(wait, () => this.#attempt());
  }

  #finish(error: ClientError): void {
    this.#pulse.stop();
    this.#stopTimer();
    this.#rpc?.fail(() => error);
    this.#rpc = null;
    this.#set({ state: "closed", error, retryAt: null });
    this.#waiters.reject(error);
  }

  #closedError(): ClientError {
    const error = this.#state.error;
    return error ?? new ClientError("disconnected", "the client was closed");
  }

  #set(change: Partial<LinkState>): void {
    this.#state = { ...this.#state, ...change };
    this.#events.state(this.#state);
  }
}
