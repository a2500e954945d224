/** `job.*` */
import { questionSpec } from "../../evaluate/slider.ts";
import type { EvaluateParams, EvaluationSpec } from "../../protocol/evaluation.ts";
import { noEvaluation } from "../../store/evaluations.ts";
import { modelFor } from "../access.ts";
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../dispatch.ts";
import { noArtifact } from "../not-found.ts";

export function jobHandlers(context: DaemonContext): Pick<Handlers, "job.start" | "job.list" | "job.get" | "job.judges" | "job.cancel"> {
  const { jobs } = context;
  return {
    "job.start": async (request, { client }) => {
      const model = await modelFor(context, client.identity, request.params.model);
      if (request.kind === "slider" && request.params.judge !== undefined) context.judges.check(request.params.judge, "judge");
      if (request.kind !== "receipt") return jobs.start(request, model);
      const spec = specOf(context, request.params);
      context.judges.check(spec.judge, request.params.by === undefined ? "spec.judge" : "by.judge");
      const { by: _, ...params } = request.params;
      return jobs.start({ kind: "receipt", params: { ...params, spec } }, model);
    },
    "job.list": () => ({ jobs: jobs.list() }),
    "job.get": ({ job }) => jobs.get(job),
    "job.judges": () => ({ judges: context.judges.list() }),
    "job.cancel": ({ job }) => jobs.cancel(job),
  };
}

/** The specification that was given, or the one that is kept for the preset or artifact; both must exist. */
function specOf({ evaluations, steering, artifacts }: DaemonContext, { preset, artifact, spec, by }: EvaluateParams): EvaluationSpec {
  if (preset !== undefined) {
    steering.preset(preset);
    const kept = spec ?? evaluations.get(preset);
    if (kept === null) throw noEvaluation(`the preset '${preset}'`);
    return kept;
  }
  if (artifacts.get(artifact!) === null) throw noArtifact(artifact!, "artifact", artifacts.list());
  if (by !== undefined) return questionSpec({ ...by, artifact: artifact! }, evaluations.questions());
  const kept = spec ?? evaluations.forArtifact(artifact!);
  if (kept === null) throw noEvaluation(artifact!);
  return kept;
}
