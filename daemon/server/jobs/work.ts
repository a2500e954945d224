/** What each kind of job does, once it has an engine. */
import type { FoundArtifact } from "../../compiler/types.ts";
import { makeSlider, sliderSpec } from "../../evaluate/words/slider.ts";
import { runDirections } from "../../methods/index.ts";
import type { Job } from "../../protocol/api/library.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { StoredJob } from "../../store/jobs.ts";
import { compileModel } from "../answers/steering.ts";
import { taken } from "./artifact-id.ts";
import type { Work, WorkDeps } from "./deps.ts";
import { measure } from "./measure.ts";
import { keepPart, PartSchema } from "./part.ts";
import { sweptOf } from "./receipt-subject.ts";

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
