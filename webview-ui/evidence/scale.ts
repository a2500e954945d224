/** Linear scales with round ticks. Pure. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** round values between the ends, rising */
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Maps [low, high] of the values, widened to round ends, onto pixels from `from` to `to`. */
export function scaleOf(values: readonly number[], from: number, to: number, wanted = 4): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = roundStep((high - low || Math.abs(high) || 1) / wanted);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
  const [start, end] = [ticks[0]!, ticks.at(-1)!];
  return { low: start, high: end, ticks, at: (value) => from + ((value - start) / (end - start)) * (to - from) };
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
export function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return tidy(power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10));
}

function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
