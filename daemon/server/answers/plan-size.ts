/** How many edits a plan holds when all its gates are open. */
import type { LoweredPhase, SteeringPlan } from "../../protocol/plan.ts";

export function countEdits(plan: SteeringPlan): number {
  return Math.max(count(plan.prompt), count(plan.answer));
}

function count(phase: LoweredPhase): number {
  const open = phase.variants.at(-1);
  return open === undefined ? 0 : open.element.length + open.columns.length;
}
