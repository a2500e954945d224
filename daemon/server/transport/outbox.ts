/**
 * What one WebSocket client is still to get. All that one turn of the event loop brings goes out together, because a system
 * call costs more than everything else that is done for a token. And back-pressure: while the socket holds more than
 * `pauseBytes` unsent, tokens wait here (joined per answer), live frames are dropped, and big binary results wait for room. A
 * client for which more than `bufferedBytes` wait, or that takes nothing for `stuckSeconds`, is disconnected.
 */
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import type { Token } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";

export interface OutboxLimits {
  readonly pauseBytes: number;
  readonly bufferedBytes: number;
  readonly stuckSeconds: number;
}

type Item =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tokens"; readonly stream: string; readonly tokens: Token[]; bytes: number };

export class Outbox {
  readonly #socket: WebSocket;
  /** below the WebSocket; corked while several messages are written */
  readonly #raw: Duplex;
  readonly #limits: OutboxLimits;
  readonly #onStuck: (why: string) => void;
  readonly #onDrop: () => void;
  readonly #queue: Item[] = [];
  /** last item of each answer's tokens that may still grow */
  readonly #growing = new Map<string, Extract<Item, { kind: "tokens" }>>();
  #queuedBytes = 0;
  #lastProgress = Date.now();
  #scheduled = false;
  #watch: NodeJS.Timeout | undefined;
  #waiters: (() => void)[] = [];
  #closed = false;

  constructor(socket: WebSocket, raw: Duplex, limits: OutboxLimits, onStuck: (why: string) => void, onDrop: () => void) {
    this.#socket = socket;
    this.#raw = raw;
    this.#limits = limits;
    this.#onStuck = onStuck;
    this.#onDrop = onDrop;
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > this.#limits.pauseBytes;
  }

  get waitingBytes(): number {
    return this.#queuedBytes + this.#socket.bufferedAmount;
  }

  /** A response or notification; never reordered, never dropped. */
  text(text: string): void {
    if (this.#closed) return;
    this.#growing.clear();
    this.#enqueue({ kind: "text", text }, text.length);
  }

  tokens(stream: string, tokens: Token[]): void {
    if (this.#closed) return;
    const bytes = tokens.reduce((sum, token) => sum + tokenBytes(token), 0);
    const growing = this.#growing.get(stream);
    if (growing === undefined) {
      const item = { kind: "tokens" as const, stream, tokens: [...tokens], bytes };
      this.#growing.set(stream, item);
      this.#enqueue(item, bytes);
      return;
    }
    growing.tokens.push(...tokens);
    growing.bytes += bytes;
    this.#count(bytes);
  }

  /** Sends what may be sent now. */
  flush(): void {
    const many = this.#queue.length > 1;
    if (many) this.#raw.cork();
    while (!this.#closed && this.#queue.length > 0 && !this.congested) {
      const item = this.#queue.shift()!;
      if (item.kind === "text") {
        this.#queuedBytes -= item.text.length;
        this.#send(item.text);
      } else {
        this.#queuedBytes -= item.bytes;
        if (this.#growing.get(item.stream) === item) this.#growing.delete(item.stream);
        this.#send(tokenMessage(item.stream, item.tokens));
      }
    }
    if (many) this.#raw.uncork();
    if (this.#closed) return;
    if (this.#queue.length > 0 || this.congested) this.#startWatch();
    else {
      clearInterval(this.#watch);
      this.#watch = undefined;
      this.#wake();
    }
  }

  /** A live frame: now or never. */
  live(frame: Uint8Array): void {
    if (this.#closed) return;
    if (this.congested) this.#onDrop();
    else this.#send(frame);
  }

  /** A frame of a result: sent when there is room. @throws TillerError cancelled when the client is gone */
  async binary(frame: Uint8Array): Promise<void> {
    this.flush();
    while (!this.#closed && (this.#queue.length > 0 || this.congested)) {
      this.#startWatch();
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    if (this.#closed) throw new TillerError("cancelled", "the client is gone");
    this.#send(frame);
  }

  /** Waits until everything is sent, at most `ms`. */
  async flushed(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (!this.#closed && this.waitingBytes > 0 && Date.now() < until) await sleep(5);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
    this.#queue.length = 0;
    this.#growing.clear();
    this.#wake();
  }

  #send(data: string | Uint8Array): void {
    this.#socket.send(data, () => {
      this.#lastProgress = Date.now();
      this.flush();
    });
    if (this.congested) this.#startWatch();
  }

  #enqueue(item: Item, bytes: number): void {
    this.#queue.push(item);
    if (!this.#scheduled && this.#watch === undefined) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
    this.#count(bytes);
  }

  /** The socket itself holds at most `pauseBytes` and one message, however large; what counts is what waits behind it. */
  #count(bytes: number): void {
    this.#queuedBytes += bytes;
    if (this.#queuedBytes > this.#limits.pauseBytes) this.flush();
    if (this.#queuedBytes > this.#limits.bufferedBytes) this.#stuck("more waited for it than one client may have waiting");
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #startWatch(): void {
    if (this.#watch !== undefined || this.#closed) return;
    this.#lastProgress = Date.now();
    let left = this.#socket.bufferedAmount;
    const every = Math.min(1000, this.#limits.stuckSeconds * 250);
    this.#watch = setInterval(() => {
      // One large message leaves in many writes: a shrinking buffer is progress too.
      if (this.#socket.bufferedAmount < left) this.#lastProgress = Date.now();
      left = this.#socket.bufferedAmount;
      if (Date.now() - this.#lastProgress > this.#limits.stuckSeconds * 1000)
        this.#stuck(`it read nothing for ${this.#limits.stuckSeconds} s`);
      else this.flush();
    }, every);
    this.#watch.unref();
  }

  #stuck(why: string): void {
    if (this.#closed) return;
    this.close();
    this.#onStuck(why);
  }
}

function tokenMessage(stream: string, tokens: Token[]): string {
  return JSON.stringify({ jsonrpc: "2.0", method: "generate.token", params: { stream, tokens } });
}

/** Roughly what a token takes as JSON. */
function tokenBytes(token: Token): number {
  return 64 + token.text.length + (token.top?.length ?? 0) * 64 + (token.probes?.length ?? 0) * 20 + (token.logits?.length ?? 0) * 20;
}
