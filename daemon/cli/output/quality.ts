/** How well a direction separates pairs that it was not found from, as far as so many pairs can tell. Pure. */
import { bodyOf } from "../../methods/directions/body.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { table } from "./output.ts";

type Made = Pick<Artifact, "body">;

const FEW_HELD_OUT = 5;
const HARDLY = 0.75;
/** A deviation this small beside the gap is that of copies. */
const LARGEST_D_PRIME = 100;

export function dPrimeText(dPrime: number, heldOut: number): string {
  return heldOut < FEW_HELD_OUT || Math.abs(dPrime) > LARGEST_D_PRIME ? "–" : dPrime.toFixed(2);
}

/** `0.98 (N 5)`; null: nothing was held out. */
export function bestQuality(made: Made): string | null {
  const { quality, heldOut } = bodyOf(made);
  if (quality.length === 0) return null;
  return `AUROC ${Math.max(...quality.map(({ auroc }) => auroc)).toFixed(2)} (N ${heldOut})`;
}

export function qualityTable(made: Made): string {
  const { quality, layers, heldOut } = bodyOf(made);
  const rows = quality.map(({ layer, auroc, dPrime }) => [
    String(layer),
    auroc.toFixed(3),
    dPrimeText(dPrime, heldOut),
    layers.includes(layer) ? "used" : "",
  ]);
  return table(rows, ["layer", `AUROC (N ${heldOut} held out)`, "d'", ""]);
}

/** @param given pairs before repeated ones were left out; null: the model wrote them @param wanted layers that were asked for */
export function qualityWarnings(made: Made, given: number | null, wanted: number | undefined): string[] {
  const { quality, layers, pairs, heldOut } = bodyOf(made);
  const used = pairs + heldOut;
  const measured = quality.filter(({ layer }) => layers.includes(layer)).map(({ auroc }) => auroc);
  const best = measured.length === 0 ? 1 : Math.max(...measured);
  return [
    ...(given !== null && given > used ? [`${given - used} of ${given} pairs were repetitions of others and are left out`] : []),
    ...(best < HARDLY ? [`the two sides hardly differ: AUROC ${best.toFixed(2)} at the layers that are used, where 0.5 is chance`] : []),
    ...(wanted !== undefined && wanted > layers.length ? [`--layers ${wanted}: there are ${layers.length}, and all are used`] : []),
  ];
}
