/** Reads the lists: models, presets, artifacts, jobs. */
import type { Store } from "../store/store.ts";
import type { Client } from "./client.ts";
import { problemOf } from "./problem.ts";

export async function refreshLibrary(client: Client, store: Store, defaultModel: string | null = null): Promise<void> {
  try {
    const [{ models }, { presets }, { artifacts }, { jobs }] = await Promise.all([
      client.call("model.list", {}),
      client.call("preset.list", {}),
      client.call("artifact.list", {}),
      client.call("job.list", {}),
    ]);
    store.dispatch({ type: "library/loaded", models, presets, artifacts, jobs, defaultModel: defaultModel ?? store.get().model });
  } catch (error) {
    store.dispatch({ type: "library/problem", problem: problemOf(error, "The lists of models and presets could not be read") });
  }
}
