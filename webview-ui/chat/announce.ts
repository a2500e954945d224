/** What a screen reader hears of a streamed answer: whole sentences, never single tokens. */

/** A sentence ends at punctuation followed by a space, or at a line's end. The last part is held back until the answer ended. */
export function completeSentences(text: string, from: number, ended: boolean): { said: string; next: number } {
  if (ended) return { said: text.slice(from).trim(), next: text.length };
  let next = from;
  for (const match of text.slice(from).matchAll(/[.!?…]["'”’)\]]*\s|\n+/g)) next = from + match.index + match[0].length;
  return { said: text.slice(from, next).trim(), next };
}
