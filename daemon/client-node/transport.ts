/** The client's socket in Node, by `ws`. */
import { type RawData, WebSocket } from "ws";
import { ClientError } from "../client/error.ts";
import type { Connect } from "../client/transport.ts";
import { SOCKET_PATH, SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../protocol/version.ts";

/** The daemon's close code for a revoked token. */
const REVOKED = 4003;

export function nodeTransport(url: string, token: string): Connect {
  const address = `${url.replace(/^http/, "ws").replace(/\/+$/, "")}${SOCKET_PATH}`;
  return (events) => {
    const socket = new WebSocket(address, [SUBPROTOCOL, `${TOKEN_SUBPROTOCOL_PREFIX}${token}`], {
      perMessageDeflate: false,
      followRedirects: false,
      // The daemon limits what it sends; a capture arrives in frames of about a megabyte.
      maxPayload: 256 * 1024 * 1024,
    });
    let ended = false;
    const end = (reason: string, refusal?: ClientError): void => {
      if (ended) return;
      ended = true;
      events.close(reason, refusal);
    };
    socket.on("open", () => events.open());
    socket.on("message", (data, binary) => {
      if (binary) events.binary(bytesOf(data));
      else events.text(data.toString());
    });
    socket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        if (body.length < 65_536) body += part;
      });
      response.on("end", () => {
        const refusal = refusalOf(response.statusCode ?? 0, body);
        end(refusal.message, refusal.code === "unauthorised" || refusal.code === "forbidden" ? refusal : undefined);
        socket.terminate();
      });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => end(`the daemon cannot be reached (${error.code ?? error.message})`));
    socket.on("close", (code, reason) => {
      if (code === REVOKED) end("the token was revoked", new ClientError("unauthorised", "the token was revoked"));
      else end(reason.length === 0 ? `the socket closed (${code})` : reason.toString("utf8"));
    });
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(1000),
      abandon: () => {
        ended = true;
        socket.terminate();
      },
    };
  };
}

function refusalOf(status: number, body: string): ClientError {
  try {
    return ClientError.fromWire((JSON.parse(body) as { error: unknown }).error);
  } catch {
    return new ClientError("unreachable", `what answers there is not a daemon (HTTP ${status})`);
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
}
