/** The client over the browser's own WebSocket. The token travels as a sub-protocol, never in the URL. */
import { SOCKET_PATH, SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../protocol/version.ts";
import { type ClientOptions, TillerClient } from "./client.ts";
import { ClientError } from "./error.ts";
import type { Connect, TransportEvents } from "./transport.ts";

export interface BrowserOptions extends Partial<ClientOptions> {
  /** the daemon's address, e.g. `location.origin`; http(s) or ws(s) */
  readonly url: string;
  readonly token: string;
}

export function connectBrowser(options: BrowserOptions): TillerClient {
  const { url, token, ...rest } = options;
  const client = new TillerClient(browserTransport(url, token), { name: "page", version: "0", ...rest });
  if (typeof window === "object") watchForSleep(client);
  return client;
}

/** The daemon's close code after which another attempt would end the same way. */
const REVOKED = 4003;

export function browserTransport(url: string, token: string): Connect {
  const http = url.replace(/^ws/, "http").replace(/\/+$/, "");
  return (events) => {
    const socket = new WebSocket(`${http.replace(/^http/, "ws")}${SOCKET_PATH}`, [SUBPROTOCOL, `${TOKEN_SUBPROTOCOL_PREFIX}${token}`]);
    socket.binaryType = "arraybuffer";
    let opened = false;
    let ended = false;
    const end = (reason: string, refusal?: ClientError): void => {
      if (ended) return;
      ended = true;
      events.close(reason, refusal);
    };
    socket.onopen = () => {
      opened = true;
      events.open();
    };
    socket.onmessage = ({ data }) => deliver(events, data);
    socket.onclose = ({ code, reason }) => {
      if (code === REVOKED) end("the token was revoked", new ClientError("unauthorised", "the token was revoked"));
      else if (opened) end(reason === "" ? `the socket closed (${code})` : reason);
      else void whyRefused(http, token).then((refusal) => end(refusal?.message ?? "the daemon cannot be reached", refusal ?? undefined));
    };
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(1000),
      abandon: () => {
        ended = true;
        socket.close();
      },
    };
  };
}

function deliver(events: TransportEvents, data: unknown): void {
  if (typeof data === "string") events.text(data);
  else if (data instanceof ArrayBuffer) events.binary(new Uint8Array(data));
}

/** A browser does not say why an upgrade was refused, so the same token is tried over HTTP. null: nothing is known. */
async function whyRefused(http: string, token: string): Promise<ClientError | null> {
  try {
    const response = await fetch(`${http}/v1/models`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(3000) });
    if (response.status === 401) return new ClientError("unauthorised", "the daemon does not know this token");
    if (response.status === 403) {
      const { error }: { error?: { message?: unknown; param?: unknown } } = await response.json();
      // Only a wrong Host or Origin is final for the socket, too.
      if (error?.param === "host" || error?.param === "origin") return new ClientError("forbidden", String(error.message));
    }
  } catch {
    // Not there at all, which the next attempt will see again.
  }
  return null;
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
