/**
 * The typed client of the daemon, for the page, the command line, the editor and other apps. It takes its socket as a
 * `Connect`, so it runs wherever there is one; types come from the protocol's tables, checks of results are the caller's choice.
 */
import type { MethodName, NotificationName, NotificationParams, ParamsIn, Result } from "../protocol/api/index.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { type AnswerHandlers, type AnswerStream, newStreamId, startAnswer } from "./answer.ts";
import type { CallOptions, Calls } from "./calls.ts";
import { Emitter } from "./emitter.ts";
import { type Frame, readFrame } from "./frame.ts";
import { Link, type LinkOptions, type LinkState } from "./link.ts";
import type { Rpc } from "./rpc.ts";
import type { Connect } from "./transport.ts";

export interface ClientOptions extends LinkOptions {
  /** what the daemon's log calls it */
  readonly name: string;
  readonly version: string;
  /** Checks what arrives, where a schema library is at hand; throws on a mismatch. */
  readonly check?: Checks;
}

export interface Checks {
  result(method: MethodName, result: unknown): void;
  notification(name: NotificationName, params: unknown): void;
}

type Events = { [N in NotificationName]: NotificationParams<N> } & { "\0state": LinkState; "\0frame": Frame; "\0problem": string };
type WithStream<P> = Omit<P, "stream"> & { readonly stream?: string };

export class TillerClient implements Calls {
  readonly #emitter = new Emitter<Events>();
  readonly #check: Checks | undefined;
  readonly #link: Link;
  #hello: Result<"daemon.hello"> | null = null;

  constructor(connect: Connect, options: ClientOptions) {
    this.#check = options.check;
    const { name, version } = options;
    this.#link = new Link(
      connect,
      {
        state: (state) => this.#emitter.emit("\0state", state),
        hello: async (rpc) => {
          this.#hello = await this.#request(rpc, "daemon.hello", { protocol: PROTOCOL_VERSION, client: { name, version } });
        },
        notification: (method, params) => this.#notify(method as NotificationName, params),
        binary: (data) => this.#binary(data),
        problem: (message) => this.#emitter.emit("\0problem", message),
      },
      options,
    );
  }

  /** What the daemon said in the handshake: its version, limits, this token's scopes, the default model. */
  get hello(): Result<"daemon.hello"> | null {
    return this.#hello;
  }

  get state(): LinkState {
    return this.#link.state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#emitter.on("\0state", listener);
  }

  /** Resolves when connected. @throws ClientError unreachable, unauthorised, protocol-mismatch … */
  async ready(signal?: AbortSignal): Promise<Result<"daemon.hello">> {
    await this.#link.open(signal);
    return this.#hello!;
  }

  /** @throws ClientError */
  async call<M extends MethodName>(method: M, params: ParamsIn<M>, options: CallOptions = {}): Promise<Result<M>> {
    return this.#request(await this.#link.open(options.signal), method, params, options.signal);
  }

  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void {
    return this.#emitter.on(name, listener as (value: Events[N]) => void);
  }

  /** Binary frames of `tap.run` and `tap.subscribe`. They are read only while someone listens. */
  onFrame(listener: (frame: Frame) => void): () => void {
    return this.#emitter.on("\0frame", listener);
  }

  /** What the daemon sent and this client could not read; for logs. */
  onProblem(listener: (message: string) => void): () => void {
    return this.#emitter.on("\0problem", listener);
  }

  chat(params: WithStream<ParamsIn<"generate.chat">>, handlers: AnswerHandlers = {}): AnswerStream {
    return startAnswer(this, "generate.chat", { ...params, stream: params.stream ?? newStreamId() }, handlers);
  }

  complete(params: WithStream<ParamsIn<"generate.complete">>, handlers: AnswerHandlers = {}): AnswerStream {
    return startAnswer(this, "generate.complete", { ...params, stream: params.stream ?? newStreamId() }, handlers);
  }

  /** One pass over raw text; all frames have been given to `onFrame` when the result comes. */
  async tap(
    params: WithStream<ParamsIn<"tap.run">>,
    onFrame: (frame: Frame) => void,
    options: CallOptions = {},
  ): Promise<Result<"tap.run">> {
    const stream = params.stream ?? newStreamId();
    const end = this.onFrame((frame) => frame.header.stream === stream && onFrame(frame));
    try {
      return await this.call("tap.run", { ...params, stream }, options);
    } finally {
      end();
    }
  }

  /** The machine or the page came back: reconnect now instead of at the next attempt, and test a socket that looks open. */
  wake(): void {
    this.#link.wake();
  }

  /** For good; what is pending rejects with code `disconnected`. */
  close(): void {
    this.#link.close();
  }

  async #request<M extends MethodName>(rpc: Rpc, method: M, params: ParamsIn<M>, signal?: AbortSignal): Promise<Result<M>> {
    const result = await rpc.request(method, params, signal);
    this.#check?.result(method, result);
    return result as Result<M>;
  }

  #notify<N extends NotificationName>(name: N, params: unknown): void {
    try {
      this.#check?.notification(name, params);
    } catch (error) {
      this.#emitter.emit("\0problem", `${name}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    this.#emitter.emit(name, params as Events[N]);
  }

  #binary(data: Uint8Array): void {
    if (!this.#emitter.has("\0frame")) return;
    const frame = readFrame(data);
    if (frame === null) this.#emitter.emit("\0problem", "a binary message is not a frame");
    else this.#emitter.emit("\0frame", frame);
  }
}
