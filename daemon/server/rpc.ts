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
import type { TillerError } from "../protocol/errors.ts";
import type { RpcCancel, RpcRequest } from "./envelope.ts";

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
  readonly #send: (text: string) => void;

  constructor(send: (text: string) => void) {
    super();
    this.#send = send;
  }

  write(message: Message): Promise<void> {
    this.#send(JSON.stringify(message));
    return Promise.resolve();
  }

  end(): void {}
}

export interface RpcEnd {
  push(message: RpcRequest | RpcCancel): void;
  close(): void;
}

export type RpcHandler = (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;

/** @param handler throws TillerError only */
export function createRpc(send: (text: string) => void, handler: RpcHandler): RpcEnd {
  const reader = new Reader();
  const connection: MessageConnection = createMessageConnection(reader, new Writer(send), NullLogger);
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
    push: (message) => reader.push(message),
    close: () => reader.close(),
  };
}
