/** `direction/…` with a strength: one op per layer. See README.md for formulas and units. */

import { formatLayers } from "../../compiler/report.ts";
import type { ControlInput, LoadedArtifact } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { DirectionOp, Op, ProbeSpec } from "../../protocol/ops.ts";
import { bodyOf } from "./body.ts";
import { layerDirection } from "./direction.ts";
import { checkPlaces, type Settings } from "./settings.ts";

export function opsOf(input: ControlInput<Settings>): Op[] {
  if (input.strength === 0) return [];
  checkPlaces(input);
  return input.settings.layers.map((layer) => opAt(input, layer));
}

export function placesOf(input: ControlInput<Settings>): { site: Settings["site"]; layer: number }[] {
  checkPlaces(input);
  const { site, layers } = input.settings;
  return layers.map((layer) => ({ site, layer }));
}

export function describe({ settings: { mode, layers } }: ControlInput<Settings>): { text: string } {
  return { text: `${mode === "add" ? "" : `(${mode}) `}at ${formatLayers(layers)}` };
}

/** A direction artifact read as a probe: c = uᵀx, u the unit direction at the artifact's probe layer. */
export function directionProbe(id: string, artifact: LoadedArtifact): ProbeSpec {
  const { site, probeLayer } = bodyOf(artifact.meta);
  return { id, site, layer: probeLayer, vector: layerDirection(artifact, probeLayer).unit };
}

/** Units: strength 1 adds the artifact's unit of the gap between the two classes' means; a target of ±1 is one of those means. */
function opAt({ artifact, settings: { mode, site }, name: control, scope, strength }: ControlInput<Settings>, layer: number): Op {
  const { unit, vector, gap, mid } = layerDirection(artifact, layer);
  const { unit: gaps = 1 } = bodyOf(artifact.meta);
  // written out: to spread an object and add to it takes 4 µs, and a moved slider makes one op per layer
  const along = (way: DirectionOp["mode"], amount: number): DirectionOp => {
    return { kind: "direction", mode: way, site, layer, control, scope, vector: unit, amount };
  };
  switch (mode) {
    case "add":
      return { kind: "element", mode, site, layer, control, scope, indices: null, values: vector, amount: strength * gaps };
    case "scale":
      return along("scale", 1 + strength);
    case "ablate":
      return along("scale", 1 - strength);
    case "set":
    case "floor":
    case "ceil":
      return along(mode, mid + (strength * gap) / 2);
    case "rotate":
      return along("rotate", strength * gaps * gap);
    default:
      mode satisfies never;
      throw new TillerError("internal", "unknown control mode");
  }
}
