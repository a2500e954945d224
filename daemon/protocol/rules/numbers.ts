/** Which arrays a topology holds. Both ends of an engine's pipe count by it, so that they agree on what the engine still has. */
import type { NumbersId, PlanTopology } from "../plan.ts";

/** Each once. */
export function numbersOf({ terms, columns, gates }: PlanTopology): Set<NumbersId> {
  const ids = new Set<NumbersId>();
  for (const term of terms) {
    if (term.kind !== "element") continue;
    ids.add(term.values);
    if (term.indices !== null) ids.add(term.indices);
  }
  for (const { v, u } of columns) ids.add(v).add(u);
  for (const { probe } of gates) ids.add(probe.vector);
  return ids;
}
