/** A probe's readings as tints: sign and strength of each token, from its distance to the middle. */
import type { Token } from "../../daemon/protocol/api/generate.ts";

export interface TintScale {
  readonly middle: number;
  /** distance from the middle that is shown at full strength */
  readonly span: number;
}

export interface Tint {
  readonly sign: "+" | "-";
  /** 0 to 1 */
  readonly strength: number;
}

/** The middle is 0 or the mean over the answer: raw projections are rarely centred on 0. Null when nothing was read. */
export function tintScale(tokens: readonly Token[], at: "mean" | "zero"): TintScale | null {
  const readings = tokens.flatMap(({ probes }) => (probes?.[0] === undefined || !Number.isFinite(probes[0]) ? [] : [probes[0]]));
  if (readings.length === 0) return null;
  const middle = at === "zero" ? 0 : readings.reduce((sum, value) => sum + value, 0) / readings.length;
  const distances = readings.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  // The 95th percentile, so that one outlier does not bleach the rest.
  const span = distances[Math.min(distances.length - 1, Math.floor(distances.length * 0.95))]!;
  return { middle, span: span > 0 ? span : 1 };
}

export function tintOf(reading: number | undefined, scale: TintScale | null): Tint | null {
  if (scale === null || reading === undefined || !Number.isFinite(reading)) return null;
  const distance = (reading - scale.middle) / scale.span;
  // In ten steps, so that a running mean does not repaint every token at every frame.
  return { sign: distance < 0 ? "-" : "+", strength: Math.round(Math.min(1, Math.abs(distance)) * 10) / 10 };
}

/** Whether tints by one scale look like tints by the other: a running mean moves at every token. */
export function sameScale(a: TintScale | null, b: TintScale | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a.middle - b.middle) < a.span * 0.02 && Math.abs(a.span - b.span) < a.span * 0.02;
}
