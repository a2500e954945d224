/** Which sliders stand above the composer where the steering column is a view of its own. */
import type { RackControl, RackState } from "../store/state.ts";

const MOST = 3;

/** The first few that are on, and how many more there are. */
export function stripOf({ controls }: Pick<RackState, "controls">): { shown: readonly RackControl[]; more: number } {
  const on = controls.filter(({ enabled }) => enabled);
  return { shown: on.slice(0, MOST), more: Math.max(0, on.length - MOST) };
}
