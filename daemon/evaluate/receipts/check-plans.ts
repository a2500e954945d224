/** What no plan can be made of is said before the first answer, not after hours of plain ones. */
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import { sweptStrengths } from "./arms.ts";
import { planAt, randomPlanAt, type Sweep } from "./plans.ts";

/** @throws TillerError not-found, wrong-model, not-steerable … */
export function checkPlans(spec: Pick<EvaluationSpec, "strengths">, sweep: Sweep, seed: number): void {
  for (const strength of sweptStrengths(spec)) {
    planAt(sweep, strength);
    if (strength !== 0) randomPlanAt(sweep, strength, seed);
  }
}
