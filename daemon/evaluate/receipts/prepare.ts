/** From what is to be measured to what is run: the specification and the control, checked and fixed. */
import type { Library } from "../../methods/contract.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import { similar } from "../../protocol/similar.ts";
import { type EvaluateParams, type Measured, MeasuredSchema } from "./params.ts";
import { questionSpec } from "./question-spec.ts";
import { checkArtifacts, sweptOf } from "./subject.ts";

/** @throws TillerError not-found, bad-preset, unknown-control, invalid-params, not-supported */
export function prepareMeasured(asked: EvaluateParams, library: Library): Measured {
  const spec = specOf(asked, library);
  const languages = [...new Set(spec.prompts.map(({ language }) => language))];
  library.checkJudge(spec.judge, asked.by === undefined ? "spec.judge" : "by.judge", languages);
  const { by: _, settings: __, ...lasting } = asked;
  const subject = sweptOf({ ...asked, spec }, (id) => library.preset(id));
  checkArtifacts(subject, (id) => library.artifact(id)?.meta ?? null);
  return MeasuredSchema.parse({ ...lasting, spec, ...subject });
}

/** The specification that was given, or the one that is kept for the preset or artifact; both must exist. */
function specOf({ preset, artifact, spec, by }: EvaluateParams, library: Library): EvaluationSpec {
  if (preset !== undefined) library.preset(preset);
  else if (library.artifact(artifact!) === null) throw missing(artifact!, library.artifacts());
  if (by !== undefined) return questionSpec({ ...by, artifact: artifact! }, library.prompts());
  const kept = spec ?? library.evaluation({ preset, artifact });
  if (kept !== null) return kept;
  throw new TillerError("not-found", `there is no evaluation of ${preset === undefined ? artifact! : `the preset '${preset}'`}`, {
    field: "spec",
    suggestion: "Give one with --spec FILE (see presets/evaluation/ for examples), or --judge and --asked.",
  });
}

function missing(id: string, known: readonly string[]): TillerError {
  const found = similar(id, known);
  return new TillerError("not-found", `there is no artifact '${id}'`, {
    field: "artifact",
    suggestion: found === null ? "See `tiller vector list`." : `Did you mean ${found}? See \`tiller vector list\`.`,
  });
}
