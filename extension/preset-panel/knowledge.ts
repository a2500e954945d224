/** What the panels know: what the daemon says while it runs, else what it said the last time. It is not started for them. */

import type { TillerClient } from "../../daemon/client/client.ts";
import { languageShelf } from "../../daemon/store/language-shelf.ts";
import type { StorePaths } from "../../daemon/store/paths.ts";
import { daemonKnowledge, keptKnowledge } from "../../language-server/daemon-knowledge.ts";
import type { Knowledge } from "../../language-server/knowledge.ts";
import type { Keeper } from "../daemon/keeper.ts";
import type { PanelKnowledge } from "./provider.ts";

export function panelKnowledge(keeper: Keeper, paths: StorePaths): PanelKnowledge {
  const listeners = new Set<() => void>();
  const shelf = languageShelf(paths);
  let asked: TillerClient | null = null;
  let knowledge: Knowledge | null = null;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  keeper.onHealth((health) => {
    const client = health === "running" ? keeper.client() : asked;
    if (client === null || client === asked) return;
    asked = client;
    knowledge = daemonKnowledge(client, shelf);
    knowledge.onChange(tell);
  });
  const current = (): Knowledge => {
    knowledge ??= keptKnowledge(shelf);
    return knowledge;
  };
  return {
    get known() {
      return current().known;
    },
    get live() {
      return current().live;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
