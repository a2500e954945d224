/** One arm: its answers and what they score, what held-out text and minimal pairs lose under it, how fluent it wrote. */
import * as z from "zod";
import type { EngineStudyResult, StudyText } from "../../protocol/engine-api.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import type { Judge, JudgedText } from "../../protocol/judge.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import { type Damage, DamageSchema } from "../../protocol/receipt.ts";
import { otherScores } from "./also.ts";
import { type Arm, type Cell, cellsOfArm, drawsFor, messagesOf } from "./arms.ts";
import { scoresOf } from "./judging.ts";
import type { Materials } from "./materials.ts";
import { planAt, randomPlanAt, type Sweep } from "./plans.ts";
import type { Study } from "./study-parts.ts";
import { meanRepetition, meanWords, pooledDistinct } from "./text-measures.ts";
import type { Damaged } from "./usable.ts";
import { onePerPrompt, workOfAnswers, workOfArm } from "./work.ts";

/** Kept of an arm until the receipt is written: no texts, only figures. */
export const ArmResultSchema = z
  .object({
    /** one per cell, null where the judge gave none */
    scores: z.array(z.number().nullable()),
    /** of the held-out text, read in this arm */
    textBitsPerByte: z.number(),
    /** null for random directions: of their damage only the held-out text is of interest */
    damage: DamageSchema.omit({ bitsPerByte: true }).nullable(),
    /** the same answers by every other judge, where those are asked */
    others: z.record(z.string(), z.array(z.number().nullable())).default({}),
  })
  .strict();
export type ArmResult = z.infer<typeof ArmResultSchema>;

export interface ArmDeps {
  readonly spec: EvaluationSpec;
  readonly cells: readonly Cell[];
  readonly sweep: Sweep;
  readonly seed: number;
  readonly judge: Judge;
  /** those that say what else changes */
  readonly judges: readonly Judge[];
  readonly materials: Materials;
  /** aborted when the job is to end */
  readonly signal: AbortSignal;
  readonly study: Study;
}

export async function runArm(arm: Arm, deps: ArmDeps, progress: (fraction: number) => void): Promise<ArmResult> {
  const { spec, judge, judges, materials, study, signal } = deps;
  const cells = cellsOfArm(arm, deps.cells);
  const plans = plansOf(arm, deps);
  const planIndex = (draw: number): number => (plans.length === 1 ? 0 : draw % plans.length);
  const raw = (text: string, index: number): StudyText => ({ plan: planIndex(index), messages: null, text, tokens: null });
  const full = arm.kind !== "random";
  const reading = workOfAnswers({ kind: "plain" }, spec, onePerPrompt(cells));
  const written = full ? 1 - reading / workOfArm(arm, spec, cells, materials) : 1;
  const choices = full ? materials.choices : [];
  const pairs = choices.flatMap(({ good, bad }, index) => [raw(good, index), raw(bad, index)]);
  const done = await study(
    {
      plans,
      sampling: spec.sampling,
      answers: cells.map((cell) => ({ plan: planIndex(cell.draws[0]!), messages: messagesOf(spec, cell, arm), seed: cell.seed })),
      texts: [...materials.texts.map(({ text }, index) => raw(text, index)), ...pairs],
    },
    (fraction) => progress(fraction * written),
  );
  const texts = judgedTexts(done.answers, cells);
  const scores = await scoresOf(judge, spec.judge, texts, signal);
  const count = materials.texts.length;
  const textBitsPerByte = bitsPerByte(done.texts.slice(0, count), materials.texts);
  if (!full) return { scores, textBitsPerByte, damage: null, others: {} };
  const fluency = await readAnswers(done.answers, deps, (fraction) => progress(written + fraction * (1 - written)));
  const choice = choiceAccuracy(done.texts.slice(count));
  // A prompt is compared with by what it was asked for alone.
  const others = arm.kind === "prompt" ? {} : await otherScores(judges, spec.judge, texts, signal);
  return { scores, textBitsPerByte, damage: { choices: choice, fluency, ...measuresOf(texts) }, others };
}

