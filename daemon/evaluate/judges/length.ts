/** How long a text is. Measured, not estimated: there is nothing to be trained. */

import type { Judge, JudgedText, Score } from "../../protocol/judge.ts";
import { settingsHash } from "./hash.ts";
import { scoreEach } from "./score-each.ts";
import { countCharacters, sentencesOf, wordsOf } from "./segments.ts";

export interface Length {
  /** grapheme clusters, white space at the ends not counted */
  readonly characters: number;
  readonly words: number;
  readonly sentences: number;
}

export function measureLength({ text, language }: JudgedText): Length {
  return {
    characters: countCharacters(text.trim()),
    words: wordsOf(text, language).length,
    sentences: sentencesOf(text, language).length,
  };
}

export const lengthJudge: Judge = {
  id: "length",
  title: "Length",
  version: "1",
  hash: settingsHash("length", { segmenter: "UAX #29" }),
  labels: [],
  values: ["characters", "words", "sentences"],
  judges: () => ({ judged: true }),
  score: (texts, signal): Promise<Score[]> =>
    scoreEach(texts, signal, (text) => ({ judged: true, label: null, values: { ...measureLength(text) } })),
};
