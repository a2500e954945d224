/** `direction/…`: one vector per layer, added, removed or held. See README.md for formulas and units. */
import type { ControlInput, LoadedArtifact, MethodCompiler } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { DirectionOp, Op, ProbeSpec } from "../../protocol/ops.ts";
import type { ControlMode } from "../../protocol/preset.ts";
import { layerNumbers } from "../../protocol/rules/layers.ts";
import { SITE_INFO, type SiteName } from "../../protocol/sites.ts";
import { layerDirection } from "./direction.ts";

export const directions: MethodCompiler = {
  kind: "direction",
  compile(input) {
    if (input.strength === 0) return [];
    const { mode, site, layers } = settings(input);
    return layers.map((layer) => opAt(input, mode, site, layer));
  },
  describe: settings,
};

/** A direction artifact read as a probe: c = uᵀx, u the unit direction at the artifact's probe layer. */
export function directionProbe(id: string, artifact: LoadedArtifact): ProbeSpec {
  const { site, probeLayer } = artifact.meta;
  return { id, site, layer: probeLayer, vector: layerDirection(artifact, probeLayer).unit };
}

function settings({ control, artifact, model, name }: ControlInput): { mode: ControlMode; site: SiteName; layers: number[] } {
  const site = control.site ?? artifact.meta.site;
  if (SITE_INFO[site].width !== SITE_INFO[artifact.meta.site].width) {
    throw new TillerError(
      "bad-preset",
      `controls.${name}.site: ${artifact.meta.id} was found at ${artifact.meta.site}; its vectors do not fit ${site}`,
      { field: `controls.${name}.site` },
    );
  }
  const layers = control.layers === undefined ? [...artifact.meta.layers] : parseLayers(control.layers);
  for (const layer of layers) {
    if (layer >= model.facts.layers)
      throw new TillerError(
        "out-of-range",
        `controls.${name}.layers: layer ${layer} does not exist; ${model.id} has layers 0 to ${model.facts.layers - 1}`,
        { field: `controls.${name}.layers` },
      );
  }
  return { mode: control.mode ?? "add", site, layers: [...new Set(layers)].sort((a, b) => a - b) };
}

function parseLayers(layers: readonly number[] | string): readonly number[] {
  const numbers = layerNumbers(layers);
  if (numbers === null) throw new TillerError("bad-preset", `layers: '${layers}' runs backwards`, { field: "layers" });
  return numbers;
}

/** Units: strength 1 adds the whole gap between the two classes' means; a target of ±1 is one of those means. */
function opAt(input: ControlInput, mode: ControlMode, site: SiteName, layer: number): Op {
  const { unit, vector, gap, mid } = layerDirection(input.artifact, layer);
  const { name: control, scope, strength } = input;
  // written out: to spread an object and add to it takes 4 µs, and a moved slider makes one op per layer
  const along = (way: DirectionOp["mode"], amount: number): DirectionOp => {
    return { kind: "direction", mode: way, site, layer, control, scope, vector: unit, amount };
  };
  switch (mode) {
    case "add":
      return { kind: "element", mode, site, layer, control, scope, indices: null, values: vector, amount: strength };
    case "scale":
      return along("scale", 1 + strength);
    case "ablate":
      return along("scale", 1 - strength);
    case "set":
    case "floor":
    case "ceil":
      return along(mode, mid + (strength * gap) / 2);
    case "rotate":
      return along("rotate", strength * gap);
    default:
      mode satisfies never;
      throw new TillerError("internal", "unknown control mode");
  }
}
