/** vscode-jsonrpc over one WebSocket: only messages that passed our own checks reach it. */
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type CancellationToken,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
  NullLogger,
  ResponseError,
} from "vscode-jsonrpc/node";
import type { TillerError } from "../../protocol/errors.ts";
import type { RpcCancel, RpcId, RpcRequest } from "./envelope.ts";

class Reader extends AbstractMessageReader {
  #callback: DataCallback | null = null;

  listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    return { dispose: () => undefined };
  }

  push(message: RpcRequest | RpcCancel): void {
    this.#callback?.(message as Message);
  }

  close(): void {
    this.fireClose();
  }
}

class Writer extends AbstractMessageWriter {
  readonly #send: (message: Message) => void;

  constructor(send: (message: Message) => void) {
    super();
    this.#send = send;
  }

  write(message: Message): Promise<void> {
    this.#send(message);
    return Promise.resolve();
  }

  end(): void {}
}

export interface RpcEnd {
  /** false: a request with this id is being answered already */
  request(message: RpcRequest): boolean;
  cancel(message: RpcCancel): void;
  close(): void;
  /** until every request has its response, at most so many milliseconds: an answer that has just ended still travels through its handlers */
  settled(ms: number): Promise<void>;
}

export type RpcHandler = (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;

/** @param handler throws TillerError only */
export function createRpc(send: (text: string) => void, handler: RpcHandler): RpcEnd {
  const reader = new Reader();
  // The library remembers every cancelled id that it does not know, without bound; so it only hears of those that it knows.
  const running = new Set<RpcId>();
  const writer = new Writer((message) => {
    if ("id" in message) running.delete(message.id as RpcId);
    send(JSON.stringify(message));
  });
  const connection: MessageConnection = createMessageConnection(reader, writer, NullLogger);
  connection.onRequest(async (method: string, params: object | unknown[] | undefined, token: CancellationToken) => {
    const abort = new AbortController();
    const watch = token.onCancellationRequested(() => abort.abort());
    try {
      return await handler(method, params, abort.signal);
    } catch (error) {
      const { code, message, data } = (error as TillerError).toWire();
      return new ResponseError(code, message, data);
    } finally {
      watch.dispose();
    }
  });
  connection.onClose(() => connection.dispose());
  connection.listen();
  return {
    request: (message) => {
      if (running.has(message.id)) return false;
      running.add(message.id);
      reader.push(message);
      return true;
    },
    cancel: (message) => {
      if (running.has(message.params.id)) reader.push(message);
    },
    settled: async (ms) => {
      const until = Date.now() + ms;
      while (running.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    close: () => reader.close(),
  };
}
