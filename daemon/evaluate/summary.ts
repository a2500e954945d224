/** The receipt in one line, for under the slider. */
import type { Estimate, Receipt } from "../protocol/receipt.ts";

export function summaryOf(receipt: Pick<Receipt, "title" | "points" | "prompt" | "best" | "verdict" | "usable">): string {
  const { title, points, prompt, best, verdict, usable } = receipt;
  const point = points.find(({ strength }) => strength === best);
  if (point === undefined) return `no usable strength: ${title} damages the model beyond the bounds at every strength measured`;
  const effect = `${title} ${estimate(point.effect)} at ${plainNumber(point.strength)} (N ${point.n})`;
  const control = point.random === null ? "" : `, random control ${signed(point.random.value)}`;
  const damage = `damage ${signed(point.damage.bitsPerByte)} bits per byte`;
  const range =
    usable.low < 0 ? `evidence from ${plainNumber(usable.low)} to ${plainNumber(usable.high)}` : `evidence to ${plainNumber(usable.high)}`;
  return `${verdict === "effect" ? "" : "no effect: "}${effect}${control}, prompt ${signed(prompt.effect.value)}; ${damage}; ${range}`;
}

function estimate({ value, low, high }: Estimate): string {
  return `${signed(value)} [${plainNumber(low)}, ${plainNumber(high)}]`;
}

function signed(value: number): string {
  const text = plainNumber(value);
  return text.startsWith("−") || Number(text) === 0 ? text : `+${text}`;
}

function plainNumber(value: number): string {
  const fixed = Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1));
  return String(fixed === 0 ? 0 : fixed).replace("-", "−");
}
