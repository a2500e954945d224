/**
 * What the daemon says, kept true by its notifications, and kept for when it does not run. A daemon that does not run is not
 * started: an editor that shows a file is no reason to.
 */
import type { TillerClient } from "../daemon/client/client.ts";
import { type Knowledge, type Known, KnownSchema, NOTHING_KNOWN } from "./knowledge.ts";

/** Where the last answers are kept between two runs of the server. */
export interface Shelf {
  /** null: nothing is kept */
  read(): string | null;
  write(text: string): void;
}

export function daemonKnowledge(client: TillerClient, shelf: Shelf): Knowledge {
  const listeners = new Set<() => void>();
  let known = keptOn(shelf);
  let asked = 0;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const refresh = async (): Promise<void> => {
    const turn = ++asked;
    try {
      const said = await askDaemon(client);
      // a later question may have been answered first
      if (turn !== asked) return;
      known = said;
      shelf.write(JSON.stringify(known));
      tell();
    } catch {
      // the connection went: it comes back with `onState`
    }
  };
  client.onState(({ state }) => {
    if (state === "open") void refresh();
    else tell();
  });
  client.on("model.changed", () => void refresh());
  client.on("job.changed", ({ state }) => state === "done" && void refresh());
  // one that was connected before says nothing of it any more
  if (client.state.state === "open") void refresh();
  return {
    get known() {
      return known;
    },
    get live() {
      return client.state.state === "open" && known !== null;
    },
    async check(text, model) {
      if (client.state.state !== "open") return null;
      try {
        return (await client.call("preset.check", model === undefined ? { text } : { text, model })).problems;
      } catch {
        return null;
      }
    },
    onChange: (listener) => void listeners.add(listener),
    dispose: () => client.close(),
  };
}

/** @throws ClientError */
export async function askDaemon(client: TillerClient): Promise<Known> {
  const [{ methods }, { artifacts }, { models }] = await Promise.all([
    client.call("method.list", {}),
    client.call("artifact.list", {}),
    client.call("model.list", {}),
  ]);
  return { methods, artifacts, models, defaultModel: client.hello?.defaultModel ?? null };
}

/** What was said before, and nothing else. */
export function keptKnowledge(shelf: Shelf): Knowledge {
  return { ...NOTHING_KNOWN, known: keptOn(shelf) };
}

function keptOn(shelf: Shelf): Known | null {
  try {
    return KnownSchema.parse(JSON.parse(shelf.read() ?? "null"));
  } catch {
    return null;
  }
}
