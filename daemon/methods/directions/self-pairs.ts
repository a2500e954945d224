/**
 * Contrast pairs that the model writes itself: it answers the same questions under two system turns, one that asks for a
 * property and one that does not; the judge, where there is one, keeps the pairs in which the first answer shows more of it. Where
 * it keeps under a third, more are written.
 * The system turns are left out of the pairs, so that what is found is in the answers, not in the request.
 */

import type { ContrastPair } from "../../protocol/artifact.ts";
import type { EngineStudy } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import type { Message } from "../../protocol/message.ts";
import type { Lab, Question } from "../contract.ts";
import { cellSeed } from "../shared/random.ts";

export interface SystemTurns {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export interface WrittenPairs {
  readonly pairs: readonly ContrastPair[];
  /** pairs that were written, kept or not */
  readonly written: number;
  /** hardly any were kept, after all that may be written: the model hardly shows this */
  readonly scarce: boolean;
}

export const FEWEST_PAIRS = 10;
/** Answers per question and side. */
export const ANSWERS = 2;
export const MAX_TOKENS = 64;

/** A word or a short phrase is put into templates; a sentence asks by itself. */
export function systemTurns(from: string, opposite: string | undefined): SystemTurns {
  const wish = from.trim();
  return {
    positive: isSentence(wish) ? [wish] : filled(wish),
    negative:
      opposite === undefined
        ? isSentence(wish)
          ? ["Answer plainly.", "Write in a neutral style.", "Answer as you always do."]
          : ["Answer plainly.", `Answer without ${wish}.`, "Write in a neutral style."]
        : isSentence(opposite)
          ? [opposite.trim()]
          : filled(opposite.trim()),
  };
}

function isSentence(text: string): boolean {
  return /[.!?。！？]$/u.test(text.trim()) || text.trim().split(/\s+/).length > 4;
}

function filled(word: string): string[] {
  return [`Answer with ${word}.`, `Your answers are full of ${word}.`, `Write in this style: ${word}.`];
}

export interface Wish {
  readonly from: string;
  readonly opposite?: string | undefined;
  readonly judge?: JudgeChoice | undefined;
  readonly seed: number;
}

export interface WriteDeps extends Pick<Lab, "study" | "scores" | "questions"> {
  readonly progress: (fraction: number) => void;
}

/** Where fewer are kept, more are written; where hardly any are, that would not help. */
const ENOUGH = 1 / 3;
const HOPELESS = 1 / 20;
const MOST_ROUNDS = 3;

/** @throws TillerError when too few pairs differ to find a direction from */
export async function writePairs(params: Wish, deps: WriteDeps): Promise<WrittenPairs> {
  const pairs: ContrastPair[] = [];
  let written = 0;
  let wanted = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const progress = (fraction: number): void => deps.progress((round + fraction) / MOST_ROUNDS);
    const { kept, asked } = await writeRound(params, round, { ...deps, progress });
    pairs.push(...kept);
    written += asked;
    wanted = asked * ENOUGH;
    if (pairs.length >= wanted || pairs.length < written * HOPELESS) break;
  }
  if (pairs.length >= FEWEST_PAIRS) return { pairs, written, scarce: pairs.length < written * ENOUGH };
  throw new TillerError(
    "not-supported",
    `the model hardly shows this: only ${pairs.length} of ${written} pairs of answers differ as asked, ${FEWEST_PAIRS} are needed`,
    {
      field: "from",
      suggestion: "Describe it in a sentence, name an opposite, or give pairs of your own.",
    },
  );
}

async function writeRound(
  params: Wish,
  round: number,
  { questions, study, scores: judge, progress }: WriteDeps,
): Promise<{ kept: ContrastPair[]; asked: number }> {
  const turns = systemTurns(params.from, params.opposite);
  const free = questions("free");
  const asked = free.flatMap((question, index) =>
    Array.from({ length: ANSWERS }, (_, k) => {
      const turn = index * ANSWERS + k;
      return { question, turn, seed: cellSeed(params.seed, round * free.length * ANSWERS + turn) };
    }),
  );
  const under = (systems: readonly string[]): EngineStudy["answers"] =>
    asked.map(({ question, turn, seed }) => ({
      plan: 0,
      messages: [{ role: "system", content: systems[(turn + round) % systems.length]! }, user(question)],
      seed,
    }));
  const sampling = { temperature: 0.8, maxTokens: MAX_TOKENS };
  const { answers } = await study(
    { plans: [null], sampling, texts: [], answers: [...under(turns.positive), ...under(turns.negative)] },
    progress,
  );
  const texts = answers.map(({ text }, index) => ({ text: text.trim(), language: asked[index % asked.length]!.question.language }));
  const scores = params.judge === undefined ? null : await judge(params.judge, texts);
  const kept = asked.flatMap(({ question }, index): ContrastPair[] => {
    const [a, b] = [texts[index]!.text, texts[index + asked.length]!.text];
    if (a === "" || b === "" || a === b) return [];
    if (scores !== null && !((scores[index] ?? Number.NaN) > (scores[index + asked.length] ?? Number.NaN))) return [];
    return [{ positive: [user(question), assistant(a)], negative: [user(question), assistant(b)] }];
  });
  return { kept, asked: asked.length };
}

function user({ text }: Question): Message {
  return { role: "user", content: text };
}

function assistant(content: string): Message {
  return { role: "assistant", content };
}
