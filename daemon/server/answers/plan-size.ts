/** How many edits a plan holds when all its gates are open. */
import type { SteeringPlan } from "../../protocol/plan.ts";
import { actsIn, PHASES, type Phase } from "../../protocol/rules/columns.ts";
import { siteKey } from "../../protocol/sites.ts";

export function countEdits(plan: SteeringPlan): number {
  return Math.max(...PHASES.map((phase) => count(plan, phase)));
}

/** Places with an element-wise edit, and columns. */
function count({ topology, amounts }: SteeringPlan, phase: Phase): number {
  const on = topology.terms.filter((term, index) => !Number.isNaN(amounts[index]!) && actsIn(term.scope, phase));
  return new Set(on.map((term) => (term.kind === "direction" ? term.column : siteKey(term)))).size;
}
