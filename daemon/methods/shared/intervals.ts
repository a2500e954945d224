/** A figure with its 95 % interval as three columns of a table. Pure. */
import type { Estimate } from "../../protocol/receipt.ts";

/** What reports are given to reckon intervals with. */
export interface Intervals {
  /** mean of the clusters' means with its 95 % interval */
  interval(clusters: readonly (readonly number[])[]): Estimate;
}

export function intervalColumns(key: string, title: string): { key: string; title: string }[] {
  return [
    { key, title },
    { key: `${key}Low`, title: "from" },
    { key: `${key}High`, title: "to" },
  ];
}

export function intervalCells(key: string, { value, low, high }: Estimate): Record<string, number> {
  return { [key]: value, [`${key}Low`]: low, [`${key}High`]: high };
}
