/** What each kind of job does, once it has an engine. */
import * as z from "zod";
import type { FoundArtifact, LoadedArtifact } from "../compiler/types.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { Judge } from "../evaluate/judges/types.ts";
import type { Materials } from "../evaluate/materials.ts";
import { rackOfControl, type Sweep } from "../evaluate/plans.ts";
import { ArmResultSchema } from "../evaluate/run-arm.ts";
import { runDirections } from "../methods/index.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineCollect, EngineRequests, EngineStudy } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import type { EvaluateParams } from "../protocol/evaluation.ts";
import { type Preset, PresetSchema } from "../protocol/preset.ts";
import type { Receipt } from "../protocol/receipt.ts";
import { SCHEMA_VERSION } from "../protocol/version.ts";
import type { JobStore, StoredJob } from "../store/jobs.ts";
import { compileModel } from "./steering.ts";
import type { UsedEngine } from "./supervisor.ts";

export interface WorkDeps {
  readonly store: JobStore;
  readonly save: (found: FoundArtifact) => Artifact;
  readonly artifact: (id: string) => LoadedArtifact | null;
  readonly saveReceipt: (receipt: Receipt) => void;
  readonly preset: (id: string) => Preset;
  readonly judge: (id: string) => Promise<Judge>;
  readonly materials: () => Materials;
}

/** One job as its work sees it. */
export interface Work {
  readonly engine: UsedEngine;
  readonly progress: (fraction: number, message: string) => void;
  /** both report how far they are and end when the job is cancelled */
  readonly collect: (request: Omit<EngineCollect, "id">, onProgress: (fraction: number) => void) => Promise<EngineRequests["collect"][1]>;
  readonly study: (request: Omit<EngineStudy, "id">, onProgress: (fraction: number) => void) => Promise<EngineRequests["study"][1]>;
  /** throws once the job is to end */
  readonly check: () => void;
}

/** @returns the artifact that was made or measured */
export async function doWork(stored: StoredJob, work: Work, deps: WorkDeps): Promise<string> {
  switch (stored.kind) {
    case "directions": {
      const { collect, progress } = work;
      const found = await runDirections(stored.params, {
        model: compileModel(work.engine),
        created: stored.job.created,
        progress,
        collect,
      });
      work.check();
      return deps.save(found).id;
    }
    case "receipt":
      return measure(stored, work, deps);
    default:
      stored satisfies never;
      throw new TillerError("internal", "unknown kind of job");
  }
}

const PartSchema = z.object({ arms: z.record(z.string(), ArmResultSchema) }).strict();

async function measure(stored: Extract<StoredJob, { kind: "receipt" }>, work: Work, deps: WorkDeps): Promise<string> {
  const { id, created } = stored.job;
  const { spec, n, seed, calibrate, preset = null } = stored.params;
  const sweep: Sweep = { ...rackOf(stored.params, deps), model: compileModel(work.engine), artifact: deps.artifact };
  const finished = new Map(Object.entries(deps.store.loadPart(id, PartSchema)?.arms ?? {}));
  const receipt = await evaluate(
    { spec, n, seed, calibrate, preset, sweep, created },
    {
      judge: await deps.judge(spec.judge.id),
      materials: deps.materials(),
      finished,
      keep: (arms) => deps.store.savePart(id, { arms: Object.fromEntries(arms) }),
      progress: work.progress,
      study: work.study,
    },
  );
  work.check();
  deps.saveReceipt(receipt);
  return receipt.artifact.id;
}

function rackOf({ preset, artifact, spec }: EvaluateParams, deps: WorkDeps): ReturnType<typeof rackOfControl> {
  if (preset !== undefined) return rackOfControl(deps.preset(preset), spec?.control);
  const name = artifact!
    .split("/")[1]!
    .replaceAll(".", "-")
    .replace(/^(?=[^a-z])/i, "c");
  return rackOfControl(PresetSchema.parse({ tiller: SCHEMA_VERSION, name: artifact, controls: { [name]: { use: artifact } } }), name);
}