/** @param cells of the answers, in their order */
export function judgedTexts(answers: EngineStudyResult["answers"], cells: readonly Cell[]): JudgedText[] {
  return answers.map(({ text }, index) => ({ text, language: cells[index]!.language }));
}

/** What is read off the answers of one arm together. */
export function measuresOf(texts: readonly JudgedText[]): Pick<Damage, "distinct1" | "distinct2" | "repetition" | "words"> {
  return {
    distinct1: pooledDistinct(texts, 1),
    distinct2: pooledDistinct(texts, 2),
    repetition: meanRepetition(texts),
    words: meanWords(texts),
  };
}

/** What the bounds look at, of a strength between those of the sweep: held-out text, and one answer to each prompt, judged. */
export async function probeDamage(strength: number, deps: ArmDeps, progress: (fraction: number) => void): Promise<Damaged> {
  const { spec, sweep, materials, study, judge, signal } = deps;
  const cells = onePerPrompt(deps.cells);
  const { answers, texts } = await study(
    {
      plans: [planAt(sweep, strength)],
      sampling: spec.sampling,
      answers: cells.map((cell) => ({ plan: 0, messages: messagesOf(spec, cell, { kind: "steered", strength }), seed: cell.seed })),
      texts: materials.texts.map(({ text }) => ({ plan: 0, messages: null, text, tokens: null })),
    },
    progress,
  );
  const written = judgedTexts(answers, cells);
  const fluency = await readAnswers(answers, { ...deps, cells }, () => undefined);
  return {
    textBitsPerByte: bitsPerByte(texts, materials.texts),
    damage: { repetition: meanRepetition(written), fluency },
    scores: await scoresOf(judge, spec.judge, written, signal),
  };
}

/** One plan, or one per draw. */
function plansOf(arm: Arm, { sweep, spec, cells, seed }: ArmDeps): (SteeringPlan | null)[] {
  if (arm.kind === "plain" || arm.kind === "prompt") return [null];
  if (arm.kind === "steered") return [planAt(sweep, arm.strength)];
  return Array.from({ length: drawsFor(spec, cells.length) }, (_, draw) => randomPlanAt(sweep, arm.strength, drawSeed(seed, draw)));
}

export function drawSeed(seed: number, draw: number): number {
  return (Math.imul(seed, 1_000_003) + Math.imul(draw + 1, 7_368_787)) >>> 0;
}

/** The plain model reads one answer to each prompt, as the answer to the bare prompt: bits per byte over all of them together. */
export async function readAnswers(
  answers: EngineStudyResult["answers"],
  { spec, cells, study }: Pick<ArmDeps, "spec" | "cells" | "study">,
  progress: (fraction: number) => void,
): Promise<number> {
  const first = new Set(onePerPrompt(cells));
  const read = answers.flatMap(({ text, tokens }, index) => {
    const cell = cells[index]!;
    const messages = messagesOf(spec, cell, { kind: "plain" });
    return text === "" || !first.has(cell) ? [] : [{ text, scored: { plan: 0, messages, text: null, tokens } }];
  });
  if (read.length === 0) return 0;
  const { texts } = await study({ plans: [null], sampling: {}, answers: [], texts: read.map(({ scored }) => scored) }, progress);
  return bitsPerByte(texts, read);
}

export function bitsPerByte(scored: EngineStudyResult["texts"], texts: readonly { readonly text: string }[]): number {
  const bits = scored.reduce((sum, score) => sum + score.bits, 0);
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text, "utf8"), 0);
  return bytes === 0 ? 0 : bits / bytes;
}

/** Good and bad sentences alternate; a tie is no success. */
export function choiceAccuracy(scored: EngineStudyResult["texts"]): number {
  let right = 0;
  for (let i = 0; i + 1 < scored.length; i += 2) if (scored[i]!.bits < scored[i + 1]!.bits) right++;
  return scored.length === 0 ? 0 : right / (scored.length / 2);
}
