/** The receipt in one line, for under the slider. */
import { evidenceRange } from "../../protocol/evidence.ts";
import type { Estimate, Receipt } from "../../protocol/receipt.ts";

export type Summarised = Pick<Receipt, "title" | "judge" | "direction" | "points" | "plain" | "prompt" | "best" | "verdict" | "usable">;

export function summaryOf(receipt: Summarised): string {
  const { title, judge, points, plain, prompt, best, verdict, usable } = receipt;
  const point = points.find(({ strength }) => strength === best);
  if (point === undefined) return `no usable strength: ${title} damages the model beyond the bounds at every strength measured`;
  const shown = verdict === "effect";
  // a label's score is 1 or 0, so its mean is a share
  const unit = judge.choice.label === undefined ? "" : " of answers";
  const effect = `${title} ${signed(point.effect.value)}${unit} ${interval(point.effect)} at ${plainNumber(point.strength)} (N ${point.n})`;
  const random = point.random === null ? "" : `, random control ${signed(point.random.value)}`;
  // what was decided by, where the effect alone looks like one
  const margin = shown || point.margin === null ? "" : `, difference ${signed(point.margin.value)} ${interval(point.margin)}`;
  const fluency = point.damage.fluency - Math.max(plain.damage.fluency, prompt.damage.fluency);
  const damage = `damage ${signed(point.damage.bitsPerByte)} bits per byte of text, ${signed(fluency)} of answers`;
  const head = { effect: "", "no effect": "no effect beyond random directions: ", "too few answers": "too few answers to tell: " }[verdict];
  const range = shown ? `evidence ${reach(evidenceRange(receipt))}` : `within the damage bounds ${reach(usable)}`;
  return `${head}${effect}${random}${margin}, prompt ${signed(prompt.effect.value)}; ${damage}; ${range}`;
}

function reach({ low, high }: { readonly low: number; readonly high: number }): string {
  return low < 0 ? `from ${plainNumber(low)} to ${plainNumber(high)}` : `to ${plainNumber(high)}`;
}

function interval({ low, high }: Estimate): string {
  return `[${plainNumber(low)}, ${plainNumber(high)}]`;
}

function signed(value: number): string {
  const text = plainNumber(value);
  return text.startsWith("−") || Number(text) === 0 ? text : `+${text}`;
}

function plainNumber(value: number): string {
  const fixed = Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1));
  return String(fixed === 0 ? 0 : fixed).replace("-", "−");
}
