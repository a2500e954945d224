/** A made-up model and artifacts for tests of the pure compiler, and the rows that an engine makes of its plans. */
import type { CompileInput, CompileModel, LoadedArtifact } from "../../daemon/compiler/types.ts";
import { HeldPlans } from "../../daemon/engine/steering/held.ts";
import type { LoweredPlan } from "../../daemon/engine/steering/lowered.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { type Rack, RackSchema } from "../../daemon/protocol/preset.ts";
import { SITE_INFO, SITES } from "../../daemon/protocol/sites.ts";
import { SentPlans } from "../../daemon/server/engines/sent-plans.ts";
import { PROVENANCE } from "./artifact.ts";

export const LAYERS = 4;
export const WIDTH = 8;

export function testModel(): CompileModel {
  const widths = { model: WIDTH, heads: WIDTH, mlp: 12 };
  return {
    id: "test-00000000",
    fingerprint: `sha256:${"a".repeat(64)}`,
    quantisation: "F32",
    facts: {
      architecture: "llama",
      layers: LAYERS,
      width: WIDTH,
      heads: [2, 2, 2, 2],
      kvHeads: [1, 1, 1, 1],
      mlpWidth: [12, 12, 12, 12],
      headDim: 4,
      vocabulary: 32,
      contextTrained: 64,
      tiedHead: true,
      normEpsilon: 1e-5,
      rope: null,
      sizeBytes: 1,
      parameters: 1,
      notes: [],
    },
    sites: SITES.flatMap((site) =>
      Array.from({ length: SITE_INFO[site].perLayer ? LAYERS : 1 }, (_, layer) => ({
        site,
        layer,
        width: widths[SITE_INFO[site].width],
        live: site !== "attn.add",
        reason: site === "attn.add" ? "a test reason" : null,
      })),
    ),
  };
}

/** Directions e_k along the k-th axis, `gap` long, at every layer. */
export function testArtifact(
  id: string,
  axis: number,
  overrides: { gap?: number; fingerprint?: string | null; vector?: number[]; mid?: number; rope?: "short" | "long" } = {},
): LoadedArtifact {
  const gap = overrides.gap ?? 2;
  const one = overrides.vector ?? Array.from({ length: WIDTH }, (_, i) => (i === axis ? gap : 0));
  return {
    meta: {
      tiller: 2,
      id,
      kind: id.split("/")[0]!,
      title: id,
      description: "",
      method: { id: "directions/mean-difference", version: 1, params: {} },
      model: {
        architecture: "llama",
        fingerprint: overrides.fingerprint === undefined ? testModel().fingerprint : overrides.fingerprint,
        quantisation: "F32",
        ...(overrides.rope === undefined ? {} : { rope: overrides.rope }),
        layers: LAYERS,
        width: WIDTH,
      },
      data: { file: "data.safetensors", sha256: "0".repeat(64) },
      provenance: PROVENANCE,
      body: { site: "resid", layers: [1, 2], probeLayer: 2, pairs: 2, heldOut: 1, quality: [] },
      hash: "0".repeat(64),
      receipts: [],
    },
    tensors: new Map([
      ["vector", { shape: [LAYERS, WIDTH], data: Float32Array.from(Array.from({ length: LAYERS }, () => one).flat()) }],
      ["mid", { shape: [LAYERS], data: new Float32Array(LAYERS).fill(overrides.mid ?? 0) }],
    ]),
  };
}

export function testInput(
  rack: unknown,
  set: Record<string, number> = {},
  artifacts: LoadedArtifact[] = [testArtifact("direction/joy", 0), testArtifact("direction/calm", 1)],
): CompileInput {
  const parsed: Rack = RackSchema.parse(rack);
  return { rack: parsed, set, model: testModel(), artifact: (id) => artifacts.find((artifact) => artifact.meta.id === id) ?? null };
}

/** As an engine has them that was sent nothing before. */
export function rowsOfPlan(plan: SteeringPlan): LoweredPlan {
  return new HeldPlans().open(new SentPlans().pack(plan));
}
