/** What a model lacks of what experiments need, with the reason. */
import { gateProblem } from "../../compiler/gated-mlp.ts";
import type { Capability } from "../../protocol/api/experiment.ts";
import type { EngineModel } from "../../protocol/engine-api.ts";

/** Not built yet; experiments that need them would be listed, and refused with these words. */
const NOT_BUILT: readonly [Capability, string][] = [["two-contexts", "decoding with two models in lock-step is not in this version"]];

/** Of a loaded model. */
export function lacksOf({ template, sites, noGradients }: EngineModel): ReadonlyMap<Capability, string> {
  const gate = gateProblem(sites);
  return new Map<Capability, string>([
    ...NOT_BUILT,
    ...(template.renderer === "none"
      ? [["chat-template", `its chat template cannot be read: ${template.problem ?? "no reason given"}`] as const]
      : []),
    ...(noGradients === null ? [] : [["gradients", noGradients] as const]),
    ...(gate === null ? [] : [["gated-mlp", `its neurons have no gates of their own: ${gate}`] as const]),
  ]);
}

/** Of any: what is known before a model is loaded. */
export const LACKS_BEFORE: ReadonlyMap<Capability, string> = new Map(NOT_BUILT);
