/** What a model writes for itself before it answers, between `<think>` and `</think>`. Pure. */
export interface Thinking {
  /** null: there is none */
  readonly thinking: { readonly from: number; readonly to: number; readonly open: boolean } | null;
  /** where the answer begins */
  readonly from: number;
}

const OPENING = /^\s*<(think|thinking)>/;
const CLOSING = /<\/(think|thinking)>\s*/;
/** Some templates write the opening mark into the prompt: then the closing one ends a line. */
const CLOSING_ALONE = /<\/(think|thinking)>[ \t]*(\n\s*|$)/;
/** An opening mark that has begun: what it will be is not known yet. */
const BEGUN = /^\s*<(t(h(i(n(k(i(n(g)?)?)?)?)?)?)?)?$/;

/** @param running whether more may come */
export function thinkingOf(text: string, running: boolean): Thinking {
  if (running && BEGUN.test(text)) return { thinking: null, from: text.length };
  const opening = OPENING.exec(text);
  const start = opening?.[0].length ?? 0;
  const closing = (opening === null ? CLOSING_ALONE : CLOSING).exec(text);
  if (closing !== null) return { thinking: { from: start, to: closing.index, open: false }, from: closing.index + closing[0].length };
  if (opening === null) return { thinking: null, from: 0 };
  // A closing mark that has begun is not thought.
  const begun = running ? text.slice(-12).search(/<\/?[a-z]*$/) : -1;
  const to = begun < 0 ? text.length : Math.max(start, Math.max(0, text.length - 12) + begun);
  return { thinking: { from: start, to, open: true }, from: text.length };
}
