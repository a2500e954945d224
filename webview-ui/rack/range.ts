/** How far a slider goes, and in which steps. */
export { rangeOf } from "../../daemon/protocol/rules/control.ts";

/** The protocol's STRENGTH_LIMIT, whose module would bring the schema library along. */
const LIMIT = 1000;

/** As finely as a slider divides: a thousandth of its range. */
const FINEST = 1000;

/**
 * 1, 2 or 5 times a power of ten, about a hundred of them to the range. Finer where `marks` (the preset's strength, the ends of
 * the evidence) or the upper end would fall between two steps: the slider then could not stand there. The first mark matters most.
 */
export function stepOf(range: readonly [number, number], marks: readonly number[] = []): number {
  const [low, high] = range;
  const coarse = niceStep((high - low) / 100);
  const inside = marks.filter((mark) => mark > low && mark <= high);
  for (const wanted of [[high, ...inside], inside, inside.slice(0, 1)]) {
    for (let step = coarse; (high - low) / step <= FINEST * 1.001; step = finer(step))
      if (wanted.every((mark) => isOnStep(mark, low, step))) return step;
  }
  return coarse;
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return rounded(power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10));
}

/** 5 → 2 → 1 → 0.5 */
function finer(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  return rounded(step / power > 4 ? 2 * power : step / power > 1.5 ? power : power / 2);
}

function rounded(step: number): number {
  return Number(step.toPrecision(3));
}

/** Whether steps from the lower end come to the value. */
export function isOnStep(value: number, low: number, step: number): boolean {
  const steps = (value - low) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

/** A strength's place along the slider, 0 to 1. */
export function shareOf(value: number, [low, high]: readonly [number, number]): number {
  return (Math.min(high, Math.max(low, value)) - low) / (high - low);
}

export function clampStrength(value: number, [low, high]: readonly [number, number]): number {
  if (!Number.isFinite(value)) return low > 0 ? low : high < 0 ? high : 0;
  return Number(Math.min(high, Math.max(low, value)).toFixed(6));
}

export function formatStrength(value: number): string {
  return String(Math.round(value * 1000) / 1000).replace("-", "−");
}

/** Why a strength that was typed is not where the slider now stands; null: it is. */
export function beyondRange(title: string, value: number, [low, high]: readonly [number, number]): string | null {
  if (!Number.isFinite(value) || (value >= low && value <= high)) return null;
  return `${title} goes from ${formatStrength(low)} to ${formatStrength(high)}; wider in its settings.`;
}

/** What is wrong with the ends of a slider as they were typed; null: nothing. */
export function rangeProblem(low: number, high: number): string | null {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "Both ends are numbers.";
  if (Math.max(Math.abs(low), Math.abs(high)) > LIMIT) return `The ends lie between −${LIMIT} and ${LIMIT}.`;
  return low < high ? null : "“From” must be below “To”.";
}
