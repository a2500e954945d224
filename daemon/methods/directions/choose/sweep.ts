/**
 * The likelihood sweep: what each candidate does to the log-probability of held-out answers with the property against those
 * without it, and to that of neutral text, at several strengths. Only prompts are read, and each once; nothing is written.
 */
import { compileRack } from "../../../compiler/compile.ts";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import type { ContrastPair, ContrastText } from "../../../protocol/artifact.ts";
import type { EngineLikelihoodResult, StudyText } from "../../../protocol/engine-api.ts";
import type { SteeringPlan } from "../../../protocol/plan.ts";
import { RackSchema } from "../../../protocol/preset.ts";
import type { Lab } from "../../contract.ts";
import { compiler } from "../compiler.ts";
import type { Candidate } from "./candidates.ts";
import type { Curve, Point } from "./points.ts";

/** Tokens of an answer that are scored. */
const MOST_TOKENS = 16;

export interface SweepTexts {
  /** held-out pairs, each side with what it answers */
  readonly pairs: readonly ContrastPair[];
  readonly neutral: readonly string[];
  /** the model's plain answers */
  readonly own: readonly StudyText[];
}

export type SweepLab = Pick<Lab, "model" | "likelihood">;

/** Plans of candidates at strengths that are split over their layers, so that one layer and several move about as far. */
export function planOf(artifact: LoadedArtifact, { layers }: Candidate, strength: number, model: Lab["model"]): SteeringPlan {
  const { id } = artifact.meta;
  const rack = RackSchema.parse({ controls: { swept: { use: id, strength: strength / layers.length, with: { layers: [...layers] } } } });
  return compileRack({ rack, set: {}, model, artifact: () => artifact }, { methods: [compiler], probe: () => unread(id) });
}

function unread(id: string): never {
  throw new Error(`${id} is not read here`);
}

/** Whether its likelihood can be measured: it is an answer, or raw text. */
export function scorable(text: ContrastText, render: "chat" | "raw"): boolean {
  return typeof text === "string" ? render === "raw" : text.length > 1 && text.at(-1)!.role === "assistant";
}

export async function sweep(
  artifact: LoadedArtifact,
  wanted: readonly { readonly candidate: Candidate; readonly strengths: readonly number[] }[],
  texts: SweepTexts,
  lab: SweepLab,
  progress: (fraction: number) => void,
): Promise<Curve[]> {
  const runs = wanted.flatMap(({ candidate, strengths }) => strengths.map((strength) => ({ candidate, strength })));
  const plans = [null, ...runs.map(({ candidate, strength }) => planOf(artifact, candidate, strength, lab.model))];
  const scored: Omit<StudyText, "plan">[] = [
    ...texts.pairs.flatMap(({ positive, negative }) => [scoredText(positive), scoredText(negative)]),
    ...texts.neutral.map((text) => ({ messages: null, text, tokens: null })),
    ...texts.own,
  ];
  const results = await lab.likelihood(
    { plans, texts: plans.flatMap((_, plan) => scored.map((text) => ({ ...text, plan }))), most: MOST_TOKENS },
    progress,
  );
  const of = (plan: number): typeof results => results.slice(plan * scored.length, (plan + 1) * scored.length);
  const point = (plan: number, strength: number): Point => pointOf(of(0), of(plan), strength, texts);
  return wanted.map(({ candidate }) => ({
    candidate,
    points: runs
      .flatMap((run, index) => (run.candidate === candidate ? [point(index + 1, run.strength)] : []))
      .sort((a, b) => a.strength - b.strength),
  }));
}

function scoredText(text: ContrastText): Omit<StudyText, "plan"> {
  if (typeof text === "string") return { messages: null, text, tokens: null };
  return { messages: text.slice(0, -1), text: text.at(-1)!.content, tokens: null };
}

type Scores = EngineLikelihoodResult;

function pointOf(plain: Scores, steered: Scores, strength: number, { pairs, neutral, own }: SweepTexts): Point {
  const gain = (index: number): number => (Math.LN2 * (plain[index]!.bits - steered[index]!.bits)) / plain[index]!.tokens;
  const margins = pairs.map((_, pair) => gain(2 * pair) - gain(2 * pair + 1));
  const effect = margins.reduce((sum, value) => sum + value, 0) / margins.length;
  const variance = margins.reduce((sum, value) => sum + (value - effect) ** 2, 0) / Math.max(1, margins.length - 1);
  const lost = (from: number, count: number): number => {
    let [bits, bytes] = [0, 0];
    for (let i = from; i < from + count; i++) {
      bits += steered[i]!.bits - plain[i]!.bits;
      bytes += plain[i]!.bytes;
    }
    return bytes === 0 ? 0 : bits / bytes;
  };
  const from = 2 * pairs.length;
  return {
    strength,
    effect,
    error: Math.sqrt(variance / margins.length),
    damage: lost(from, neutral.length),
    own: lost(from + neutral.length, own.length),
  };
}
