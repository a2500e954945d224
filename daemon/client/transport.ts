/** A message port: all that the client knows of sockets, so that tests join a client and a fake daemon in memory. */
import type { ClientError } from "./error.ts";

export interface TransportEvents {
  /** text messages may be sent from now on */
  open(): void;
  text(data: string): void;
  binary(data: Uint8Array): void;
  /** the last event; `refusal` says that another attempt would end the same way (a wrong token, for example) */
  close(reason: string, refusal?: ClientError): void;
}

export interface Transport {
  send(text: string): void;
  /** ends the connection; `close` is still reported, soon */
  close(): void;
  /** ends it without waiting for the other side, which may be gone */
  abandon(): void;
}

/** Starts one attempt to connect. Must not call back before it has returned. */
export type Connect = (events: TransportEvents) => Transport;
