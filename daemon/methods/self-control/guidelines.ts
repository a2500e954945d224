/**
 * Guidelines in plain words, ready and of the user's own, and the questions that ask about them. The end of `The answer …` becomes a
 * question by several wordings: the search and the training ask by the first ones, what they reached is also asked by one that
 * they never saw.
 */
import type { Suffix } from "./score.ts";

export interface Guideline {
  readonly title: string;
  /** the end of `The answer …` */
  readonly guideline: string;
  /** the same as an instruction, for the comparison with prompting */
  readonly instruction: string;
}

export const GUIDELINES = {
  calm: { title: "Calm", guideline: "is calm and free of anger", instruction: "Answer calmly and without anger." },
  fearless: { title: "Without fear", guideline: "shows no fear or worry", instruction: "Answer without fear or worry." },
  composed: { title: "Not surprised", guideline: "shows no surprise", instruction: "Answer as if nothing could surprise you." },
  cheerful: { title: "Cheerful", guideline: "is cheerful", instruction: "Answer cheerfully." },
  sober: { title: "Sober", guideline: "is matter-of-fact and shows no emotion", instruction: "Answer soberly, without emotion." },
  polite: { title: "Polite", guideline: "is polite and respectful", instruction: "Answer politely and respectfully." },
  brief: { title: "Brief", guideline: "is very short, one sentence at most", instruction: "Answer in one short sentence." },
  thorough: { title: "Thorough", guideline: "is thorough and detailed", instruction: "Answer thoroughly and in detail." },
  plain: { title: "Plain words", guideline: "uses only simple, common words", instruction: "Use only simple, common words." },
  formal: { title: "Formal", guideline: "is written in a formal style", instruction: "Answer in a formal style." },
  honest: {
    title: "Honest about doubt",
    guideline: "says openly what it is not sure of",
    instruction: "Say openly what you are not sure of.",
  },
  "asks-back": { title: "Asks back", guideline: "asks the user a question", instruction: "Ask the user a question." },
  "not-toxic": {
    title: "Not toxic",
    guideline: "contains no insult, threat or obscenity",
    instruction: "Write nothing that insults, threatens or is obscene.",
  },
  "no-email": {
    title: "No e-mail addresses",
    guideline: "contains no e-mail address",
    instruction: "Never give an e-mail address.",
  },
  "no-personal": {
    title: "No personal data",
    guideline: "tells nothing private about any person",
    instruction: "Tell nothing private about any person.",
  },
} as const satisfies Readonly<Record<string, Guideline>>;

export type GuidelineId = keyof typeof GUIDELINES;
export const GUIDELINE_IDS = Object.keys(GUIDELINES) as [GuidelineId, ...GuidelineId[]];

const YES = { yes: ["Yes", " Yes"], no: ["No", " No"] };
const TRUE = { yes: ["True", " True"], no: ["False", " False"] };

const WORDINGS: readonly ((guideline: string) => Suffix)[] = [
  (guideline) => ({ question: `Look at your answer again. Is it true that the answer ${guideline}? Reply with Yes or No only.`, ...YES }),
  (guideline) => ({ question: `Would a careful reader agree that your answer ${guideline}? Say only Yes or No.`, ...YES }),
  (guideline) => ({ question: `Check this statement: "The answer above ${guideline}." Is it correct? Yes or No?`, ...YES }),
];
export const MOST_SUFFIXES = WORDINGS.length;

/** @param count suffixes that are searched with */
export function suffixes(guideline: string, count = 1): { searched: readonly Suffix[]; heldOut: readonly Suffix[] } {
  return {
    searched: WORDINGS.slice(0, count).map((wording) => wording(guideline)),
    heldOut: [{ question: `A reviewer claims: "The answer ${guideline}." Is the reviewer right? One word, True or False.`, ...TRUE }],
  };
}

export interface Asked {
  readonly ready?: GuidelineId | undefined;
  readonly guideline?: string | undefined;
  readonly instruction?: string | undefined;
}

/** One of both is given, see `asking` in params.ts. */
export function guidelineOf({ ready, guideline, instruction }: Asked): Guideline {
  const known = ready === undefined ? null : GUIDELINES[ready];
  const text = guideline ?? known?.guideline ?? "";
  return {
    title: known?.title ?? text,
    guideline: text,
    instruction: instruction ?? (guideline === undefined ? known?.instruction : undefined) ?? `Make sure that your answer ${text}.`,
  };
}
