/** Sliders of another model than the chosen one: they stay in the rack and do not steer. Pure. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import type { RackState, State } from "../store/state.ts";

/** Whether it was found in another model; what fits several models, or is not known, is left to the daemon. */
export function isForeign(artifact: Pick<ArtifactEntry, "model"> | undefined, fingerprint: string | null | undefined): boolean {
  const made = artifact?.model.fingerprint ?? null;
  return made !== null && fingerprint != null && made !== fingerprint;
}

export function fingerprintOf({ library, model }: Pick<State, "library" | "model">): string | null {
  return library.models.find(({ id }) => id === model)?.fingerprint ?? null;
}

/** @returns the rack of those that steer the chosen model, and the titles of the others that are switched on */
export function fitting(state: Pick<State, "library" | "model" | "rack">): { readonly rack: RackState; readonly left: readonly string[] } {
  const { rack, library } = state;
  const fingerprint = fingerprintOf(state);
  const foreign = rack.controls.filter(({ control }) =>
    isForeign(
      library.artifacts.find(({ id }) => id === control.use),
      fingerprint,
    ),
  );
  if (foreign.length === 0) return { rack, left: [] };
  const left = foreign
    .filter(({ enabled, control }) => enabled && control.strength !== 0)
    .map(({ name, control }) => control.title ?? name);
  return { rack: { ...rack, controls: rack.controls.filter((slider) => !foreign.includes(slider)) }, left };
}
