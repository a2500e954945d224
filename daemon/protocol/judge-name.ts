/** How a judge's score is written in one word, by people at the command line and in the page. No zod: the page reads it, too. */
import type { JudgeChoice } from "./evaluation.ts";

export const JUDGE_HINT = "A judge looks like emotion/joy (a label) or length:words (a figure).";

/** `emotion/joy`: share of answers with this label; `length:words`: this figure. null: it is neither. */
export function parseJudge(text: string): JudgeChoice | null {
  const [, id, kind, name] = /^([a-z0-9][a-z0-9-]*)([/:])([A-Za-z][A-Za-z0-9-]*)$/.exec(text.trim()) ?? [];
  if (id === undefined) return null;
  return kind === "/" ? { id, label: name! } : { id, value: name! };
}

/** A choice as people write it. */
export function judgeName({ id, label, value }: JudgeChoice): string {
  return label === undefined ? `${id}:${value}` : `${id}/${label}`;
}

/** What a judge can be asked for, as people write it. */
export function judgeNames({
  id,
  labels,
  values,
}: Readonly<Record<"labels" | "values", readonly string[]>> & { readonly id: string }): string[] {
  return [...labels.map((label) => judgeName({ id, label })), ...values.map((value) => judgeName({ id, value }))];
}
