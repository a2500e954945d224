/** The list of methods: the only place outside its own folder that a new method touches. */
import { compileRack } from "../compiler/compile.ts";
import { methodOf } from "../compiler/resolve.ts";
import type { Topological } from "../compiler/topology.ts";
import type { CompileInput, LoadedArtifact } from "../compiler/types.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineScorer } from "../protocol/engine-api.ts";
import { fromZod, TillerError } from "../protocol/errors.ts";
import type { ProbeSpec } from "../protocol/ops.ts";
import type { SteeringPlan } from "../protocol/plan.ts";
import type { Method } from "./contract.ts";
import { directions } from "./directions/index.ts";
import { elements } from "./elements/index.ts";
import { emotionCircuits } from "./emotion-circuits/index.ts";
import { languageNeurons } from "./language-neurons/index.ts";
import { prefixScorers } from "./prefix-scorers/index.ts";
import { selfControl } from "./self-control/index.ts";

export const METHODS: readonly Method[] = [
  directions as Method,
  elements as Method,
  languageNeurons as Method,
  emotionCircuits as Method,
  selfControl as Method,
  prefixScorers as Method,
];

/** @param known see compileRack @throws TillerError naming the control, field and reason */
export function compileSteering(input: CompileInput, known: Topological | null = null): SteeringPlan {
  return compileRack(input, { methods: METHODS, probe: compileProbe }, known);
}

/** @param id the name that readings are reported under */
export function compileProbe(id: string, artifact: LoadedArtifact): ProbeSpec {
  const method = methodOfKind(artifact.meta.kind);
  if (method?.probe !== undefined) return method.probe(id, artifact);
  throw new TillerError("not-supported", `${id}: artifacts of kind '${artifact.meta.kind}' cannot be read as a probe`);
}

/** What values an unfinished answer, for rules of decoding. @throws TillerError */
export function compileScorer(id: string, artifact: LoadedArtifact): EngineScorer {
  const method = methodOfKind(artifact.meta.kind);
  if (method?.scorer !== undefined) return method.scorer(artifact);
  throw new TillerError("not-supported", `decoding: ${id} is no prefix scorer`, {
    field: "decoding",
    suggestion: "Make one by the experiment prefix-scorer/train.",
  });
}

export function methodOfKind(kind: string): Method | undefined {
  return METHODS.find((method) => method.kind === kind);
}

/** What the kind's method says of a body. An artifact of a kind that no method here has is kept as it is. @throws TillerError bad-artifact */
export function checkBody(kind: string, body: unknown, id: string): Artifact["body"] {
  const method = methodOfKind(kind);
  if (method === undefined) return body as Artifact["body"];
  const parsed = method.body.safeParse(body);
  if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", `${id}: body`);
  return parsed.data as Artifact["body"];
}

export { methodOf };
