/**
 * Splits of contrast pairs by question. Pairs that answer one question share its words, so that a pair which measures may have no
 * sister among those that were learned from.
 */
import type { ContrastPair, ContrastText } from "../../protocol/artifact.ts";
import { shuffled } from "../shared/random.ts";

/** Fewer held-out questions than these tell nothing: one more or less would turn the figures over. */
export const FEWEST_HELD_OUT = 12;

export interface Split {
  /** indices of pairs */
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** of the training pairs, by question: each measures what is found from the others */
  readonly folds: readonly (readonly number[])[];
  readonly questions: { readonly train: number; readonly heldOut: number };
}

/** @param heldOut part of the questions that only measures, 0: none; undefined: a quarter, but enough to tell where there are twice as many */
export function splitByQuestion(pairs: readonly ContrastPair[], heldOut: number | undefined, seed: number, folds = 5): Split {
  const groups = new Map<string, number[]>();
  pairs.forEach((pair, index) => {
    const key = questionOf(pair.positive);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const all = [...groups.values()];
  const order = shuffled(all.length, seed).map((index) => all[index]!);
  const kept = Math.min(heldOutOf(all.length, heldOut), all.length - 1);
  const train = order.slice(kept);
  const parts = Math.min(folds, train.length);
  return {
    test: order.slice(0, kept).flat(),
    train: train.flat(),
    folds: parts < 2 ? [] : Array.from({ length: parts }, (_, part) => train.filter((_, index) => index % parts === part).flat()),
    questions: { train: train.length, heldOut: kept },
  };
}

function heldOutOf(questions: number, part: number | undefined): number {
  if (part === 0) return 0;
  if (part !== undefined) return Math.max(1, Math.round(questions * part));
  return Math.max(1, Math.round(questions / 4), Math.min(FEWEST_HELD_OUT, Math.floor(questions / 2)));
}

/** Everything before the answer; of raw text and of a lone turn, the text. */
function questionOf(text: ContrastText): string {
  if (typeof text === "string") return text;
  return JSON.stringify(text.at(-1)!.role === "assistant" && text.length > 1 ? text.slice(0, -1) : text);
}

/** In two halves, question by question, to see whether both say the same. */
export function halvesOf({ folds, train }: Split): [readonly number[], readonly number[]] {
  if (folds.length >= 2) return [folds.filter((_, i) => i % 2 === 0).flat(), folds.filter((_, i) => i % 2 === 1).flat()];
  const middle = Math.ceil(train.length / 2);
  return [train.slice(0, middle), train.slice(middle)];
}
