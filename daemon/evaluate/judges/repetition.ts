/**
 * How much a text repeats itself, over its words.
 * - `distinct1..3`: different n-grams / n-grams (Li et al. 2016, "A Diversity-Promoting Objective Function"); 1 is best.
 * - `repetition4`: 1 − different 4-grams / 4-grams ("seq-rep-n", Welleck et al. 2020, "Neural Text
 *   Generation with Unlikelihood Training", section 6.1).
 * - `rep16` and `rep128`: share of words that occur among the 16 or 128 words before them ("rep/l" of the same paper,
 *   which counts predicted tokens; here it counts the words written).
 * - `longestRepeat`: share of the text's words in its longest run that occurs again later, without overlap.
 * Distinct-n falls with length whatever is written: compare texts of like length.
 */

import { type Judge, type JudgedText, notJudged, type Score } from "../../protocol/judge.ts";
import { settingsHash } from "./hash.ts";
import { scoreEach } from "./score-each.ts";
import { wordsOf } from "./segments.ts";

/** Fewer words than this have no trigram to compare. */
const FEWEST_WORDS = 4;
/** `longestRepeat` takes quadratic time, so only this many words are read. */
const MOST_WORDS = 4096;

export function measureRepetition({ text, language }: JudgedText): Record<string, number> | null {
  const words = wordsOf(text, language)
    .slice(0, MOST_WORDS)
    .map((word) => word.toLowerCase());
  if (words.length < FEWEST_WORDS) return null;
  const distinct = [1, 2, 3, 4].map((size) => distinctShare(words, size));
  return {
    distinct1: distinct[0]!,
    distinct2: distinct[1]!,
    distinct3: distinct[2]!,
    repetition4: 1 - distinct[3]!,
    rep16: recurring(words, 16),
    rep128: recurring(words, 128),
    longestRepeat: longestRepeat(words) / words.length,
  };
}

function distinctShare(words: readonly string[], size: number): number {
  const total = words.length - size + 1;
  const seen = new Set<string>();
  for (let start = 0; start < total; start++) seen.add(words.slice(start, start + size).join("\u0000"));
  return seen.size / total;
}

function recurring(words: readonly string[], window: number): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const [index, word] of words.entries()) {
    const before = last.get(word);
    if (before !== undefined && index - before <= window) count++;
    last.set(word, index);
  }
  return count / words.length;
}

/** Words in the longest run that occurs twice without overlap: dynamic programming over pairs of ends. */
export function longestRepeat(words: readonly string[]): number {
  let above = new Int32Array(words.length + 1);
  let best = 0;
  for (let i = 1; i <= words.length; i++) {
    const row = new Int32Array(words.length + 1);
    for (let j = i + 1; j <= words.length; j++) {
      if (words[i - 1] !== words[j - 1]) continue;
      // a run that ends at i and again at j may be at most j − i long, or the two would overlap
      row[j] = Math.min(above[j - 1]! + 1, j - i);
      if (row[j]! > best) best = row[j]!;
    }
    above = row;
  }
  return best;
}

export const repetitionJudge: Judge = {
  id: "repetition",
  title: "Repetition",
  version: "1",
  hash: settingsHash("repetition", { fewest: FEWEST_WORDS, most: MOST_WORDS }),
  labels: [],
  values: ["distinct1", "distinct2", "distinct3", "repetition4", "rep16", "rep128", "longestRepeat"],
  judges: () => ({ judged: true }),
  score: (texts, signal): Promise<Score[]> =>
    scoreEach(texts, signal, (text) => {
      const values = measureRepetition(text);
      if (values === null) return notJudged(`Repetition needs at least ${FEWEST_WORDS} words.`);
      return { judged: true, label: null, values };
    }),
};
