/** `job.*` */
import { checkLanguages } from "../../evaluate/receipts/judging.ts";
import { questionSpec, sliderSpec } from "../../evaluate/words/slider.ts";
import type { EvaluateParams, EvaluationSpec } from "../../protocol/evaluation.ts";
import { noEvaluation } from "../../store/evaluations.ts";
import type { DaemonContext } from "../context.ts";
import { checkFree } from "../jobs/artifact-id.ts";
import { checkArtifacts, sweptOf } from "../jobs/receipt-subject.ts";
import { modelFor } from "../transport/access.ts";
import type { Handlers } from "../transport/dispatch.ts";
import { noArtifact } from "../transport/not-found.ts";

type JobHandlers = Pick<Handlers, "job.start" | "job.list" | "job.get" | "job.judges" | "job.cancel" | "job.retry">;

export function jobHandlers(context: DaemonContext): JobHandlers {
  const { jobs } = context;
  return {
    "job.start": async (request, { client }) => {
      const model = await modelFor(context, client.identity, request.params.model);
      if (request.kind === "slider" && request.params.judge !== undefined) {
        context.judges.check(request.params.judge, "judge");
        checkLanguages(context.judges.get(request.params.judge.id), sliderSpec(request.params, context.evaluations.questions())!);
      }
      if (request.kind !== "receipt") {
        const { id, replace } = request.params;
        return jobs.start(request, model, () => replace || checkFree(context.artifacts, id));
      }
      const spec = specOf(context, request.params);
      context.judges.check(spec.judge, request.params.by === undefined ? "spec.judge" : "by.judge");
      checkLanguages(context.judges.get(spec.judge.id), spec);
      const { by: _, ...given } = request.params;
      const params = { ...given, spec };
      const swept = sweptOf(params, (id) => context.steering.preset(id));
      checkArtifacts(swept, (id) => context.artifacts.get(id));
      return jobs.start({ kind: "receipt", params, swept }, model);
    },
    "job.list": () => ({ jobs: jobs.list() }),
    "job.get": ({ job }) => jobs.get(job),
    "job.judges": () => ({ judges: context.judges.list() }),
    "job.cancel": ({ job }) => jobs.cancel(job),
    "job.retry": ({ job }) => jobs.retry(job),
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
