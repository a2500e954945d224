/** The chosen way from readings to a direction. */
import { ESTIMATORS } from "../shared/estimators.ts";
import { along, mean } from "../shared/separation.ts";
import type { FromPairs } from "./experiments/pairs-params.ts";
import type { Estimator } from "./layer-figures.ts";
import type { PairReadings } from "./read-pairs.ts";

export function estimatorOf({ method }: Pick<FromPairs, "method">, { neutral }: Pick<PairReadings, "neutral">, slot: number): Estimator {
  if (method !== "mean-centring") return ESTIMATORS[method];
  // Jorgensen et al. 2023: what the texts have beyond all text; the other side of the pairs only measures
  const centre = neutral!(slot);
  return (positive, negative) => {
    const [p, n] = [mean(positive), mean(negative)];
    return along(
      p,
      n,
      p.map((value, i) => value - centre[i]!),
    );
  };
}
