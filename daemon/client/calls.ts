/** What a part of the client needs of it: calls and notifications, without the class that joins all parts. */
import type { MethodName, NotificationName, NotificationParams, ParamsIn, Result } from "../protocol/api/index.ts";

export interface CallOptions {
  /** sends `$/cancelRequest`; the call rejects with code `cancelled` */
  readonly signal?: AbortSignal;
}

export interface Calls {
  /** @throws ClientError */
  call<M extends MethodName>(method: M, params: ParamsIn<M>, options?: CallOptions): Promise<Result<M>>;
  /** @returns what ends it */
  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void;
}
