/**
 * What a sweep shows: that the control works, that it does less than a bound, or that there are too few answers to tell. That a
 * test could not reject is never taken for the absence of an effect: it is said only by how much it can be at most
 * (equivalence; Schuirmann 1987: less than δ is shown where the interval's far end is).
 */
import type { EvaluationSpec, JudgeChoice } from "../../protocol/evaluation.ts";
import { beatsControl, wantedSign } from "../../protocol/evidence.ts";
import type { Estimate, Receipt, ReceiptPoint } from "../../protocol/receipt.ts";
import { variance } from "./statistics.ts";

/** The smallest change that counts: of a share, and of a figure in standard deviations of the plain model's answers (Cohen's medium). */
const SHARE = 0.2;
const DEVIATIONS = 0.5;

/** null: the plain model's answers do not vary, so no scale is known. */
export function relevantEffect({ label }: JudgeChoice, plain: readonly (number | null)[]): number | null {
  if (label !== undefined) return SHARE;
  const deviation = Math.sqrt(variance(plain.filter((score) => score !== null)));
  return deviation === 0 ? null : DEVIATIONS * deviation;
}

export type Found = Pick<Receipt, "verdict" | "less">;

interface Shown {
  readonly points: readonly ReceiptPoint[];
  /** of the usable strengths together, per 1 of strength */
  readonly slope: Estimate | null;
  readonly relevant: number | null;
  readonly direction: EvaluationSpec["direction"];
}

/** The pooled test opens the way to the single strengths, which need no correction behind it (gatekeeping). */
export function verdictOf({ points, slope, relevant, direction }: Shown): Found {
  const usable = points.filter((point) => point.usable && point.random !== null);
  if (usable.length === 0) return { verdict: "no usable strength", less: null };
  if (slope === null) return { verdict: "too few answers", less: null };
  const beats = direction === "up" ? slope.low > 0 : slope.high < 0;
  if (beats && usable.some((point) => beatsControl(point, direction))) return { verdict: "works", less: null };
  const farthest = Math.max(...usable.map(({ strength }) => Math.abs(strength)));
  const less = Math.max(atMost(usable, direction), farthest * (direction === "up" ? slope.high : -slope.low));
  return relevant !== null && less < relevant ? { verdict: "does less", less } : { verdict: "too few answers", less: null };
}

/** How far the margins of these strengths reach in the meant direction, and no less than 0; infinite where one is not known. */
export function atMost(points: readonly Pick<ReceiptPoint, "strength" | "margin">[], direction: EvaluationSpec["direction"]): number {
  const reaches = points.map(({ strength, margin }) => {
    if (margin === null) return Number.POSITIVE_INFINITY;
    return wantedSign(strength, direction) > 0 ? margin.high : -margin.low;
  });
  return Math.max(0, ...reaches);
}
