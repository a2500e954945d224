/** The largest strength whose damage stays under the bounds, on each side that was swept: bisection on top of the sweep. */
import { STRENGTH_LIMIT } from "../../protocol/preset.ts";

/** Beyond the sweep the strength is doubled at most so often. */
const DOUBLINGS = 3;
/** The bracket ends at this share of the strength. */
const PRECISION = 0.04;
/** Below this share of the weakest swept strength a slider is as good as off. */
const SMALLEST = 0.01;

export interface Calibration {
  readonly low: number | null;
  readonly high: number | null;
  /** ends at which even the strongest that was tried is under the bounds */
  readonly open: ("low" | "high")[];
  /** strengths that were measured beyond those of the sweep */
  readonly steps: number;
}

/** @param under whether a strength is under the bounds; those of the sweep are known to it */
export async function calibrate(strengths: readonly number[], under: (strength: number) => Promise<boolean>): Promise<Calibration> {
  const swept = new Set(strengths);
  let steps = 0;
  const counted = (strength: number): Promise<boolean> => {
    if (!swept.has(strength)) steps++;
    return under(strength);
  };
  const open: Calibration["open"] = [];
  const side = async (sign: 1 | -1): Promise<number | null> => {
    const sizes = strengths
      .filter((strength) => strength * sign > 0)
      .map(Math.abs)
      .sort((a, b) => a - b);
    if (sizes.length === 0) return null;
    const { good, bad } = await largest(sizes, (size) => counted(sign * size));
    if (bad === null) open.push(sign > 0 ? "high" : "low");
    return sign * good;
  };
  const high = await side(1);
  const low = await side(-1);
  return { low: low === null ? null : low + 0, high, open, steps };
}

/** The largest size under the bounds that was found, and the smallest over them; null: none was. */
async function largest(
  sizes: readonly number[],
  under: (size: number) => Promise<boolean>,
): Promise<{ readonly good: number; readonly bad: number | null }> {
  let good = 0;
  let bad: number | null = null;
  for (const size of sizes) {
    if (await under(size)) good = size;
    else {
      bad = size;
      break;
    }
  }
  for (let i = 0; bad === null && i < DOUBLINGS && good * 2 <= STRENGTH_LIMIT; i++) {
    if (await under(good * 2)) good *= 2;
    else bad = good * 2;
  }
  while (bad !== null && bad > SMALLEST * sizes[0]! && bad - good > PRECISION * bad) {
    const middle = Number(((good + bad) / 2).toPrecision(4));
    if (middle <= good || middle >= bad) break;
    if (await under(middle)) good = middle;
    else bad = middle;
  }
  return { good, bad };
}
