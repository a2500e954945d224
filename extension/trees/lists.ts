/** The daemon's lists as the trees show them: read when a tree is first looked at, kept true by notifications and after every command. */
import type { TillerClient } from "../../daemon/client/client.ts";
import type { ArtifactEntry, Job, PresetEntry } from "../../daemon/protocol/api/library.ts";
import type { Keeper } from "../daemon/keeper.ts";

interface Content {
  readonly presets: readonly PresetEntry[];
  readonly artifacts: readonly ArtifactEntry[];
  readonly jobs: readonly Job[];
}
const EMPTY: Content = { presets: [], artifacts: [], jobs: [] };

export class Lists {
  readonly #keeper: Keeper;
  readonly #log: (message: string) => void;
  readonly #listeners = new Set<() => void>();
  #content = EMPTY;
  #followed: TillerClient | null = null;

  constructor(keeper: Keeper, log: (message: string) => void) {
    this.#keeper = keeper;
    this.#log = log;
    keeper.onHealth((health) => {
      if (health === "running") void this.refresh();
      else this.#set(EMPTY);
    });
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** What is known; asks the daemon at the first look. */
  read(): Content {
    if (this.#keeper.health === "idle") this.#follow();
    return this.#content;
  }

  async refresh(): Promise<void> {
    const client = this.#follow();
    try {
      const [{ presets }, { artifacts }, { jobs }] = await Promise.all([
        client.call("preset.list", {}),
        client.call("artifact.list", {}),
        client.call("job.list", {}),
      ]);
      this.#set({ presets, artifacts, jobs });
    } catch (error) {
      this.#log(`the lists could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #follow(): TillerClient {
    const client = this.#keeper.client();
    if (client === this.#followed) return client;
    this.#followed = client;
    client.on("job.changed", (job) => {
      this.#set({ ...this.#content, jobs: [job, ...this.#content.jobs.filter(({ id }) => id !== job.id)] });
      // what it made is in the other lists
      if (job.state === "done") void this.refresh();
    });
    return client;
  }

  #set(content: Content): void {
    this.#content = content;
    for (const listener of this.#listeners) listener();
  }
}
