/** Refuses ops that the model cannot carry, naming control, site, layer and reason, before anything native sees them. */
import { TillerError } from "../protocol/errors.ts";
import type { Op } from "../protocol/ops.ts";
import { siteKey } from "../protocol/sites.ts";
import type { CompileModel } from "./types.ts";

export function checkOps(ops: readonly Op[], model: CompileModel): void {
  const table = new Map(model.sites.map((site) => [siteKey(site), site]));
  for (const op of ops) {
    const field = `controls.${op.control}`;
    const site = table.get(siteKey(op));
    if (site === undefined) {
      throw new TillerError(
        "not-steerable",
        `${op.control}: ${model.id} has no ${op.site} at layer ${op.layer} (${model.facts.layers} layers)`,
        { field, suggestion: `See \`tiller inspect ${model.id}\`.` },
      );
    }
    if (!site.live)
      throw new TillerError(
        "not-steerable",
        `${op.control}: ${op.site} at layer ${op.layer} cannot be steered in ${model.id}: ${site.reason ?? "no reason given"}`,
        { field, suggestion: `See \`tiller inspect ${model.id}\` for the sites that can.` },
      );
    const length = op.kind === "direction" ? op.vector.length : op.indices === null ? op.values.length : undefined;
    if (length !== undefined && length !== site.width)
      throw new TillerError(
        "wrong-model",
        `${op.control}: ${op.site} at layer ${op.layer} is ${site.width} wide, the artifact's vector ${length}`,
        { field },
      );
    if (op.kind === "element") checkElement(op, site.width, field);
    else if (!op.vector.every(Number.isFinite))
      throw new TillerError("bad-artifact", `${op.control}: the direction at layer ${op.layer} holds a value that is not finite`, {
        field,
      });
    // what the native tables hold is float32
    else if (!Number.isFinite(Math.fround(op.amount)))
      throw new TillerError("out-of-range", `${op.control}: its strength times the direction at layer ${op.layer} is too large a number`, {
        field: `${field}.strength`,
        suggestion: "Choose a smaller strength.",
      });
  }
}

function checkElement(op: Extract<Op, { kind: "element" }>, width: number, field: string): void {
  if (op.indices !== null) {
    if (op.indices.length !== op.values.length)
      throw new TillerError(
        "bad-artifact",
        `${op.control}: ${op.indices.length} indices but ${op.values.length} values at layer ${op.layer}`,
        { field },
      );
    for (const index of op.indices)
      if (index < 0 || index >= width)
        throw new TillerError("bad-artifact", `${op.control}: element ${index} does not exist at ${op.site} (${width} wide)`, { field });
  }
  if (!op.values.every(Number.isFinite))
    throw new TillerError("bad-artifact", `${op.control}: layer ${op.layer} holds a value that is not finite`, { field });
}
