/** Judges texts one by one, so that a run over hundreds of them neither holds up the daemon nor goes on when nobody wants it. */
import { setImmediate } from "node:timers/promises";
import { type JudgedText, notJudged, type Score } from "../../protocol/judge.ts";

/** Something that can be seen: zero-width and control characters, halves of pairs and spaces are no text. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** @throws the signal's reason once it is aborted, at the next text */
export async function scoreEach(
  texts: readonly JudgedText[],
  signal: AbortSignal | undefined,
  score: (text: JudgedText) => Score,
): Promise<Score[]> {
  const scores: Score[] = [];
  for (const text of texts) {
    signal?.throwIfAborted();
    scores.push(score(text));
    // connections, timers and aborts get their turn: one text takes up to a tenth of a second
    await setImmediate();
  }
  return scores;
}

/** Why a text without anything to be seen gets no figure; null for any other. */
export function refuseBlank({ text }: JudgedText): Score | null {
  return VISIBLE.test(text) ? null : notJudged("The text has no word.");
}
