/**
 * The user's one daemon, seen from this window: found by its lock file, started when there is none and it is wanted. Everything
 * that talks to it goes through `connect`, so all of it comes back with it. Who stopped the daemon on purpose, here or elsewhere,
 * is not contradicted: only a person's next wish starts it again. Knows nothing of `vscode`.
 */

import { TillerClient } from "../../daemon/client/client.ts";
import { ClientError } from "../../daemon/client/error.ts";
import type { Connect } from "../../daemon/client/transport.ts";
import { schemaChecks } from "../../daemon/client-node/checks.ts";
import { type DaemonProgram, findOrStart } from "../../daemon/client-node/find-or-start.ts";
import { lockTransport } from "../../daemon/client-node/lock-transport.ts";
import { findDaemon, type Lock, lockUrl } from "../../daemon/store/lock.ts";
import type { StorePaths } from "../../daemon/store/paths.ts";

/** `idle`: nobody asked for it yet; `forbidden`: it may not be started here. */
export type Health = "idle" | "forbidden" | "starting" | "running" | "lost" | "stopped";

export interface KeeperOptions {
  readonly paths: StorePaths;
  readonly program: () => Promise<DaemonProgram>;
  /** whether a daemon may be started or talked to: the workspace is trusted */
  readonly allowed: () => boolean;
  readonly version: string;
  readonly log: (message: string) => void;
}

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #listeners = new Set<(health: Health) => void>();
  #health: Health = "idle";
  #wanted = true;
  #finding: Promise<Lock> | null = null;
  #client: TillerClient | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get health(): Health {
    return this.#health;
  }

  onHealth(listener: (health: Health) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** This window's own client; connects at the first call. It reconnects by itself. */
  client(): TillerClient {
    if (this.#client !== null) return this.#client;
    const client = new TillerClient(this.connect, { name: "VS Code", version: this.#options.version, check: schemaChecks });
    client.onState(({ state, error }) => {
      if (state === "open") this.#set("running");
      else if (state === "closed") this.#forget(client, error);
      else if (error !== null && this.#health === "running") this.#set(this.#wanted ? "lost" : "stopped");
    });
    client.on("daemon.stopping", ({ reason }) => {
      this.#options.log(`the daemon stops: ${reason}`);
      this.#wanted = false;
    });
    client.onProblem((message) => this.#options.log(`from the daemon: ${message}`));
    this.#client = client;
    return client;
  }

  /** A person wants the daemon: starts it if need be. @throws ClientError */
  async revive(): Promise<TillerClient> {
    this.#wanted = true;
    const client = this.client();
    client.wake();
    await client.ready();
    return client;
  }

  /** Ends the daemon, for all who use it. */
  async stop(): Promise<void> {
    this.#wanted = false;
    if ((await findDaemon(this.#options.paths.lock)) !== null) await this.client().call("daemon.stop", {});
    this.#set("stopped");
  }

  close(): void {
    this.#client?.close();
    this.#client = null;
  }

  /** One attempt to connect, for any client: finds or starts the daemon first. */
  readonly connect: Connect = lockTransport(() => this.#lock());

  /** Shared by all that ask at the same time. */
  #lock(): Promise<Lock> {
    this.#finding ??= this.#find().finally(() => {
      this.#finding = null;
    });
    return this.#finding;
  }

  async #find(): Promise<Lock> {
    if (!this.#options.allowed()) {
      this.#set("forbidden");
      throw new ClientError("forbidden", "this workspace is not trusted, so nothing is started in it", {
        suggestion: "Trust the workspace to talk to a model here.",
      });
    }
    const { paths, log } = this.#options;
    if (!this.#wanted) {
      const running = await findDaemon(paths.lock);
      if (running === null) {
        this.#set("stopped");
        throw new ClientError("unreachable", "the daemon was stopped");
      }
      // somebody else started it again
      this.#wanted = true;
      return running;
    }
    if (this.#health !== "running") this.#set("starting");
    const { lock, started } = await findOrStart(paths, await this.#options.program());
    if (started) log(`started the daemon, pid ${lock.pid}, at ${lockUrl(lock)}; it goes on when this window is closed`);
    return lock;
  }

  #forget(client: TillerClient, error: ClientError | null): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#set(error?.code === "forbidden" && !this.#options.allowed() ? "forbidden" : "lost");
    if (error !== null) this.#options.log(`the connection ended: ${error.message}`);
  }

  #set(health: Health): void {
    if (health === this.#health) return;
    this.#health = health;
    for (const listener of this.#listeners) listener(health);
  }
}
