/** What a screen reader hears of a streamed answer: whole sentences, never single tokens, words without the marks of Markdown. */

/** A sentence ends at punctuation followed by a space, or at a line's end. The last part is held back until the answer ended. */
export function completeSentences(text: string, from: number, ended: boolean): { said: string; next: number } {
  const start = Math.max(from, answerStart(text));
  if (ended) return { said: text.slice(start).trim(), next: text.length };
  let next = start;
  for (const match of text.slice(start).matchAll(/[.!?…]["'”’)\]]*\s|\n+/g)) next = start + match.index + match[0].length;
  return { said: text.slice(start, next).trim(), next };
}

/** What the model writes for itself is folded, and not read out. */
function answerStart(text: string): number {
  if (!/^\s*<(think|thinking)>/.test(text)) return 0;
  const closing = /<\/(think|thinking)>\s*/.exec(text);
  return closing === null ? text.length : closing.index + closing[0].length;
}

const MARKS: readonly (readonly [RegExp, string])[] = [
  [/^ {0,3}(`{3,}|~{3,})[^\n]*$/gm, ""],
  [/^ {0,3}#{1,6} +/gm, ""],
  [/^[ \t]*[|:\- \t]{3,}$/gm, ""],
  [/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1"],
  [/\*\*|__|~~|`/g, ""],
  [/(^|[\s(])[*_](?=\S)/gm, "$1"],
  [/(\S)[*_](?=[\s).,;:!?]|$)/gm, "$1"],
  [/[ \t]*\|[ \t]*/g, " "],
];

export function withoutMarks(text: string): string {
  return MARKS.reduce((plain, [mark, instead]) => plain.replace(mark, instead), text).trim();
}
