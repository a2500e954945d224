/** Interleaved comparison of two ways to do the same work: A B A B …, ratios pair by pair. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchContext, Figure } from "./types.ts";

/** Does the work once and says how fast: units (tokens) per second. */
export type Side = () => Promise<number>;

export interface Comparison {
  readonly part?: string;
  /** the figure is ours / base */
  readonly ours: Side;
  readonly base: Side;
  readonly unit?: string;
}

/** ggml's threads spin for a while after a graph: they must not do so while the other side is measured. */
const SETTLE_MS = 700;

export async function compare(context: BenchContext, { part, ours, base, unit = "tokens/s" }: Comparison): Promise<Figure> {
  const once = async (side: Side): Promise<number> => {
    globalThis.gc?.();
    await sleep(SETTLE_MS);
    return side();
  };
  await once(base);
  await once(ours);
  const own: number[] = [];
  const other: number[] = [];
  for (let pair = 0; pair < context.pairs; pair++) {
    other.push(await once(base));
    own.push(await once(ours));
  }
  const ratios = own.map((rate, pair) => rate / other[pair]!);
  return {
    ...(part === undefined ? {} : { part }),
    value: median(ratios),
    n: ratios.length,
    spread: quantile(ratios, 0.75) - quantile(ratios, 0.25),
    detail: `${round(median(own))} / ${round(median(other))} ${unit}, pairs ${round(Math.min(...ratios))}–${round(Math.max(...ratios))}`,
  };
}

/** Runs the work and returns units per second. */
export async function rate(units: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (units * 1000) / (performance.now() - start);
}

/** How many units make a measurement of about a second and a half, from the speed of a trial. A length, not a limit. */
export function lengthFor(context: BenchContext, perSecond: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, 1.5 * perSecond * context.effort)));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the neighbours. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

export function round(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
}
