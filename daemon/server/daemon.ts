/** Puts the daemon together and takes it apart again. No globals: a process could hold two on different homes. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TillerError } from "../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { buildId } from "../store/build-id.ts";
import { type Config, loadConfig } from "../store/config.ts";
import { acquireLock, type Lock, liveness, lockUrl, newToken, releaseLock } from "../store/lock.ts";
import { makeFolders, packageVersion, type StorePaths, storePaths } from "../store/paths.ts";
import { lastPort, rememberPort } from "../store/port.ts";
import { createContext, type Wiring } from "./compose.ts";
import { discardEarly } from "./engines/early.ts";
import { createHandlers } from "./handlers/index.ts";
import type { Log } from "./log.ts";
import { Auth } from "./transport/auth.ts";
import { Dispatcher } from "./transport/dispatch.ts";
import { Gate } from "./transport/gate.ts";
import { createHttpHandler } from "./transport/http.ts";
import { SocketEnd } from "./transport/socket.ts";

export interface DaemonOptions {
  readonly host: string;
  readonly port: number;
  readonly home: string;
  readonly log: Log;
}

export interface RunningDaemon {
  readonly url: string;
  readonly token: string;
  /** what opens the page, once */
  pageCode(): string;
  /** Loads the default model before it is asked for; a failure is logged, and shows again to whoever asks. */
  warm(): Promise<void>;
  /** resolves when it has stopped, by `stop` or by a client's `daemon.stop` */
  readonly stopped: Promise<void>;
  stop(reason: string): Promise<void>;
}

/** @throws TillerError conflict when another daemon runs or the port is taken */
export async function startDaemon(options: DaemonOptions): Promise<RunningDaemon> {
  const { log } = options;
  const paths: StorePaths = storePaths(options.home);
  makeFolders(paths);
  const config = loadConfig(paths.config);
  const http = createHttpServer(config);
  const gate = new Gate(config.limits);
  http.on("connection", (socket) => gate.arrived(socket));
  const port = await listenAsBefore(http, options.host, options.port, lastPort(paths.port));
  const lock: Lock = {
    pid: process.pid,
    host: options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host,
    port,
    token: newToken(),
    version: packageVersion(),
    protocol: PROTOCOL_VERSION,
    started: new Date().toISOString(),
    build: buildId(),
  };
  let wiring: Wiring;
  try {
    http.once("error", (error) => log.error(`server: ${error.name}`));
    const health = answerHealth(http, lock);
    await acquireLock(paths.lock, lock);
    rememberPort(paths.port, port);
    wiring = createContext({ paths, config, log, version: lock.version });
    health.end();
  } catch (error) {
    http.close();
    http.closeAllConnections();
    releaseLock(paths.lock, lock.token);
    throw error;
  }
  const { context } = wiring;
  const auth = new Auth({
    token: lock.token,
    tokens: context.tokens,
    pages: context.pages,
    host: options.host,
    port,
    origins: config.origins,
    hosts: config.hosts,
  });
  const sockets = new SocketEnd(http, {
    config,
    auth,
    gate,
    log,
    metrics: context.metrics,
    dispatcher: new Dispatcher(createHandlers(context), log, context.metrics),
    onGone: (client) => {
      context.sessions.cancelAll(client.id);
      context.live.forget(client);
    },
  });
  wiring.attach(sockets);
  http.on("request", createHttpHandler(context, auth, gate, liveness(lock)));
  context.jobs.resume();

  let stopping: Promise<void> | null = null;
  let finished: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const stop = (reason: string): Promise<void> => {
    stopping ??= drain(reason).finally(finished);
    return stopping;
  };
  wiring.onStop((reason) => {
    stop(reason).catch(() => undefined);
  });

  async function drain(reason: string): Promise<void> {
    log.info(`stopping: ${reason}`);
    sockets.refuseNew();
    http.close();
    sockets.broadcast("daemon.stopping", { reason });
    context.downloads.close();
    await Promise.all([context.jobs.close(), context.sessions.drain(config.limits.drainSeconds * 1000)]);
    await sockets.finish(2000);
    await context.supervisor.close(1000);
    http.closeAllConnections();
    releaseLock(paths.lock, lock.token);
  }

  async function warm(): Promise<void> {
    try {
      const engine = await context.supervisor.acquire(await context.supervisor.find(undefined));
      engine.release();
    } catch (error) {
      log.warn(`the default model was not loaded ahead: ${TillerError.from(error).message}`);
    } finally {
      discardEarly();
    }
  }

  return { url: lockUrl(lock), token: lock.token, pageCode: () => context.pages.issue().code, warm, stopped, stop };
}

/** Longer than clients keep idle connections (60 s and less), so that none sends into one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

function createHttpServer({ limits }: Config): Server {
  const http = createServer({
    headersTimeout: limits.handshakeSeconds * 1000,
    requestTimeout: limits.handshakeSeconds * 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: 16 * 1024,
    connectionsCheckingInterval: Math.min(1000, limits.handshakeSeconds * 500),
  });
  // A client that has sent its request and closed its own side still gets the answer, see `http.ts`.
  Object.assign(http, { httpAllowHalfOpen: true });
  return http;
}

/** Liveness while the lock is being taken: two daemons that start at once must see each other. */
function answerHealth(http: Server, lock: Lock): { end(): void } {
  const answer = (_request: unknown, response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(liveness(lock)));
  };
  http.on("request", answer);
  return { end: () => http.off("request", answer) };
}

/** Port 0 means any: then the one of the last start is tried first. */
async function listenAsBefore(http: Server, host: string, port: number, before: number): Promise<number> {
  if (port !== 0 || before === 0) return listen(http, host, port);
  try {
    return await listen(http, host, before);
  } catch {
    return listen(http, host, 0);
  }
}

async function listen(http: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        new TillerError(
          taken ? "conflict" : "invalid-params",
          taken ? `port ${port} is taken` : `cannot listen on ${host} port ${port} (${error.code})`,
          {
            field: taken ? "port" : "host",
            suggestion: taken ? "Choose another port, or 0 for any free one." : undefined,
          },
        ),
      );
    });
    http.listen(port, host, resolve);
  });
  http.removeAllListeners("error");
  return (http.address() as AddressInfo).port;
}
