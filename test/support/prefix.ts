/** Prefixes that no training made, and plans that serve them. */
import { compileRack } from "../../daemon/compiler/compile.ts";
import type { CompileModel, LoadedArtifact } from "../../daemon/compiler/types.ts";
import { prefixCompiler } from "../../daemon/methods/self-control/compile.ts";
import { foundPrefix } from "../../daemon/methods/self-control/found.ts";
import type { EngineModel } from "../../daemon/protocol/engine-api.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { PROVENANCE } from "./artifact.ts";

export interface MadePrefix {
  readonly id?: string;
  readonly width: number;
  readonly modelLayers: number;
  /** [n × d] */
  readonly values: Float32Array;
  readonly start?: Float32Array;
  readonly shifts?: readonly { readonly layer: number; readonly values: Float32Array }[];
}

export function prefixArtifact({ id = "prefix/made", width, modelLayers, values, start, shifts = [] }: MadePrefix): LoadedArtifact {
  const rows = values.length / width;
  const { meta, tensors } = foundPrefix({
    ...{ id, title: id, description: "", method: { id: "self-control/prefix", version: 1, params: {} }, provenance: PROVENANCE },
    model: { architecture: "llama", fingerprint: null, quantisation: null, layers: modelLayers, width },
    body: { rows, layers: shifts.map(({ layer }) => layer), start: ".", guideline: "is calm", gain: null, prompts: 0 },
    rows: values,
    start: start ?? new Float32Array(values.length),
    shifts: shifts.map((shift) => shift.values),
  });
  const hash = "0".repeat(64);
  return { meta: { ...meta, tiller: 2, kind: "prefix", data: { file: "data.safetensors", sha256: hash }, hash, receipts: [] }, tensors };
}

/** Each control's artifact and strength, as a preset would have them. */
export function prefixPlan(engine: EngineModel, controls: Readonly<Record<string, readonly [LoadedArtifact, number]>>): SteeringPlan {
  const { facts, sites } = engine;
  const model: CompileModel = { id: "test", fingerprint: `sha256:${"a".repeat(64)}`, quantisation: "F32", facts, sites };
  const rack = {
    controls: Object.fromEntries(
      Object.entries(controls).map(([name, [, strength]]) => [name, { use: `prefix/${name}` as const, strength }]),
    ),
  };
  const artifact = (use: string): LoadedArtifact => controls[use.split("/")[1]!]![0];
  const probe = (): never => {
    throw new Error("no probes");
  };
  return compileRack({ rack: rack as never, set: {}, model, artifact }, { methods: [prefixCompiler], probe });
}
