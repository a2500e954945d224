/** Ops as a plan of their own, for experiments that act at places of their choice: no artifact, no slider. */

import type { Op } from "../protocol/ops.ts";
import type { SteeringPlan } from "../protocol/plan.ts";
import { checkOps, siteTable } from "./check.ts";
import { amountsOf, topologyOf } from "./topology.ts";
import type { CompileModel } from "./types.ts";

/** @param ops all of one control @throws TillerError where the model cannot take them */
export function planOfOps(ops: readonly Op[], model: CompileModel): SteeringPlan {
  checkOps(ops, model);
  const table = siteTable(model.sites);
  const name = ops[0]?.control ?? "";
  const { topology, numbers } = topologyOf([{ name, ops, footprint: ops }], [], (place) => table.get(place)!.width);
  const report = { steered: true, summary: `steered: ${name}`, controls: [] };
  return { topology, numbers, amounts: amountsOf(topology, [{ name, ops }])!, report };
}
