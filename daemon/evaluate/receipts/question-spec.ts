/** A specification on the prompts that come with Tiller, for what has none of its own. */
import type { Question } from "../../methods/contract.ts";
import {
  DEFAULT_STRENGTHS,
  type EvaluationSpec,
  EvaluationSpecSchema,
  type JudgeChoice,
  type MeasureBy,
  type Prompt,
} from "../../protocol/evaluation.ts";
import { EVALUATION_VERSION } from "../../protocol/version.ts";

/** One question in so many is kept for receipts, and nothing is learned from it. */
const HELD = 3;

export function splitQuestions(questions: readonly Question[]): { readonly free: Question[]; readonly held: Question[] } {
  return {
    free: questions.filter((_, index) => index % HELD !== 0),
    held: questions.filter((_, index) => index % HELD === 0),
  };
}

/** So that some 200 are left where a judge cannot judge all. */
const ANSWERS = 230;

/** On prompts of six kinds (everyday questions, tasks, stories, opinions, facts, talks under way), named after what the judge measures. */
export function questionSpec(
  {
    artifact,
    judge,
    asked,
    strengths,
  }: Omit<MeasureBy, "strengths"> & { readonly artifact: string; readonly strengths?: readonly number[] },
  prompts: readonly Prompt[],
): EvaluationSpec {
  return EvaluationSpecSchema.parse({
    tiller: EVALUATION_VERSION,
    title: titleOf(judge),
    artifact,
    judge,
    strengths: strengths ?? DEFAULT_STRENGTHS,
    seeds: Math.ceil(ANSWERS / prompts.length),
    prompts,
    baseline: Object.fromEntries(prompts.map(({ language }) => [language, asked])),
  });
}

/** "joy", "words"; with the judge's name where its label alone says nothing: "language es". */
function titleOf({ id, label, value }: JudgeChoice): string {
  const name = (label ?? value)!;
  return (name.length > 2 ? name : `${id} ${name}`).slice(0, 60);
}
