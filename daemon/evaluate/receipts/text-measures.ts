/** What can be read off the answers of one strength together. */

import type { JudgedText } from "../../protocol/judge.ts";
import { measureRepetition } from "../judges/repetition.ts";
import { wordsOf } from "../judges/segments.ts";

/** Different n-grams of words among all of the texts (Li et al. 2016, distinct-n over a set); 1 where there are none. */
export function pooledDistinct(texts: readonly JudgedText[], n: number): number {
  let total = 0;
  const seen = new Set<string>();
  for (const { text, language } of texts) {
    const words = wordsOf(text, language).map((word) => word.toLowerCase());
    for (let start = 0; start + n <= words.length; start++) {
      seen.add(words.slice(start, start + n).join("\u0000"));
      total++;
    }
  }
  return total === 0 ? 1 : seen.size / total;
}

/** Share of a text's 4-grams that occurred before in it, mean over texts; texts too short for one have none. */
export function meanRepetition(texts: readonly JudgedText[]): number {
  const shares: number[] = texts.map((text) => measureRepetition(text)?.["repetition4"] ?? 0);
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

export function meanWords(texts: readonly JudgedText[]): number {
  return texts.length === 0 ? 0 : texts.reduce((sum, { text, language }) => sum + wordsOf(text, language).length, 0) / texts.length;
}
