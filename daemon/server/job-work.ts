/** What each kind of job does, once it has an engine. */
import * as z from "zod";
import type { FoundArtifact, LoadedArtifact } from "../compiler/types.ts";
import { type Evaluation, evaluate } from "../evaluate/evaluate.ts";
import type { Judge } from "../evaluate/judges/types.ts";
import type { Materials, Question } from "../evaluate/materials.ts";
import { rackOfControl, type Sweep } from "../evaluate/plans.ts";
import { ArmResultSchema } from "../evaluate/run-arm.ts";
import { makeSlider, sliderSpec } from "../evaluate/slider.ts";
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
  readonly judge: (id: string) => Judge;
  readonly materials: () => Materials;
  readonly questions: () => Question[];
}

/** One job as its work sees it. */
export interface Work {
  readonly engine: UsedEngine;
  readonly progress: (fraction: number, message: string) => void;
  /** both report how far they are and end when the job is cancelled */
  readonly collect: (request: Omit<EngineCollect, "id">, onProgress: (fraction: number) => void) => Promise<EngineRequests["collect"][1]>;
  readonly study: (request: Omit<EngineStudy, "id">, onProgress: (fraction: number) => void) => Promise<EngineRequests["study"][1]>;
  readonly signal: AbortSignal;
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
      work.signal.throwIfAborted();
      return deps.save(found).id;
    }
    case "receipt": {
      const { preset = null, n } = stored.params;
      return measure(stored.job, { ...stored.params, n, preset, ...rackOf(stored.params, deps) }, work, deps);
    }
    case "slider":
      return makeAndMeasure(stored, work, deps);
    default:
      stored satisfies never;
      throw new TillerError("internal", "unknown kind of job");
  }
}

/** What is finished of a job: its arms, and of a slider's job the direction that they belong to. */
const PartSchema = z.object({ arms: z.record(z.string(), ArmResultSchema), made: z.string().optional() }).strict();

type Measured = Pick<Evaluation, "spec" | "n" | "seed" | "calibrate" | "preset"> & ReturnType<typeof rackOfControl>;

async function measure({ id, created }: StoredJob["job"], what: Measured, work: Work, deps: WorkDeps, made?: string): Promise<string> {
  const { control, rack, spec } = what;
  const sweep: Sweep = { control, rack, model: compileModel(work.engine), artifact: deps.artifact };
  const part = deps.store.loadPart(id, PartSchema);
  const judge = deps.judge(spec.judge.id);
  await judge.probe?.(work.signal);
  const receipt = await evaluate(
    { ...what, sweep, created },
    {
      judge,
      materials: deps.materials(),
      finished: new Map(Object.entries(part?.arms ?? {})),
      keep: (arms) => deps.store.savePart(id, { arms: Object.fromEntries(arms), ...(made === undefined ? {} : { made }) }),
      progress: work.progress,
      study: work.study,
      signal: work.signal,
    },
  );
  work.signal.throwIfAborted();
  deps.saveReceipt(receipt);
  return receipt.artifact.id;
}

/** Share of a slider's job that finds the direction, where it is measured, too. */
const FINDING = 0.25;

async function makeAndMeasure(stored: Extract<StoredJob, { kind: "slider" }>, work: Work, deps: WorkDeps): Promise<string> {
  const { job, params } = stored;
  const questions = deps.questions();
  const spec = sliderSpec(params, questions);
  const share = spec === null ? 1 : FINDING;
  const known = deps.store.loadPart(job.id, PartSchema)?.made;
  let made = deps.artifact(params.id)?.meta.data.sha256;
  if (known === undefined || made !== known) {
    const judge = params.judge === undefined ? null : deps.judge(params.judge.id);
    await judge?.probe?.(work.signal);
    const found = await makeSlider(params, {
      model: compileModel(work.engine),
      questions,
      judge,
      signal: work.signal,
      study: work.study,
      collect: work.collect,
      created: job.created,
      progress: (fraction) => work.progress(fraction * share, `finding a direction for “${params.from.slice(0, 60)}”`),
    });
    work.signal.throwIfAborted();
    made = deps.save(found).data.sha256;
    deps.store.savePart(job.id, { arms: {}, made });
  }
  if (spec === null) return params.id;
  const what = { spec, n: undefined, seed: params.seed, calibrate: false, preset: null, ...rackOf({ artifact: params.id }, deps) };
  const measuring = { ...work, progress: (fraction: number, message: string) => work.progress(share + fraction * (1 - share), message) };
  return measure(job, what, measuring, deps, made);
}

function rackOf(
  { preset, artifact, spec, settings }: Pick<EvaluateParams, "preset" | "artifact" | "spec" | "settings">,
  deps: WorkDeps,
): ReturnType<typeof rackOfControl> {
  if (preset !== undefined) return rackOfControl(deps.preset(preset), spec?.control);
  const name = artifact!
    .split("/")[1]!
    .replaceAll(".", "-")
    .replace(/^(?=[^a-z])/i, "c");
  const { scope, ...own } = settings ?? {};
  const parts = {
    controls: { [name]: { use: artifact, ...own } },
    ...(scope === undefined ? {} : { scope: { [name]: scope } }),
  };
  return rackOfControl(PresetSchema.parse({ tiller: SCHEMA_VERSION, name: artifact, ...parts }), name);
}
