/** "Make me a slider for …": pairs that the model writes itself, the direction in them, and what it was measured to do. */
import type { CompileModel, FoundArtifact } from "../../compiler/types.ts";
import { type DirectionsDeps, runDirections } from "../../methods/index.ts";
import { DirectionsParamsSchema } from "../../protocol/api/library.ts";
import {
  DEFAULT_STRENGTHS,
  type EvaluationSpec,
  EvaluationSpecSchema,
  type JudgeChoice,
  type MeasureBy,
} from "../../protocol/evaluation.ts";
import type { SliderParams } from "../../protocol/slider.ts";
import { SCHEMA_VERSION } from "../../protocol/version.ts";
import type { Question } from "../receipts/materials.ts";
import { systemTurns, type WriteDeps, writePairs } from "./self-pairs.ts";

export interface SliderDeps extends WriteDeps {
  readonly model: CompileModel;
  readonly collect: DirectionsDeps["collect"];
  readonly created: string;
}

/** One question in so many is kept for the receipt and not used for the pairs. */
const HELD = 3;

export function splitQuestions(questions: readonly Question[]): { readonly pairs: Question[]; readonly held: Question[] } {
  return {
    pairs: questions.filter((_, index) => index % HELD !== 0),
    held: questions.filter((_, index) => index % HELD === 0),
  };
}

export async function makeSlider(params: SliderParams, deps: SliderDeps): Promise<FoundArtifact> {
  const { pairs } = splitQuestions(deps.questions);
  const { pairs: contrast, written } = await writePairs(params, { ...deps, questions: pairs, progress: (f) => deps.progress(f * 0.8) });
  const filter = params.judge === undefined ? "unjudged" : `kept by the judge '${params.judge.id}'`;
  const found = await runDirections(
    DirectionsParamsSchema.parse({
      id: params.id,
      title: params.title ?? params.from.slice(0, 80),
      description: `Made from “${params.from}”${params.opposite === undefined ? "" : ` against “${params.opposite}”`}: ${contrast.length} of ${written} pairs of the model's own answers, ${filter}.`,
      pairs: contrast,
      readAt: "mean",
      layers: params.layers,
      seed: params.seed,
      licence: "written by the model",
      source: `the model's own answers to “${params.from}”`,
    }),
    { model: deps.model, created: deps.created, collect: deps.collect, progress: (f) => deps.progress(0.8 + 0.2 * f) },
  );
  return found;
}

/** How such a slider is measured; null where nobody can judge it. */
export function sliderSpec(params: SliderParams, questions: readonly Question[]): EvaluationSpec | null {
  if (params.judge === undefined) return null;
  const [asked] = systemTurns(params.from, params.opposite).positive;
  return questionSpec({ artifact: params.id, judge: params.judge, asked: asked! }, questions);
}

/** So that some 200 are left where a judge cannot judge all. */
const ANSWERS = 230;

/** A specification on the questions that come with Tiller, named after what the judge measures. */
export function questionSpec(
  {
    artifact,
    judge,
    asked,
    strengths,
  }: Omit<MeasureBy, "strengths"> & { readonly artifact: string; readonly strengths?: readonly number[] },
  questions: readonly Question[],
): EvaluationSpec {
  const { held } = splitQuestions(questions);
  return EvaluationSpecSchema.parse({
    tiller: SCHEMA_VERSION,
    title: titleOf(judge),
    artifact,
    judge,
    strengths: strengths ?? DEFAULT_STRENGTHS,
    seeds: Math.ceil(ANSWERS / held.length),
    prompts: held,
    baseline: Object.fromEntries(held.map(({ language }) => [language, asked])),
  });
}

/** "joy", "words"; with the judge's name where its label alone says nothing: "language es". */
function titleOf({ id, label, value }: JudgeChoice): string {
  const name = (label ?? value)!;
  return (name.length > 2 ? name : `${id} ${name}`).slice(0, 60);
}
