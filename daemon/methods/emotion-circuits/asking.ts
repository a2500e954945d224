/** Answers under plans, judged: what both experiments have in common. */
import * as z from "zod";
import type { Message } from "../../protocol/api/generate.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import type { Sampling } from "../../protocol/preset.ts";
import type { Lab } from "../contract.ts";

export const LANGUAGE = "en";

export const tokensField = z
  .number()
  .int()
  .min(8)
  .max(512)
  .default(60)
  .describe("an answer has at most so many")
  .meta({ title: "Tokens of an answer", advanced: true });

export const instructionsField = z
  .record(z.string(), z.string().min(1).max(1000))
  .optional()
  .describe("system turns in place of Tiller's: by emotion, and `neutral` for none")
  .meta({ title: "System turns", widget: "json", advanced: true });

export interface Asked {
  /** index of its plan */
  readonly plan: number;
  readonly messages: readonly Message[];
}

export interface Answer {
  readonly text: string;
  /** the emotion judge's label; null: it did not judge */
  readonly label: string | null;
}

/** Greedy with the published study's penalty, so that an answer follows from its prompt alone. */
function samplingOf(maxTokens: number): Sampling {
  return { temperature: 0, repeatPenalty: 1.1, maxTokens };
}

/** @param system null: there is none */
export function turnsOf(system: string | null, prompt: string): Message[] {
  return [...(system === null ? [] : [{ role: "system" as const, content: system }]), { role: "user", content: prompt }];
}

export async function answersOf(
  asked: readonly Asked[],
  plans: readonly (SteeringPlan | null)[],
  tokens: number,
  lab: Pick<Lab, "study" | "judge" | "signal">,
  progress: (fraction: number) => void,
): Promise<Answer[]> {
  const { answers } = await lab.study(
    {
      plans: [...plans],
      sampling: samplingOf(tokens),
      answers: asked.map(({ plan, messages }) => ({ plan, messages: [...messages], seed: 0 })),
      texts: [],
    },
    progress,
  );
  const texts = answers.map(({ text }) => text.trim());
  const scores = await lab.judge("emotion").score(
    texts.map((text) => ({ text, language: LANGUAGE })),
    lab.signal,
  );
  return texts.map((text, i) => {
    const score = scores[i]!;
    return { text, label: score.judged ? score.label : null };
  });
}
