/** What a command works with: its output, the user's store, and the daemon once it asks for it. */
import type { TillerClient } from "../../client/client.ts";
import { ClientError } from "../../client/error.ts";
import { connectNode } from "../../client-node/connect.ts";
import { daemonLog, findOrStart } from "../../client-node/find-or-start.ts";
import { buildId } from "../../store/build-id.ts";
import { findDaemon, type Lock, lockUrl } from "../../store/lock.ts";
import { checkHome, packageVersion, type StorePaths, storePaths } from "../../store/paths.ts";
import { DAEMON_MAIN } from "../entries.ts";
import { Output } from "../output/output.ts";

const ATTEMPTS = 20;
const AGAIN_MS = 100;

export class Session {
  readonly output: Output;
  readonly paths: StorePaths;
  readonly #closers: (() => void)[] = [];

  constructor(json: boolean) {
    this.output = new Output(json);
    this.paths = storePaths();
  }

  /** The user's daemon, started when there is none. */
  async daemon(): Promise<TillerClient> {
    for (let attempt = 0; ; attempt++) {
      const { lock, started } = await findOrStart(this.paths, { node: process.execPath, entry: DAEMON_MAIN });
      if (started) this.#tellStart(lock);
      try {
        return await this.connect(lock);
      } catch (error) {
        // One that was just killed is still a process for a moment, and answers no more.
        if (attempt >= ATTEMPTS || !(error instanceof ClientError) || error.code !== "unreachable") throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  #tellStart(lock: Lock): void {
    this.output.note(
      `tiller: started the daemon (pid ${lock.pid}) at ${lockUrl(lock)}; it stays until \`tiller stop\`, its log is ${daemonLog(this.paths)}`,
    );
  }

  /** null: none runs. */
  async runningDaemon(): Promise<{ lock: Lock; client: TillerClient } | null> {
    checkHome(this.paths.home);
    const lock = await findDaemon(this.paths.lock);
    return lock === null ? null : { lock, client: await this.connect(lock) };
  }

  async connect(lock: Lock): Promise<TillerClient> {
    if (lock.build !== buildId())
      this.output.note(
        `tiller: the daemon that runs (pid ${lock.pid}) is of another build than this command; \`tiller stop\` ends it, and the next command starts this one`,
      );
    const client = connectNode({
      url: lockUrl(lock),
      token: lock.token,
      name: "tiller command line",
      version: packageVersion(),
      reconnect: false,
    });
    this.#closers.push(() => client.close());
    await client.ready();
    return client;
  }

  close(): void {
    for (const close of this.#closers) close();
  }
}
