/** "What does it do?": a receipt of a preset's control or of an artifact. */
import type { Experiment, Library } from "../../methods/contract.ts";
import { tokensOf } from "../../methods/shared/params.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import { similar } from "../../protocol/similar.ts";
import { armsOf, seedsFor } from "./arms.ts";
import { type Arms, ArmsSchema } from "./identity.ts";
import { measure } from "./measure.ts";
import { type EvaluateParams, EvaluateParamsSchema, type Measured, MeasuredSchema } from "./params.ts";
import { questionSpec } from "./question-spec.ts";
import { checkArtifacts, sweptOf } from "./subject.ts";

export const receiptExperiment: Experiment<Measured, Arms> = {
  id: "receipt",
  title: "Receipt",
  summary: "Measures what a control does, against random directions of the same size, against a prompt, and at what damage.",
  params: EvaluateParamsSchema,
  prepared: MeasuredSchema,
  produces: ["receipt"],
  needs: ["chat-template"],
  engine: true,
  about: ({ preset, artifact }) => preset ?? artifact!,
  prepare: (asked: EvaluateParams, library) => {
    const spec = specOf(asked, library);
    library.checkJudge(spec.judge, asked.by === undefined ? "spec.judge" : "by.judge", [
      ...new Set(spec.prompts.map(({ language }) => language)),
    ]);
    const { by: _, settings: __, ...lasting } = asked;
    const subject = sweptOf({ ...asked, spec }, (id) => library.preset(id));
    checkArtifacts(subject, (id) => library.artifact(id)?.meta ?? null);
    return MeasuredSchema.parse({ ...lasting, spec, ...subject });
  },
  estimate: ({ spec, n }) => {
    const answers = armsOf(spec).length * seedsFor(spec, n) * spec.prompts.length;
    const prompt = spec.prompts.reduce((sum, { text }) => sum + tokensOf(text), 0) / spec.prompts.length;
    return { tokens: Math.round(answers * (prompt + (spec.sampling.maxTokens ?? 64))), bytes: 0 };
  },
  checkpoint: ArmsSchema,
  run: async (params, lab) => ({ artifact: await measure(params, lab) }),
};

/** The specification that was given, or the one that is kept for the preset or artifact; both must exist. */
function specOf({ preset, artifact, spec, by }: EvaluateParams, library: Library): EvaluationSpec {
  if (preset !== undefined) library.preset(preset);
  else if (library.artifact(artifact!) === null) throw missing(artifact!, library.artifacts());
  if (by !== undefined) return questionSpec({ ...by, artifact: artifact! }, library.questions("held"));
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
