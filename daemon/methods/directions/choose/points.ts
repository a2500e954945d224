/** From a candidate's figures at several strengths to the strongest one that is still fluent. Pure. */
import { type Bounds, BoundsSchema } from "../../../protocol/evaluation.ts";
import type { Candidate } from "./candidates.ts";

/** At one strength, in gaps of the direction, split over the layers. */
export interface Point {
  readonly strength: number;
  /** rise of the log-probability of answers with the property over those without, in nats per token; mean over pairs */
  readonly effect: number;
  /** its standard error */
  readonly error: number;
  /** what neutral text, and the model's own plain answers, lose, in bits per byte */
  readonly damage: number;
  readonly own: number;
}

export interface Curve {
  readonly candidate: Candidate;
  /** by strength, rising, without 0 */
  readonly points: readonly Point[];
}

export const BOUNDS: Bounds = BoundsSchema.parse({});

/** The strongest strength on one side whose damage stays under the bound: on a straight line between those that were tried. */
export function strongest({ points }: Curve, sign: 1 | -1, bound = BOUNDS.bitsPerByte): { strength: number; effect: number } {
  const side = [{ strength: 0, effect: 0, damage: 0 }, ...points.filter((point) => point.strength * sign > 0)].sort(
    (a, b) => Math.abs(a.strength) - Math.abs(b.strength),
  );
  for (let i = 1; i < side.length; i++) {
    const [before, after] = [side[i - 1]!, side[i]!];
    if (after.damage <= bound) continue;
    const share = (bound - before.damage) / (after.damage - before.damage);
    return {
      strength: before.strength + share * (after.strength - before.strength),
      effect: before.effect + share * (after.effect - before.effect),
    };
  }
  return side.at(-1)!;
}

/** The most that a candidate moves on the positive side before it does damage, and where. */
export function bestOf(curve: Curve): { strength: number; effect: number } {
  const limit = strongest(curve, 1);
  const under = curve.points.filter(({ strength }) => strength > 0 && strength <= limit.strength);
  return [limit, ...under].reduce((a, b) => (b.effect > a.effect ? b : a));
}
