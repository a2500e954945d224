/** A bare JSON-RPC client on `ws`, so that tests see exactly what is on the wire. */
import { WebSocket } from "ws";
import { decodeFrame, type FrameHeader } from "../../daemon/protocol/frames.ts";

export interface RpcErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: { readonly code: string; readonly field?: string; readonly suggestion?: string };
}

export class RpcError extends Error {
  readonly body: RpcErrorBody;

  constructor(body: RpcErrorBody) {
    super(body.message);
    this.body = body;
  }

  get code(): string {
    return this.body.data?.code ?? String(this.body.code);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at wire values as they come
export type Wire = any;

export interface Notified {
  readonly method: string;
  readonly params: Wire;
  readonly at: number;
}

export class RpcClient {
  readonly socket: WebSocket;
  readonly notifications: Notified[] = [];
  readonly frames: { header: FrameHeader; body: Float32Array | Uint8Array }[] = [];
  /** every error that came, also those that answer no request */
  readonly errors: RpcErrorBody[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #pending = new Map<number, { resolve: (value: Wire) => void; reject: (error: Error) => void }>();
  readonly #watchers = new Set<() => void>();
  #next = 1;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer, binary: boolean) => this.#receive(data, binary));
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        for (const pending of this.#pending.values()) pending.reject(new Error(`closed ${code} ${reason.toString()}`));
        this.#pending.clear();
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
  }

  call(method: string, params: object = {}): Promise<Wire> {
    return this.request(method, params).result;
  }

  /** Of `generate.chat` or `generate.complete`: the result, and the tokens that came before it. */
  async answer(
    method: "generate.chat" | "generate.complete",
    params: Record<string, unknown> & { readonly stream: string },
  ): Promise<Wire> {
    const from = this.notifications.length;
    const result = await this.call(method, params);
    const own = this.notifications.slice(from).filter((n) => n.method === "generate.token" && n.params.stream === params.stream);
    return { ...result, tokens: own.flatMap((n) => n.params.tokens) };
  }

  request(method: string, params: object = {}): { id: number; result: Promise<Wire> } {
    const id = this.#next++;
    const result = new Promise<Wire>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return { id, result };
  }

  /** Resolves with the error of a call that must fail. */
  async refused(method: string, params: object = {}): Promise<RpcError> {
    try {
      await this.call(method, params);
    } catch (error) {
      if (error instanceof RpcError) return error;
      throw error;
    }
    throw new Error(`${method} was not refused`);
  }

  of(method: string, stream?: string): Wire[] {
    return this.notifications
      .filter((n) => n.method === method && (stream === undefined || n.params.stream === stream))
      .map((n) => n.params);
  }

  tokens(stream: string): Wire[] {
    return this.of("generate.token", stream).flatMap((params) => params.tokens);
  }

  /** Waits until `ready` gives something that is not undefined or false; checked at every message. */
  until<T>(ready: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const value = ready();
        if (value !== undefined && value !== false) {
          this.#watchers.delete(check);
          resolve(value);
        } else if (this.socket.readyState === WebSocket.CLOSED) {
          this.#watchers.delete(check);
          reject(new Error("the connection closed while waiting"));
        }
      };
      this.#watchers.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #receive(data: Buffer, binary: boolean): void {
    if (binary) this.frames.push(decodeFrame(new Uint8Array(data)));
    else {
      const message = JSON.parse(data.toString());
      if (message.error !== undefined) this.errors.push(message.error);
      if (message.method !== undefined) this.notifications.push({ method: message.method, params: message.params, at: Date.now() });
      else {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.error !== undefined) pending?.reject(new RpcError(message.error));
        else pending?.resolve(message.result);
      }
    }
    this.#wake();
  }

  #wake(): void {
    for (const check of [...this.#watchers]) check();
  }
}

export interface ConnectOptions {
  readonly token: string;
  readonly headers?: Record<string, string>;
  readonly hello?: boolean;
  readonly protocols?: readonly string[];
  readonly path?: string;
}

export async function connect(url: string, options: ConnectOptions): Promise<RpcClient> {
  const socket = await openSocket(url, options);
  const client = new RpcClient(socket);
  if (options.hello !== false) await client.call("daemon.hello", { protocol: 1, client: { name: "test", version: "0" } });
  return client;
}

/** Rejects with the HTTP status when the upgrade is refused. */
export function openSocket(url: string, { token, headers = {}, protocols, path = "/ws" }: ConnectOptions): Promise<WebSocket> {
  const offered = protocols ?? ["tiller.v1", `tiller.token.${token}`];
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, [...offered], { headers });
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve(socket));
    socket.on("unexpected-response", (_request, response) => {
      reject(Object.assign(new Error(`upgrade refused: ${response.statusCode}`), { status: response.statusCode }));
      socket.terminate();
    });
    socket.on("error", reject);
  });
}
