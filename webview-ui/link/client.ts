/** What the page uses of the typed client. */
import type { Frame } from "../../daemon/client/frame.ts";
import type { MethodName, NotificationName, NotificationParams, ParamsIn, Result } from "../../daemon/protocol/api/index.ts";

export type ActivationFrame = Frame;

export interface Client {
  call<M extends MethodName>(method: M, params: ParamsIn<M>): Promise<Result<M>>;
  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void;
  onFrame(listener: (frame: Frame) => void): () => void;
}
