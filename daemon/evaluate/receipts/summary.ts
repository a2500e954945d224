/** The receipt in one line, for under the slider. */
import { evidenceRange } from "../../protocol/evidence.ts";
import type { Estimate, Receipt } from "../../protocol/receipt.ts";

export type Summarised = Pick<
  Receipt,
  "title" | "judge" | "direction" | "points" | "plain" | "prompt" | "best" | "verdict" | "less" | "usable"
>;

export function summaryOf(receipt: Summarised): string {
  const { title, judge, points, plain, prompt, best, verdict, usable } = receipt;
  const point = points.find(({ strength }) => strength === best);
  if (point === undefined) return `no usable strength: ${title} damages the model beyond the bounds at every strength measured`;
  const shown = verdict === "works";
  // a label's score is 1 or 0, so its mean is a share
  const unit = judge.choice.label === undefined ? "" : " of answers";
  const effect = `${title} ${signed(point.effect.value)}${unit} ${interval(point.effect)} at ${plainNumber(point.strength)} (N ${point.n})`;
  const random = point.random === null ? "" : `, random control ${signed(point.random.value)}`;
  // what was decided by, where the effect alone looks like one
  const margin = shown || point.margin === null ? "" : `, difference ${signed(point.margin.value)} ${interval(point.margin)}`;
  const fluency = point.damage.fluency - Math.max(plain.damage.fluency, prompt.damage.fluency);
  const damage = `damage ${signed(point.damage.bitsPerByte)} bits per byte of text, ${signed(fluency)} of answers`;
  const head = headOf(receipt);
  const range = shown ? `evidence ${reach(evidenceRange(receipt))}` : `within the damage bounds ${reach(usable)}`;
  return `${head}${effect}${random}${margin}, prompt ${signed(prompt.effect.value)}; ${damage}; ${range}`;
}

/** The verdict in words, as every surface says it. */
function headOf({ verdict, less, judge }: Pick<Receipt, "verdict" | "less" | "judge">): string {
  if (verdict === "works") return "works: ";
  if (verdict !== "does less") return "too few answers to tell: ";
  if (less === 0) return "does nothing that way beyond random directions: ";
  // a bound is rounded up
  const digits = less! < 10 ? 100 : 10;
  const bound = plainNumber(Math.ceil(less! * digits) / digits);
  return `does less than +${bound}${judge.choice.label === undefined ? "" : " of answers"} beyond random directions: `;
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
