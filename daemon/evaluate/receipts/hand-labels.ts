/**
 * What a few labels by hand say of a judge's figures: how often person and judge agree, and the effect as the person would see it
 * (prediction-powered inference; Angelopoulos et al. 2023, Science 382): the judge's effect over all answers, less what it is wrong by in
 * those that a person has labelled,
 *   θ = effect + mean r,  r = (hand − judge of a steered answer) − (hand − judge of its plain one),
 * with the sum of both variances, Student's t with as many degrees of freedom as Satterthwaite gives. Two pairs in which the judge is
 * wrong once each way are added to the r: twenty labels without a disagreement do not show that there is none.
 */
import type { Estimate } from "../../protocol/receipt.ts";
import { LEVEL, mean, studentQuantile, variance } from "./statistics.ts";

/** A prompt's plain and steered answer, each as judge and person have it: 1 shows the property, 0 does not. */
export interface LabelledPair {
  readonly plain: Labelled;
  readonly steered: Labelled;
}

export interface Labelled {
  readonly judged: number;
  readonly hand: number;
}

/** Wrong once each way, in a pair. */
const ADDED = [1, -1] as const;

/** @param clusters of the receipt's effect at its best strength; @param tail share beyond each of its interval's ends */
export function correctedEffect(effect: Estimate, clusters: number, tail: number, pairs: readonly LabelledPair[]): Estimate {
  const wrong = [...pairs.map(({ plain, steered }) => steered.hand - steered.judged - (plain.hand - plain.judged)), ...ADDED];
  const own = ((effect.high - effect.low) / 2 / studentQuantile(1 - tail, clusters - 1)) ** 2;
  const more = variance(wrong) / wrong.length;
  const freedom = (own + more) ** 2 / (own ** 2 / (clusters - 1) + more ** 2 / (wrong.length - 1));
  const value = effect.value + mean(wrong);
  const reach = studentQuantile(1 - (1 - LEVEL) / 2, freedom) * Math.sqrt(own + more);
  return { value, low: value - reach, high: value + reach };
}

/** Share of the answers that person and judge call alike. */
export function agreement(pairs: readonly LabelledPair[]): number {
  return mean(pairs.flatMap(({ plain, steered }) => [plain, steered].map(({ judged, hand }) => (judged === hand ? 1 : 0))));
}
