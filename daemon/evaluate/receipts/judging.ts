/** From a judge's findings to one score per answer. */
import { TillerError } from "../../protocol/errors.ts";
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import type { Judge, JudgedText, Score } from "../../protocol/judge.ts";
import { judgeNames } from "../../protocol/judge-name.ts";

/** Refuses a label or a figure that the judge does not have: every answer would count as not showing it. */
export function checkChoice(judge: Judge, { label, value }: JudgeChoice, field: string): void {
  const [asked, has, part] = label !== undefined ? ([label, judge.labels, "label"] as const) : ([value!, judge.values, "value"] as const);
  if (has.includes(asked)) return;
  throw new TillerError("invalid-params", `the judge '${judge.id}' has no ${part} '${asked}'`, {
    field: `${field}.${part}`,
    suggestion: `It gives ${judgeNames(judge).join(", ")}.`,
  });
}

/** Refuses a specification whose prompts the judge cannot judge, before anything is generated. */
export function checkLanguages(judge: Judge, languages: Iterable<string>): void {
  for (const language of new Set(languages)) {
    const answer = judge.judges(language);
    if (answer.judged) continue;
    throw new TillerError("not-supported", `prompts: the judge '${judge.id}' does not judge '${language}': ${answer.reason}`, {
      field: "spec.prompts",
      suggestion: "Leave out the prompts in this language, or choose another judge.",
    });
  }
}

/** Something to be read: an answer of white space alone is no answer, whatever a judge would count in it. */
const WRITTEN = /\S/u;

/**
 * One score per text, null where there is none or the judge could not judge it: neither shown nor not shown. The choice has
 * passed `checkChoice`.
 */
export async function scoresOf(
  judge: Judge,
  choice: JudgeChoice,
  texts: readonly JudgedText[],
  signal: AbortSignal,
): Promise<(number | null)[]> {
  const scores = await judge.score(texts, signal);
  return scores.map((score, index) => (WRITTEN.test(texts[index]!.text) ? scoreOf(score, choice) : null));
}

function scoreOf(score: Score, { id, label, value }: JudgeChoice): number | null {
  if (!score.judged) return null;
  if (label !== undefined) return score.label === label ? 1 : 0;
  const figure = score.values[value!];
  if (figure === undefined)
    throw new Error(`the judge '${id}' names a figure '${value}' and did not give it, but ${Object.keys(score.values).join(", ")}`);
  return figure;
}
