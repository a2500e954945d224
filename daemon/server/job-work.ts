/** What each kind of job does, once it has an engine. */
import type { FoundArtifact, LoadedArtifact } from "../compiler/types.ts";
import type { Judge } from "../evaluate/judges/types.ts";
import type { Materials, Question } from "../evaluate/materials.ts";
import { makeSlider, sliderSpec } from "../evaluate/slider.ts";
import { runDirections } from "../methods/index.ts";
import type { Job } from "../protocol/api/library.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineCollect, EngineRequests, EngineStudy } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import type { Preset } from "../protocol/preset.ts";
import type { Receipt } from "../protocol/receipt.ts";
import type { JobStore, StoredJob } from "../store/jobs.ts";
import { taken } from "./artifact-id.ts";
import { measure } from "./job-measure.ts";
import { keepPart, PartSchema } from "./job-part.ts";
import type { Log } from "./log.ts";
import { compileModel } from "./steering.ts";
import type { UsedEngine } from "./supervisor.ts";
import { sweptOf } from "./swept.ts";

export interface WorkDeps {
  readonly store: JobStore;
  readonly log: Log;
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
  /** said behind every message from now on */
  readonly note: (text: string) => void;
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
      return keepMade(found, stored, deps).id;
    }
    case "receipt": {
      const { preset = null, n } = stored.params;
      const swept = stored.swept ?? sweptOf(stored.params, deps.preset);
      return measure(stored.job, { ...stored.params, n, preset, ...swept }, work, deps);
    }
    case "slider":
      return makeAndMeasure(stored, work, deps);
    default:
      stored satisfies never;
      throw new TillerError("internal", "unknown kind of job");
  }
}

/** Share of a slider's job that finds the direction, where it is measured, too. */
const FINDING = 0.25;

async function makeAndMeasure(stored: Extract<StoredJob, { kind: "slider" }>, work: Work, deps: WorkDeps): Promise<string> {
  const { job, params } = stored;
  const questions = deps.questions();
  const spec = sliderSpec(params, questions);
  const share = spec === null ? 1 : FINDING;
  const known = deps.store.loadPart(job.id, PartSchema)?.made;
  let made = known === undefined ? undefined : deps.artifact(params.id)?.meta.data.sha256;
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
    made = keepMade(found, stored, deps).data.sha256;
    keepPart(job.id, { arms: {}, made }, deps);
  }
  if (spec === null) return params.id;
  const what = { spec, n: undefined, seed: params.seed, calibrate: false, preset: null, ...sweptOf({ artifact: params.id }, deps.preset) };
  const measuring = { ...work, progress: (fraction: number, message: string) => work.progress(share + fraction * (1 - share), message) };
  return measure(job, what, measuring, deps, { made });
}

/** What took the id while the job ran stays, unless it is what this very job had saved before a restart. */
function keepMade(
  found: FoundArtifact,
  { job, params }: { readonly job: Job; readonly params: { readonly id: string; readonly replace: boolean } },
  deps: WorkDeps,
): Artifact {
  if (!params.replace) {
    const there = deps.artifact(params.id)?.meta;
    if (there !== undefined && there.provenance.created !== job.created) throw taken(params.id);
  }
  return deps.save(found);
}
