/** Which arrays a topology holds. Both ends of an engine's pipe count by it, so that they agree on what the engine still has. */
import type { NumbersId, PlanTopology } from "../plan.ts";

/** Each once. */
export function numbersOf({ terms, columns, gates }: PlanTopology): Set<NumbersId> {
  const ids = new Set<NumbersId>();
  for (const term of terms) {
    if (term.kind === "direction") continue;
    ids.add(term.values);
    const more = term.kind === "element" ? term.indices : term.start;
    if (more !== null) ids.add(more);
  }
  for (const { v, u } of columns) ids.add(v).add(u);
  for (const { probe } of gates) ids.add(probe.vector);
  return ids;
}
