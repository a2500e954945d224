/**
 * The arms of an evaluation: what is generated and read under one condition. Prompts, seeds and texts are the same in every
 * arm, so that arms are compared pair by pair.
 */
import { cellSeed } from "../../methods/shared/random.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import type { Message } from "../../protocol/message.ts";

export type Arm =
  | { readonly kind: "plain" }
  | { readonly kind: "prompt" }
  | { readonly kind: "steered"; readonly strength: number }
  | { readonly kind: "random"; readonly strength: number };

export function armKey(arm: Arm): string {
  return arm.kind === "plain" || arm.kind === "prompt" ? arm.kind : `${arm.kind} ${arm.strength}`;
}

/** Plain first: everything else is compared with it. */
export function armsOf(spec: EvaluationSpec): Arm[] {
  const strengths = sweptStrengths(spec);
  return [
    { kind: "plain" },
    { kind: "prompt" },
    ...strengths.map((strength): Arm => ({ kind: "steered", strength })),
    ...strengths.filter((strength) => strength !== 0).map((strength): Arm => ({ kind: "random", strength })),
  ];
}

/** Rising, with 0. */
export function sweptStrengths(spec: Pick<EvaluationSpec, "strengths">): number[] {
  return [...new Set([...spec.strengths, 0].map((strength) => strength + 0))].sort((a, b) => a - b);
}

/** One answer: its prompt, and what stays the same in every arm. */
export interface Cell {
  readonly prompt: number;
  readonly seed: number;
  /** which random direction answers it in a random arm; several: each once */
  readonly draws: readonly number[];
  readonly language: string;
}

/** More draws with fewer answers each say little more of how much draws differ. */
const ANSWERS_PER_DRAW = 20;
/** With 3, Student's t has 2 degrees of freedom, and no effect is large enough. */
export const FEWEST_DRAWS = 8;

/** Random directions that are asked for, as far as so many answers can tell them apart, and 8 in any case. */
export function drawsFor(spec: Pick<EvaluationSpec, "draws">, answers: number): number {
  return Math.max(FEWEST_DRAWS, Math.min(spec.draws, Math.floor(answers / ANSWERS_PER_DRAW)));
}

/** Prompt by prompt. Each prompt meets several draws, so that draws, prompts and languages are crossed evenly. */
export function cellsOf(spec: EvaluationSpec, seeds: number, seed: number): Cell[] {
  const draws = drawsFor(spec, spec.prompts.length * seeds);
  return spec.prompts.flatMap(({ language }, prompt) =>
    Array.from({ length: seeds }, (_, k) => ({
      prompt,
      seed: cellSeed(seed, prompt * seeds + k),
      draws: [drawOf(prompt, k, draws)],
      language,
    })),
  );
}

/** The cells of a random arm: one for each of a cell's draws, in order. */
export function drawnCells(cells: readonly Cell[]): Cell[] {
  return cells.flatMap((cell) => cell.draws.map((draw) => ({ ...cell, draws: [draw] })));
}

/** The cells that an arm answers. */
export function cellsOfArm(arm: Arm, cells: readonly Cell[]): readonly Cell[] {
  return arm.kind === "random" ? drawnCells(cells) : cells;
}

/**
 * Neighbours in steps that differ from one round of prompts to the next: were each draw met beside its neighbours alone, two far
 * apart would be compared through all between them, and with two or three seeds the variance among draws had two to six times the noise.
 */
export function drawOf(prompt: number, seed: number, draws: number): number {
  const step = 1 + (Math.floor(prompt / draws) % (draws - 1));
  return (prompt + seed * step) % draws;
}

/** Seeds per prompt so that there are at least `n` answers. @throws TillerError where all seeds would give the same answer */
export function seedsFor(spec: EvaluationSpec, n: number | undefined): number {
  const seeds = n === undefined ? spec.seeds : Math.ceil(n / spec.prompts.length);
  if (spec.sampling.temperature === 0 && seeds > 1)
    throw new TillerError("invalid-params", `temperature 0 gives the same answer ${seeds} times: more seeds are no more evidence`, {
      field: n === undefined ? "spec.seeds" : "n",
      suggestion: `Take one seed (N ${spec.prompts.length}), more prompts, or a temperature above 0.`,
    });
  return seeds;
}

export function messagesOf(spec: Pick<EvaluationSpec, "prompts" | "baseline">, cell: Cell, arm: Arm): Message[] {
  const { text, language, before = [] } = spec.prompts[cell.prompt]!;
  const turns: Message[] = [...before, { role: "user", content: text }];
  return arm.kind === "prompt" ? [{ role: "system", content: spec.baseline[language]! }, ...turns] : turns;
}
