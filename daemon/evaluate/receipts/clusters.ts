/**
 * What belongs together: the answers to one prompt are no independent observations, nor are prompts of one kind where an
 * effect is to hold for kinds that were not asked.
 */
import type { Estimate } from "../../protocol/receipt.ts";
import { mean, studentEstimate } from "./statistics.ts";

/** Of each prompt its kind; null: all are of one kind. */
export type Kinds = readonly string[] | null;

/** With fewer kinds their differences say too little, and prompts are the clusters. */
export const FEWEST_KINDS = 6;

/** Kinds that are told apart; null where there are too few of them. */
export function usedKinds(kinds: Kinds): readonly string[] | null {
  if (kinds === null) return null;
  const names = [...new Set(kinds)].sort();
  return names.length < FEWEST_KINDS ? null : names;
}

/** One mean per cluster: per kind (of its prompts' means) where there are kinds enough, else per prompt. */
export function clusterMeans(prompts: readonly (readonly number[])[], kinds: Kinds): number[] {
  const means = prompts.map(mean);
  const names = usedKinds(kinds);
  return names === null ? means : names.map((name) => mean(means.filter((_, prompt) => kinds![prompt] === name)));
}

/** Mean over clusters with its interval. @param tail share beyond each end where that is not the usual one */
export function clusterEstimate(prompts: readonly (readonly number[])[], kinds: Kinds = null, tail?: number): Estimate {
  return studentEstimate(clusterMeans(prompts, kinds), tail);
}
