/** The client over the browser's own WebSocket. The token travels as a sub-protocol, never in the URL. */
import { SOCKET_PATH, SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../protocol/version.ts";
import { type ClientOptions, TillerClient } from "./client.ts";
import { ClientError } from "./error.ts";
import { proveDaemon } from "./page-sign-in.ts";
import type { Connect, TransportEvents } from "./transport.ts";

export interface BrowserOptions extends Partial<ClientOptions> {
  /** the daemon's address, e.g. `location.origin`; http(s) or ws(s) */
  readonly url: string;
  /** or what finds it, asked at each attempt; it may throw a ClientError */
  readonly token: string | (() => Promise<string>);
}

export function connectBrowser(options: BrowserOptions): TillerClient {
  const { url, token, ...rest } = options;
  const client = new TillerClient(browserTransport(url, token), { name: "page", version: "0", ...rest });
  if (typeof window === "object") watchForSleep(client);
  return client;
}

/** The daemon's close code after which another attempt would end the same way. */
const REVOKED = 4003;

export function browserTransport(url: string, given: BrowserOptions["token"]): Connect {
  const http = url.replace(/^ws/, "http").replace(/\/+$/, "");
  return (events) => {
    let socket: WebSocket | null = null;
    let ended = false;
    const end = (reason: string, refusal?: ClientError): void => {
      if (ended) return;
      ended = true;
      events.close(reason, refusal);
    };
    // The token is in the upgrade, so who answers is asked first.
    const start = async (): Promise<void> => {
      const token = typeof given === "string" ? given : await given();
      const proof = await proveDaemon(http, token);
      if (ended) return;
      if (proof.proved) socket = openSocket(http, token, events, end);
      else end(proof.refusal?.message ?? UNREACHABLE, proof.refusal ?? undefined);
    };
    start().catch((error: unknown) => {
      if (error instanceof ClientError && error.code !== "unreachable") end(error.message, error);
      else end(UNREACHABLE);
    });
    return {
      send: (text) => {
        if (socket?.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => (socket === null ? end("the connection was closed before it was made") : socket.close(1000)),
      abandon: () => {
        ended = true;
        socket?.close();
      },
    };
  };
}

const UNREACHABLE = "the daemon cannot be reached";

function openSocket(http: string, token: string, events: TransportEvents, end: (reason: string, refusal?: ClientError) => void): WebSocket {
  const socket = new WebSocket(`${http.replace(/^http/, "ws")}${SOCKET_PATH}`, [SUBPROTOCOL, `${TOKEN_SUBPROTOCOL_PREFIX}${token}`]);
  socket.binaryType = "arraybuffer";
  let opened = false;
  socket.onopen = () => {
    opened = true;
    events.open();
  };
  socket.onmessage = ({ data }) => deliver(events, data);
  socket.onclose = ({ code, reason }) => {
    if (code === REVOKED) end("the token was revoked", new ClientError("unauthorised", "the token was revoked"));
    else if (opened) end(reason === "" ? `the socket closed (${code})` : reason);
    else end(UNREACHABLE);
  };
  return socket;
}

function deliver(events: TransportEvents, data: unknown): void {
  if (typeof data === "string") events.text(data);
  else if (data instanceof ArrayBuffer) events.binary(new Uint8Array(data));
}

function watchForSleep(client: TillerClient): void {
  const wake = (): void => client.wake();
  const visible = (): void => {
    if (document.visibilityState === "visible") client.wake();
  };
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", visible);
  client.onState(({ state }) => {
    if (state !== "closed") return;
    window.removeEventListener("online", wake);
    window.removeEventListener("pageshow", wake);
    document.removeEventListener("visibilitychange", visible);
  });
}
