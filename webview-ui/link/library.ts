/** Reads the lists: models, presets, artifacts, jobs. Presets say whether they fit the chosen model, so they follow it. */
import type { Store } from "../store/store.ts";
import type { Client } from "./client.ts";
import { problemOf } from "./problem.ts";

export async function refreshLibrary(client: Client, store: Store, defaultModel: string | null = null): Promise<void> {
  try {
    const { models } = await client.call("model.list", {});
    const chosen = [store.get().model, defaultModel, models[0]?.id].find((id) => models.some((model) => model.id === id)) ?? null;
    const [{ presets }, { artifacts }, { jobs }, { methods }, { experiments }] = await Promise.all([
      client.call("preset.list", chosen === null ? {} : { model: chosen }),
      client.call("artifact.list", {}),
      client.call("job.list", {}),
      client.call("method.list", {}),
      client.call("experiment.list", chosen === null ? {} : { model: chosen }),
    ]);
    store.dispatch({ type: "library/loaded", models, presets, artifacts, jobs, methods, experiments, defaultModel: chosen });
  } catch (error) {
    store.dispatch({ type: "library/problem", problem: problemOf(error, "The lists of models and presets could not be read") });
  }
}

export async function refreshPresets(client: Client, store: Store): Promise<void> {
  const { model } = store.get();
  try {
    const { presets } = await client.call("preset.list", model === null ? {} : { model });
    if (store.get().model === model) store.dispatch({ type: "library/presets", presets });
  } catch (error) {
    store.dispatch({ type: "library/problem", problem: problemOf(error, "The list of presets could not be read") });
  }
}
