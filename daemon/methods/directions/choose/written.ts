/** What the model writes under a plan, in short: whether it shows the property, and whether it is still fluent. */
import type { EngineStudy } from "../../../protocol/engine-api.ts";
import type { Message } from "../../../protocol/message.ts";
import type { SteeringPlan } from "../../../protocol/plan.ts";
import type { Lab } from "../../contract.ts";
import { cellSeed } from "../../shared/random.ts";
import type { Candidate } from "./candidates.ts";
import { BOUNDS } from "./points.ts";

const TOKENS = 24;

export type WrittenLab = Pick<Lab, "study" | "likelihood">;

/** One score per answer, larger where more of the property shows; null: it cannot be told. */
export type Shown = (answers: readonly { readonly prompt: Message[]; readonly text: string }[]) => Promise<(number | null)[]>;

export interface Written {
  readonly answers: readonly { readonly prompt: Message[]; readonly text: string; readonly tokens: number[] }[];
  /** mean over the answers that can be told of, and its standard error */
  readonly shown: number;
  readonly error: number;
  /** bits per byte of the answers under the plain model, share of 4-grams that come again, share of answers with next to nothing in them */
  readonly fluency: number;
  readonly repetition: number;
  readonly empty: number;
}

/** A candidate at its strongest strength. */
export interface Tried {
  readonly candidate: Candidate;
  readonly strength: number;
  readonly written: Written;
  readonly fluent: boolean;
}

/** Answers to the prompts under each plan; null: plain. */
export async function write(
  plans: readonly (SteeringPlan | null)[],
  prompts: readonly Message[][],
  seed: number,
  lab: WrittenLab,
  shown: Shown,
  progress: (fraction: number) => void,
): Promise<Written[]> {
  const answers: EngineStudy["answers"] = plans.flatMap((_, plan) =>
    prompts.map((messages, index) => ({ plan, messages, seed: cellSeed(seed, index) })),
  );
  const written = await lab.study(
    { plans: [...plans], answers, texts: [], sampling: { temperature: 0.8, maxTokens: TOKENS } },
    (fraction) => progress(fraction * 0.7),
  );
  const all = answers.map(({ messages }, index) => ({
    prompt: messages,
    ...written.answers[index]!,
    text: written.answers[index]!.text.trim(),
  }));
  const scores = await shown(all);
  const told = all.filter(({ tokens }) => tokens.length > 0);
  const cost = await lab.likelihood(
    { plans: [null], texts: told.map(({ prompt, tokens }) => ({ plan: 0, messages: prompt, text: null, tokens })), most: TOKENS },
    (fraction) => progress(0.7 + 0.3 * fraction),
  );
  return plans.map((_, plan) => {
    const own = all.slice(plan * prompts.length, (plan + 1) * prompts.length);
    const values = scores.slice(plan * prompts.length, (plan + 1) * prompts.length).filter((score) => score !== null);
    const costs = own.flatMap((answer) => cost[told.indexOf(answer)] ?? []);
    const { mean, error } = meanOf(values);
    return {
      answers: own.map(({ prompt, text, tokens }) => ({ prompt, text, tokens })),
      shown: mean,
      error,
      fluency:
        costs.reduce((sum, { bits }) => sum + bits, 0) /
        Math.max(
          1,
          costs.reduce((sum, { bytes }) => sum + bytes, 0),
        ),
      repetition: meanOf(own.map(({ tokens }) => repeated(tokens))).mean,
      empty: own.filter(({ text }) => text.length < 2).length / own.length,
    };
  });
}

/** Beside the plain answers; an answer that breaks off, repeats itself or is salad is none. */
export function isFluent(written: Written, plain: Written): boolean {
  return (
    written.fluency - plain.fluency <= BOUNDS.fluency &&
    written.repetition - plain.repetition <= BOUNDS.repetition &&
    written.empty - plain.empty <= BOUNDS.repetition
  );
}

/** Share of 4-grams of tokens that occurred before (Welleck et al. 2020, seq-rep-4). */
function repeated(tokens: readonly number[]): number {
  const grams = tokens.slice(3).map((_, i) => tokens.slice(i, i + 4).join());
  return grams.length === 0 ? 0 : 1 - new Set(grams).size / grams.length;
}

function meanOf(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, error: Math.sqrt(variance / Math.max(1, values.length)) };
}
