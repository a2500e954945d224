/** Cuts text into words and sentences by Unicode UAX #29, with ICU's dictionaries for scripts without spaces. */

const segmenters = new Map<string, Intl.Segmenter>();

/** @param language ISO 639-1 code; an unknown one is cut by the general rules */
function segmenter(language: string | undefined, granularity: "grapheme" | "word" | "sentence"): Intl.Segmenter {
  const key = `${granularity} ${language ?? ""}`;
  let found = segmenters.get(key);
  if (found === undefined) {
    found = new Intl.Segmenter(/^[a-z]{2,3}$/.test(language ?? "") ? language : "en", { granularity });
    segmenters.set(key, found);
  }
  return found;
}

/** Grapheme clusters: what a reader takes for one character. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of segmenter(undefined, "grapheme").segment(text)) count++;
  return count;
}

/** Segments with letters, numbers, kana or ideographs, in order. */
export function wordsOf(text: string, language?: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter(language, "word").segment(text)) if (isWordLike) words.push(segment);
  return words;
}

/** Sentences that hold at least one word, in order. */
export function sentencesOf(text: string, language?: string): string[] {
  const sentences: string[] = [];
  for (const { segment } of segmenter(language, "sentence").segment(text))
    if (/[\p{L}\p{N}]/u.test(segment)) sentences.push(segment.trim());
  return sentences;
}
