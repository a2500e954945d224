/** Whether a receipt speaks of the slider that it is shown under, and how far along it. Pure. */
import type { Control, Scope } from "../../daemon/protocol/preset.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";

/** What differs between the slider's settings and those that were measured; null: nothing. */
export function measuredOtherwise(
  receipt: Receipt,
  control: Control,
  scope: Scope | null,
  artifactLayers: readonly number[],
): string | null {
  const measured = receipt.control;
  const wanted = layerNumbers(control.layers ?? artifactLayers);
  const same =
    (control.mode ?? "add") === measured.mode &&
    (scope ?? "all") === measured.scope &&
    (control.site === undefined || control.site === measured.site) &&
    wanted.join() === layerNumbers(measured.layers).join();
  if (same) return null;
  const where = measured.scope === "all" ? "" : `, ${measured.scope} only`;
  return `measured with other settings: ${measured.mode} at layers ${measured.layers.join(", ")} of ${measured.site}${where}`;
}

/** [1, 2, 3] of `1-3` and of [3, 1, 2]. */
function layerNumbers(layers: readonly number[] | string): number[] {
  if (typeof layers !== "string") return [...new Set(layers)].sort((a, b) => a - b);
  const [from, to = from] = layers.split("-").map(Number) as [number, number?];
  return Array.from({ length: Math.max(0, to! - from + 1) }, (_, i) => from + i);
}

export interface EvidenceRange {
  readonly low: number;
  readonly high: number;
}

/** The strengths with evidence, as far as the slider shows them; null: it shows none. */
export function rangeOnSlider(receipt: Receipt, [low, high]: readonly [number, number]): EvidenceRange | null {
  const range = { low: Math.max(low, receipt.usable.low), high: Math.min(high, receipt.usable.high) };
  return range.low < range.high ? range : null;
}

export function beyondEvidence(receipt: Receipt, strength: number): boolean {
  return strength < receipt.usable.low || strength > receipt.usable.high;
}
