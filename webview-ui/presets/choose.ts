/** Loading a preset into the rack: its sliders, and how it samples where it says so. */
import type { Preset } from "../../daemon/protocol/preset.ts";
import type { Store } from "../store/store.ts";

/** Nothing happens where there is no such preset, or it has a mistake. */
export function choosePreset(store: Store, id: string): void {
  const preset = store.get().library.presets.find((candidate) => candidate.id === id)?.preset ?? null;
  if (preset === null) return;
  store.dispatch({ type: "rack/preset", id, preset });
  takeSampling(store, preset);
}

/** A preset that says how to sample is sampled so. */
export function takeSampling(store: Store, { sampling }: Preset): void {
  const { seed, ...values } = sampling ?? {};
  store.dispatch({ type: "sampling", values });
  if (seed !== undefined) store.dispatch({ type: "sampling/options", options: { seed, seedLocked: true } });
}
