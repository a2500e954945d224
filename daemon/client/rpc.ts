/**
 * JSON-RPC 2.0 over one connection: requests with their pending answers, notifications, `$/cancelRequest`. A layer of our own
 * because the page carries it: vscode-jsonrpc is 58 kB minified, this is one.
 */
import { ClientError } from "./error.ts";

interface Pending {
  readonly method: string;
  resolve(result: unknown): void;
  reject(error: ClientError): void;
}

export interface RpcEvents {
  notification(method: string, params: unknown): void;
  /** a message that is none of JSON-RPC, or an answer to nothing */
  problem(message: string): void;
}

export class Rpc {
  readonly #send: (text: string) => void;
  readonly #events: RpcEvents;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(send: (text: string) => void, events: RpcEvents) {
    this.#send = send;
    this.#events = events;
  }

  /** An aborted signal sends `$/cancelRequest` and rejects with `cancelled` at once; what still arrives is dropped. */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled(method));
        return;
      }
      const id = this.#next++;
      const cancel = (): void => {
        this.#send(JSON.stringify({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } }));
        this.#take(id)?.reject(cancelled(method));
      };
      const done = (): void => signal?.removeEventListener("abort", cancel);
      this.#pending.set(id, {
        method,
        resolve: (result) => {
          done();
          resolve(result);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      signal?.addEventListener("abort", cancel, { once: true });
      this.#send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  }

  receive(text: string): void {
    let message: { id?: unknown; method?: unknown; params?: unknown; result?: unknown; error?: unknown };
    try {
      message = JSON.parse(text);
    } catch {
      this.#events.problem("a message is not JSON");
      return;
    }
    if (typeof message !== "object" || message === null) this.#events.problem("a message is not an object");
    else if (typeof message.method === "string") this.#events.notification(message.method, message.params);
    else if (typeof message.id === "number") this.#settle(message.id, message);
    else if (message.error !== undefined) this.#events.problem(ClientError.fromWire(message.error).message);
    else this.#events.problem("a message is neither an answer nor a notification");
  }

  /** The connection is gone: nothing pending will be answered. */
  fail(error: (method: string) => ClientError): void {
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#take(id);
      pending?.reject(error(pending.method));
    }
  }

  #settle(id: number, message: { result?: unknown; error?: unknown }): void {
    // Absent after a cancel: the answer crossed it on the way.
    const pending = this.#take(id);
    if (pending === undefined) return;
    if (message.error !== undefined) pending.reject(ClientError.fromWire(message.error));
    else pending.resolve(message.result);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}

function cancelled(method: string): ClientError {
  return new ClientError("cancelled", `${method} was cancelled`);
}
