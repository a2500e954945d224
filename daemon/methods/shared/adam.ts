/** Adam (Kingma and Ba 2015, algorithm 1; β₁ 0.9, β₂ 0.999; ε is small, for slopes are), each group of numbers with a rate of its own. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-12];

export interface AdamState {
  step: number;
  readonly mean: readonly Float32Array[];
  readonly square: readonly Float32Array[];
}

export function adamOf(groups: readonly Float32Array[]): AdamState {
  const zeros = () => groups.map((group) => new Float32Array(group.length));
  return { step: 0, mean: zeros(), square: zeros() };
}

/** Moves the groups against their slopes, in place. @param rates of each group */
export function adamStep(
  groups: readonly Float32Array[],
  slopes: readonly Float32Array[],
  state: AdamState,
  rates: readonly number[],
): void {
  const step = ++state.step;
  const [first, second] = [1 - BETA1 ** step, 1 - BETA2 ** step];
  for (const [k, group] of groups.entries()) {
    const [mean, square, slope, rate] = [state.mean[k]!, state.square[k]!, slopes[k]!, rates[k]!];
    for (let i = 0; i < group.length; i++) {
      mean[i] = BETA1 * mean[i]! + (1 - BETA1) * slope[i]!;
      square[i] = BETA2 * square[i]! + (1 - BETA2) * slope[i]! ** 2;
      group[i]! -= (rate * (mean[i]! / first)) / (Math.sqrt(square[i]! / second) + EPSILON);
    }
  }
}
