/** Layers that are tried: single ones over the depth of the model, and several at once. */
import { formatLayers } from "../../../compiler/report.ts";

export interface Candidate {
  readonly id: string;
  readonly layers: readonly number[];
}

/** Single layers that are tried at most; deeper models are sampled evenly. */
const SINGLES = 8;
/** Groups are so large a part of the model. */
const PART = 5;

/** @param live layers that can be steered, rising */
export function candidatesOf(live: readonly number[]): Candidate[] {
  // the last layer only moves what is written next, and the first ones are words: both ends are tried once, no closer
  const count = Math.min(SINGLES, live.length);
  const at = (share: number): number => live[Math.min(live.length - 1, Math.round(share * (live.length - 1)))]!;
  const singles = Array.from({ length: count }, (_, i) => at(count === 1 ? 0 : i / (count - 1)));
  const size = Math.max(2, Math.round(live.length / PART));
  const groups = [0.25, 0.5, 0.75].map((middle) => {
    const start = Math.max(0, Math.min(live.length - size, Math.round(middle * (live.length - 1) - (size - 1) / 2)));
    return live.slice(start, start + size);
  });
  const all = [...singles.map((layer) => [layer]), ...(live.length > 2 ? groups : [])];
  return [...new Map(all.map((layers) => [layers.join(), { id: formatLayers(layers), layers }])).values()];
}
