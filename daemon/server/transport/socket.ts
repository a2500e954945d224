/** The WebSocket end of the daemon: who may connect, how many, and everything that is sent to all. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { NotificationName, NotificationParams } from "../../protocol/api/index.ts";
import type { TokenScope } from "../../protocol/api/table.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SOCKET_PATH, SUBPROTOCOL } from "../../protocol/version.ts";
import type { Config } from "../../store/config.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { type Auth, allows, clientId, type Identity } from "./auth.ts";
import type { Client } from "./client.ts";
import { CLOSE, Connection } from "./connection.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { Gate } from "./gate.ts";
import { RETRY_SECONDS } from "./http-call.ts";

export interface SocketDeps {
  readonly config: Config;
  readonly auth: Auth;
  readonly gate: Gate;
  readonly dispatcher: Dispatcher;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly onGone: (client: Client) => void;
}

export class SocketEnd {
  readonly #deps: SocketDeps;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<Connection>();
  #next = 1;
  #closing = false;

  constructor(http: Server, deps: SocketDeps) {
    this.#deps = deps;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: deps.config.limits.messageBytes,
      perMessageDeflate: false,
      clientTracking: false,
      // Only the plain name is ever chosen, so a token is not repeated in the answer's headers.
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get size(): number {
    return this.#connections.size;
  }

  /** What all clients together have not taken yet. */
  get waitingBytes(): number {
    return [...this.#connections].reduce((sum, { client }) => sum + client.outbox.waitingBytes, 0);
  }

  /** To every client that said hello and has the scope. */
  broadcast<N extends NotificationName>(method: N, params: NotificationParams<N>, scope: TokenScope | null = null): void {
    for (const { client } of this.#connections) {
      if (client.name !== null && allows(client.identity, scope)) client.notify(method, params);
    }
  }

  disconnectToken(id: string): void {
    for (const connection of this.#connections) {
      if (connection.client.identity.tokenId === id) connection.close(CLOSE.revoked, "the token was revoked");
    }
    this.#deps.gate.endHttp(id);
  }

  /** No new clients; `finish` ends the present ones. */
  refuseNew(): void {
    this.#closing = true;
  }

  async finish(ms: number): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.finish(ms)));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    let identity: Identity;
    try {
      this.#deps.auth.checkRoute(request);
      if ((request.url ?? "").split("?")[0] !== SOCKET_PATH) throw new TillerError("not-found", `the WebSocket is at ${SOCKET_PATH}`);
      identity = this.#deps.auth.fromSocket(request);
      if (this.#closing) throw new TillerError("shutting-down", "the daemon is stopping");
      this.#deps.gate.enter(socket, identity, true);
    } catch (error) {
      refuse(socket, TillerError.from(error));
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection: Connection = new Connection(clientId(identity, `c${this.#next++}`), identity, webSocket, socket, {
        ...this.#deps,
        onGone: (client) => {
          this.#connections.delete(connection);
          this.#deps.onGone(client);
        },
      });
      this.#connections.add(connection);
    });
  }
}

const STATUS: Readonly<Record<string, string>> = {
  unauthorised: "401 Unauthorized",
  forbidden: "403 Forbidden",
  "not-found": "404 Not Found",
  overloaded: "429 Too Many Requests",
  "shutting-down": "503 Service Unavailable",
};

/** How long a refused client has to take what it was told and to close. */
const REFUSED_MS = 1000;

/** The other end may never close: then it is closed here, so that nobody holds a socket without a token. */
function refuse(socket: Duplex, error: TillerError): void {
  const timer = setTimeout(() => socket.destroy(), REFUSED_MS);
  socket.once("close", () => clearTimeout(timer));
  // what else it sends is read, for unread bytes would make the system reset the connection before the answer is there
  socket.resume();
  const body = JSON.stringify({ error: error.toWire() });
  const retry = error.code === "overloaded" ? `Retry-After: ${RETRY_SECONDS}\r\n` : "";
  socket.end(
    `HTTP/1.1 ${STATUS[error.code] ?? "400 Bad Request"}\r\nConnection: close\r\n${retry}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
