/** Whether a receipt speaks of the slider that it is shown under, how far along it, and what of it at one strength. Pure. */
import type { Settings } from "../../daemon/protocol/evaluation.ts";
import { type Acting, evidenceRange, isMeasured, overBound, readingAt } from "../../daemon/protocol/evidence.ts";
import type { Control, Scope } from "../../daemon/protocol/preset.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { formatStrength } from "../rack/range.ts";

/** What differs between the slider's settings and those that were measured; null: nothing. */
export function measuredOtherwise(receipt: Receipt, acting: Acting): string | null {
  if (isMeasured(receipt, acting)) return null;
  const { text, scope } = receipt.control;
  return `measured with other settings: ${text}${scope === "all" ? "" : `, ${scope} only`}`;
}

export interface EvidenceRange {
  readonly low: number;
  readonly high: number;
}

/** What the mark along the slider shows: strengths with evidence or, where none is shown to work, those without damage. null: none. */
export function rangeOnSlider(receipt: Receipt, [low, high]: readonly [number, number]): EvidenceRange | null {
  const shown = receipt.verdict === "works" ? evidenceRange(receipt) : receipt.usable;
  const range = { low: Math.max(low, shown.low), high: Math.min(high, shown.high) };
  return range.low < range.high ? range : null;
}

/** What the figures say of this very strength where the summary does not hold for it; null: nothing to add. */
export function noteAt(receipt: Receipt, strength: number): string | null {
  const { points, usable, verdict } = receipt;
  if (strength < points[0]!.strength || strength > points.at(-1)!.strength) {
    const ends = [points[0]!.strength, points.at(-1)!.strength].map(formatStrength);
    return `Beyond what was measured (${ends[0]} to ${ends[1]})`;
  }
  if (strength < usable.low || strength > usable.high) {
    // the nearest strength that was measured and found over its bounds
    const over = points.filter((point) => !point.usable && point.strength * strength > 0);
    const nearest = over.sort((a, b) => Math.abs(a.strength - strength) - Math.abs(b.strength - strength))[0];
    const why = nearest === undefined ? null : overBound(receipt, nearest);
    const at = nearest === undefined || nearest.strength === strength ? "" : ` at ${formatStrength(nearest.strength)}`;
    return `Over the damage bounds${why === null ? "" : `:${at} ${why}`}`;
  }
  const { low, high } = evidenceRange(receipt);
  if (verdict === "works" && (strength < low || strength > high)) {
    const end = formatStrength(strength < low ? low : high);
    return `${strength < low ? "Below" : "Above"} ${end} it is not shown to do more than random directions`;
  }
  return null;
}

/** The figures at the slider's strength, where the summary speaks of another one: "at 0.4 about +0.43 …". */
export function readingText(receipt: Receipt, strength: number): string | null {
  const reading = strength === 0 || strength === receipt.best ? null : readingAt(receipt, strength);
  if (reading === null) return null;
  const { effect, low, high, bitsPerByte, measured } = reading;
  const unit = receipt.judge.choice.label === undefined ? "" : " of answers";
  const about = measured ? "" : "about ";
  return `At ${formatStrength(strength)}: ${receipt.title} ${about}${change(effect)}${unit} [${figure(low)}, ${figure(high)}], damage ${change(bitsPerByte)} bits per byte of text`;
}

function change(value: number): string {
  const text = figure(value);
  return text.startsWith("−") || text === "0" ? text : `+${text}`;
}

/** Two digits behind the point; a number that rounds to nothing is 0. */
export function figure(value: number): string {
  const text = Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1);
  return (Number(text) === 0 ? "0" : text).replace("-", "−");
}

/** Never farther from 0 than it is. */
export function towardsZero(value: number): string {
  return figure(Math.trunc(value * 100) / 100);
}

const STRENGTHS = 4;

/** What a slider of this range is measured at: four strengths on each side of 0 that it reaches. */
export function strengthsOf([low, high]: readonly [number, number]): number[] {
  const side = (end: number): number[] => Array.from({ length: STRENGTHS }, (_, i) => Number(((end * (i + 1)) / STRENGTHS).toPrecision(3)));
  return [...(low < 0 ? side(low).reverse() : []), ...(high > 0 ? side(high) : [])];
}

/** The slider's settings, where they are not the artifact's own. */
export function settingsOf({ with: own = {} }: Control, scope: Scope | null): Settings | null {
  const settings = { ...(Object.keys(own).length === 0 ? {} : { with: own }), ...(scope === null ? {} : { scope }) };
  return Object.keys(settings).length === 0 ? null : settings;
}
