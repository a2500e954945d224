/** Calls that were made while there is no connection. A few failed attempts are waited out; then the caller is told. */
import { ClientError } from "./error.ts";
import type { Rpc } from "./rpc.ts";

/** With the default back-off this is about two seconds without a daemon. */
const PATIENCE = 4;

interface Waiter {
  readonly resolve: (rpc: Rpc) => void;
  readonly reject: (error: ClientError) => void;
}

export class LinkWaiters {
  readonly #waiters = new Set<Waiter>();

  wait(signal?: AbortSignal): Promise<Rpc> {
    return new Promise((resolve, reject) => {
      const cancelled = (): void => waiter.reject(new ClientError("cancelled", "the call was cancelled"));
      const done = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", cancelled);
      };
      const waiter: Waiter = {
        resolve: (rpc) => {
          done();
          resolve(rpc);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      if (signal?.aborted) cancelled();
      else signal?.addEventListener("abort", cancelled, { once: true });
    });
  }

  resolve(rpc: Rpc): void {
    for (const waiter of [...this.#waiters]) waiter.resolve(rpc);
  }

  reject(error: ClientError): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }

  failed(error: ClientError, attempts: number): void {
    if (attempts >= PATIENCE) this.reject(error);
  }
}
