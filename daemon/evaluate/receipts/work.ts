/** How much there is to read and write, in tokens, before anything is: what progress is measured by. */
import { tokensOf } from "../../methods/shared/params.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import { type Arm, type Cell, cellsOfArm, messagesOf } from "./arms.ts";
import type { Materials } from "./materials.ts";

/** Where a specification names no limit, an answer is planned with so many tokens. */
const ANSWER = 64;

type Planned = Pick<EvaluationSpec, "prompts" | "baseline" | "sampling">;

/** An arm's answers, what is read for damage, and one answer to each prompt read by the plain model. */
export function workOfArm(arm: Arm, spec: Planned, cells: readonly Cell[], { texts, choices }: Materials): number {
  const answers = workOfAnswers(arm, spec, cellsOfArm(arm, cells));
  const plain = sum(texts, ({ text }) => tokensOf(text));
  if (arm.kind === "random") return answers + plain;
  const pairs = sum(choices, ({ good, bad }) => tokensOf(good) + tokensOf(bad));
  return answers + plain + pairs + workOfAnswers({ kind: "plain" }, spec, onePerPrompt(cells));
}

/** A strength between those of the sweep: one answer to each prompt, written and read, and the held-out text. */
export function workOfProbe(spec: Planned, cells: readonly Cell[], { texts }: Materials): number {
  return 2 * workOfAnswers({ kind: "plain" }, spec, onePerPrompt(cells)) + sum(texts, ({ text }) => tokensOf(text));
}

export function workOfAnswers(arm: Arm, spec: Planned, cells: readonly Cell[]): number {
  const room = spec.sampling.maxTokens ?? ANSWER;
  return sum(cells, (cell) => sum(messagesOf(spec, cell, arm), ({ content }) => tokensOf(content)) + room);
}

export function onePerPrompt(cells: readonly Cell[]): Cell[] {
  const seen = new Set<number>();
  return cells.filter(({ prompt }) => !seen.has(prompt) && seen.add(prompt));
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
