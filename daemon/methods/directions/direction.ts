/** One layer of a direction artifact. Tensors: `vector` [L × d], what strength 1 adds; `mid` [L], midpoint of the class means along it. */

import type { LoadedArtifact } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SITE_INFO } from "../../protocol/sites.ts";
import { bodyOf } from "./body.ts";

export interface LayerDirection {
  readonly vector: Float32Array;
  /** vector / ‖vector‖ */
  readonly unit: Float32Array;
  /** ‖vector‖: distance of the class means along the unit direction */
  readonly gap: number;
  readonly mid: number;
}

const known = new WeakMap<LoadedArtifact, Map<number, LayerDirection>>();

/** The same object each time, so that its arrays need to be hashed, checked and sent only once. */
export function layerDirection(artifact: LoadedArtifact, layer: number): LayerDirection {
  const layers = known.get(artifact) ?? new Map<number, LayerDirection>();
  const present = layers.get(layer);
  if (present !== undefined) return present;
  const direction = read(artifact, layer);
  known.set(artifact, layers.set(layer, direction));
  return direction;
}

function read(artifact: LoadedArtifact, layer: number): LayerDirection {
  const { id, model } = artifact.meta;
  const tensor = artifact.tensors.get("vector");
  if (tensor === undefined || tensor.shape.length !== 2)
    throw new TillerError("bad-artifact", `${id}: its data holds no tensor 'vector' [layers × width]`);
  const [layers, width] = tensor.shape as [number, number];
  if (layer >= layers)
    throw new TillerError("out-of-range", `${id} has directions for layers 0 to ${layers - 1}, not for ${layer}`, {
      suggestion: `Choose layers below ${layers}.`,
    });
  const { site, layers: own } = bodyOf(artifact.meta);
  if (width !== model.width && SITE_INFO[site].width === "model")
    throw new TillerError("bad-artifact", `${id}: its vectors are ${width} wide, its model ${model.width}`);
  const vector = tensor.data.subarray(layer * width, (layer + 1) * width);
  const gap = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!(gap > 0))
    throw new TillerError("bad-artifact", `${id} has no direction at layer ${layer} (its vector is zero)`, {
      suggestion: `Use the layers that it lists: ${own.join(", ")}.`,
    });
  return { vector, unit: vector.map((value) => value / gap), gap, mid: artifact.tensors.get("mid")?.data[layer] ?? 0 };
}
