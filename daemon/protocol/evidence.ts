/** What a receipt's figures support, strength by strength. Pure and without zod: the daemon and the page read it alike. */
import { canonicalJson } from "./canonical.ts";
import type { Receipt, ReceiptPoint } from "./receipt.ts";

type Direction = Receipt["direction"];

/** +1 where the score is meant to rise at this strength, −1 where it is meant to fall. */
export function wantedSign(strength: number, direction: Direction): number {
  return Math.sign(strength) * (direction === "up" ? 1 : -1);
}

/** Whether the control works here: the effect goes the way it is meant to, goes beyond random directions, and stays within the bounds. */
export function beatsControl(point: Pick<ReceiptPoint, "strength" | "usable" | "margin" | "effect">, direction: Direction): boolean {
  const { strength, usable, margin, effect } = point;
  if (!usable || margin === null) return false;
  return wantedSign(strength, direction) > 0 ? margin.low > 0 && effect.low > 0 : margin.high < 0 && effect.high < 0;
}

/** How a control acts, as reports name it. */
export interface Acting {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly scope: string;
}

/** Whether the receipt speaks of a control that acts like this one. */
export function isMeasured({ control: measured }: { readonly control: Acting }, { settings, scope }: Acting): boolean {
  return measured.scope === scope && canonicalJson(measured.settings) === canonicalJson(settings);
}

/** The receipt of these very settings, a full one before a quick verdict; else the newest of any. null: nothing was measured. */
export function receiptFor(receipts: readonly Receipt[], acting: Acting): Receipt | null {
  const own = receipts.filter((receipt) => isMeasured(receipt, acting));
  return own.find(({ quick }) => quick === null) ?? own[0] ?? receipts[0] ?? null;
}

/** How far the evidence goes: of a control that works, on each side of 0 to the farthest strength that beats random directions, else to 0. */
export function evidenceRange({ points, direction, verdict }: Pick<Receipt, "points" | "direction" | "verdict">): {
  low: number;
  high: number;
} {
  const works = verdict === "works";
  const shown = points.filter((point) => works && beatsControl(point, direction)).map(({ strength }) => strength);
  return { low: Math.min(0, ...shown), high: Math.max(0, ...shown) };
}

/** Which bound a point is over, worst first; null: none by itself. */
export function overBound(
  { bounds, plain, prompt }: Pick<Receipt, "bounds" | "plain" | "prompt">,
  { damage, unjudged }: ReceiptPoint,
): string | null {
  const fluency = damage.fluency - Math.max(plain.damage.fluency, prompt.damage.fluency);
  const repetition = damage.repetition - plain.damage.repetition;
  if (damage.bitsPerByte > bounds.bitsPerByte) return `held-out text loses ${rise(damage.bitsPerByte, bounds.bitsPerByte)} bits per byte`;
  if (fluency > bounds.fluency) return `answers are less fluent by ${rise(fluency, bounds.fluency)} bits per byte`;
  if (repetition > bounds.repetition) return `answers repeat themselves: ${rise(repetition, bounds.repetition)} of the 4-grams`;
  return unjudged > 0 ? `${Math.round(unjudged * 100)} % of the answers cannot be judged` : null;
}

function rise(value: number, bound: number): string {
  return `+${value.toFixed(2)} of at most +${bound}`;
}

/** Figures at a strength: measured there, or on the straight line between the measured ones beside it. */
export interface Reading {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  readonly bitsPerByte: number;
  readonly measured: boolean;
}

/** null: beyond the strengths that were measured. */
export function readingAt({ points }: Pick<Receipt, "points">, strength: number): Reading | null {
  const after = points.findIndex((point) => point.strength >= strength);
  const right = points[after];
  if (right === undefined) return null;
  if (right.strength === strength) return { ...figuresOf(right), measured: true };
  const left = points[after - 1];
  if (left === undefined) return null;
  const share = (strength - left.strength) / (right.strength - left.strength);
  const [a, b] = [figuresOf(left), figuresOf(right)];
  const between = (name: keyof typeof a): number => a[name] + share * (b[name] - a[name]);
  return {
    effect: between("effect"),
    low: between("low"),
    high: between("high"),
    bitsPerByte: between("bitsPerByte"),
    measured: false,
  };
}

function figuresOf({ effect, damage }: ReceiptPoint): Omit<Reading, "measured"> {
  return { effect: effect.value, low: effect.low, high: effect.high, bitsPerByte: damage.bitsPerByte };
}
