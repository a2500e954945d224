/** The list of methods: the only line outside its own folder that a new method touches. */
import { compileRack } from "../compiler/compile.ts";
import type { Topological } from "../compiler/topology.ts";
import type { CompileInput, LoadedArtifact, MethodCompiler } from "../compiler/types.ts";
import { TillerError } from "../protocol/errors.ts";
import type { ProbeSpec } from "../protocol/ops.ts";
import type { SteeringPlan } from "../protocol/plan.ts";
import { directionProbe, directions } from "./directions/index.ts";

export const METHOD_COMPILERS: readonly MethodCompiler[] = [directions];

/** @param known see compileRack @throws TillerError naming the control, field and reason */
export function compileSteering(input: CompileInput, known: Topological | null = null): SteeringPlan {
  return compileRack(input, { methods: METHOD_COMPILERS, probe: compileProbe }, known);
}

/** @param id the name that readings are reported under */
export function compileProbe(id: string, artifact: LoadedArtifact): ProbeSpec {
  const kind = artifact.meta.id.split("/")[0];
  if (kind === "direction" || kind === "probe") return directionProbe(id, artifact);
  throw new TillerError("not-supported", `${id}: artifacts of kind '${kind}' cannot be read as a probe`);
}

export { exportGgufVector, importGgufVector } from "./directions/gguf-vector.ts";
export { type DirectionsDeps, runDirections } from "./directions/identify.ts";
