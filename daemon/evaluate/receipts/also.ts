/**
 * What else a control changes: every other judge reads the same answers. Labels count as shares of answers, and of a judge that
 * only measures its first figure. Intervals hold for all of them together (Bonferroni over the figures that vary at all).
 */
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import type { Judge, JudgedText } from "../../protocol/judge.ts";
import { judgeName } from "../../protocol/judge-name.ts";
import type { Also } from "../../protocol/receipt.ts";
import type { Cell } from "./arms.ts";
import { clusterEstimate, type Kinds } from "./clusters.ts";
import { differences, values } from "./effects.ts";
import { scoresOf } from "./judging.ts";
import { LEVEL, mean } from "./statistics.ts";

/** Scores by the choice as people write it: `emotion/joy`, `length:characters`. */
export type OtherScores = Record<string, (number | null)[]>;

/** What each judge but the one that measures is asked for; of that one its other labels. */
export function otherChoices(judges: readonly Judge[], own: JudgeChoice): JudgeChoice[] {
  const choices = judges.flatMap(({ id, labels, values: [first] }): JudgeChoice[] => {
    if (labels.length > 0) return labels.map((label) => ({ id, label }));
    return first === undefined ? [] : [{ id, value: first }];
  });
  return choices.filter(({ id, label, value }) => id !== own.id || (label !== own.label && value === undefined));
}

/** One reading per judge, whatever it is asked for. */
export async function otherScores(
  judges: readonly Judge[],
  own: JudgeChoice,
  texts: readonly JudgedText[],
  signal: AbortSignal,
): Promise<OtherScores> {
  const found: OtherScores = {};
  for (const judge of judges) {
    const asked = otherChoices([judge], own);
    if (asked.length === 0) continue;
    const read = await judge.score(texts, signal);
    const once: Judge = { ...judge, score: async () => read };
    for (const choice of asked) found[judgeName(choice)] = await scoresOf(once, choice, texts, signal);
  }
  return found;
}

/** Changes from the plain model's answers, those that exclude 0 first, the largest of their plain spread first. */
export function alsoChanges(
  choices: readonly JudgeChoice[],
  arms: { readonly steered: OtherScores; readonly plain: OtherScores },
  cells: readonly Cell[],
  kinds: Kinds,
): Also[] {
  const known = choices.flatMap((judge) => {
    const [steered, plain] = [arms.steered[judgeName(judge)], arms.plain[judgeName(judge)]];
    return steered === undefined || plain === undefined ? [] : [{ judge, plain, found: values(differences(cells, steered, plain)) }];
  });
  const varied = known.filter(({ found }) => found.some((prompt) => prompt.some((value) => value !== 0)));
  const tail = (1 - LEVEL) / 2 / Math.max(1, varied.length);
  return varied
    .map(({ judge, plain, found }): Also => {
      const scores = plain.filter((score) => score !== null);
      return { judge, plain: mean(scores), effect: clusterEstimate(found, kinds, tail) };
    })
    .sort((a, b) => clearness(b) - clearness(a));
}

/** How far the interval stays from 0, in its own half widths; below 1 it holds 0. */
function clearness({ effect: { value, low, high } }: Also): number {
  return high === low ? Number.POSITIVE_INFINITY : (2 * Math.abs(value)) / (high - low);
}
