/** Asks for every emotion in every scenario, and which answers the judge takes for it (methods card, step 2). */
import * as z from "zod";
import type { Message } from "../../protocol/api/generate.ts";
import type { Lab } from "../contract.ts";
import { answersOf, turnsOf } from "./asking.ts";
import { type Emotion, elicitation, JUDGED } from "./emotions.ts";
import type { GroupPrompts } from "./read-groups.ts";
import type { Group } from "./scenarios.ts";

export const ElicitedSchema = z
  .object({ group: z.number().int(), emotion: z.number().int(), text: z.string(), label: z.string().nullable() })
  .strict();
export type Elicited = z.infer<typeof ElicitedSchema>;

/** Answers of one study: it is not taken up again half way. */
const PART = 192;

export const ACCEPT = {
  all: "a scenario counts where all six answers were accepted, as in the published study",
  each: "a scenario counts for the emotions whose answers were accepted",
  off: "every scenario counts for every emotion: what is asked for is read, whether the model can do it or not",
} as const;
export type Accept = keyof typeof ACCEPT;

export function promptsOf(
  { prompt }: Group,
  emotions: readonly Emotion[],
  instructions: Readonly<Record<string, string>> = {},
): Message[][] {
  return emotions.map((emotion) => turnsOf(instructions[emotion] ?? elicitation(emotion), prompt));
}

export async function elicit(
  groups: readonly Group[],
  emotions: readonly Emotion[],
  { instructions, tokens }: { readonly instructions?: Readonly<Record<string, string>> | undefined; readonly tokens: number },
  before: readonly Elicited[],
  lab: Pick<Lab, "study" | "judge" | "signal">,
  keep: (done: readonly Elicited[]) => void,
  progress: (fraction: number) => void,
): Promise<Elicited[]> {
  const done = [...before];
  const all = groups.flatMap((group, index) =>
    promptsOf(group, emotions, instructions).map((messages, emotion) => ({ group: index, emotion, messages })),
  );
  for (let from = done.length; from < all.length; from += PART) {
    const part = all.slice(from, from + PART);
    const answers = await answersOf(
      part.map(({ messages }) => ({ plan: 0, messages })),
      [null],
      tokens,
      lab,
      (fraction) => progress((from + fraction * part.length) / all.length),
    );
    done.push(...part.map(({ group, emotion }, i) => ({ group, emotion, ...answers[i]! })));
    keep(done);
  }
  return done;
}

/** @returns by group and emotion: whether the answer was taken for it */
export function acceptance(groups: number, emotions: readonly Emotion[], elicited: readonly Elicited[]): boolean[][] {
  const accepted = Array.from({ length: groups }, () => emotions.map(() => false));
  for (const { group, emotion, label } of elicited) accepted[group]![emotion] = label === JUDGED[emotions[emotion]!];
  return accepted;
}

/** Groups that count for something, with what they count for. */
export function countedGroups(
  groups: readonly Group[],
  accepted: readonly (readonly boolean[])[],
  accept: Accept,
  prompts: (group: Group) => Message[][],
): GroupPrompts[] {
  return groups.flatMap((group, index) => {
    const own = accepted[index]!;
    const counted = accept === "off" ? own.map(() => true) : accept === "each" ? own : own.map(() => own.every((one) => one));
    return counted.some((one) => one) ? [{ prompts: prompts(group), counted }] : [];
  });
}
