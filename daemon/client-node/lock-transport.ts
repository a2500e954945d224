/** One attempt to connect to whatever daemon a lock names by then: for clients that outlive daemons. */
import { ClientError } from "../client/error.ts";
import type { Connect, Transport } from "../client/transport.ts";
import { type Lock, lockUrl } from "../store/lock.ts";
import { nodeTransport } from "./transport.ts";

/** @param find finds or starts the daemon; an error with code `forbidden` ends the client's attempts */
export function lockTransport(find: () => Promise<Lock>): Connect {
  return (events) => {
    let inner: Transport | null = null;
    let over = false;
    find().then(
      (lock) => {
        if (!over) inner = nodeTransport(lockUrl(lock), lock.token)(events);
      },
      (error: unknown) => {
        if (over) return;
        const known = error instanceof ClientError ? error : new ClientError("internal", String(error));
        events.close(known.message, known.code === "forbidden" ? known : undefined);
      },
    );
    return {
      send: (text) => inner?.send(text),
      close() {
        over = true;
        if (inner === null) queueMicrotask(() => events.close("closed"));
        else inner.close();
      },
      abandon() {
        over = true;
        inner?.abandon();
      },
    };
  };
}
