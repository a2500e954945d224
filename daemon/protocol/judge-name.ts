/** How a judge's score is written in one word, by people at the command line and in the page. No zod: the page reads it, too. */
import type { JudgeChoice } from "./evaluation.ts";

export const JUDGE_HINT = "A judge looks like emotion/joy (a label) or length:words (a figure).";

/** `emotion/joy`: share of answers with this label; `length:words`: this figure. null: it is neither. */
export function parseJudge(text: string): JudgeChoice | null {
  const [, id, kind, name] = /^([a-z0-9][a-z0-9-]*)([/:])([A-Za-z][A-Za-z0-9-]*)$/.exec(text.trim()) ?? [];
  if (id === undefined) return null;
  return kind === "/" ? { id, label: name! } : { id, value: name! };
}

/** What the judges that come with Tiller can be asked for, as suggestions. */
export const SHIPPED_JUDGES: readonly string[] = [
  ...["joy", "sadness", "anger", "fear", "surprise", "disgust"].map((label) => `emotion/${label}`),
  ...["en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ar", "hi"].map((label) => `language/${label}`),
  ...["length:words", "toxicity/toxic", "asks-back/asks"],
];
