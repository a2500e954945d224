/** Layers as people write them: `3-6`, `2, 5` or nothing for the artifact's own. */
import { layerNumbers, readLayers } from "../../daemon/protocol/rules/layers.ts";

export type Layers = number[] | string;

/** @returns undefined for nothing, null for something that is no list of layers; one range stays one */
export function parseLayers(text: string): Layers | undefined | null {
  if (text.trim() === "") return undefined;
  const layers = readLayers(text);
  if (layers === null) return null;
  return /^\s*\d+\s*[-–]\s*\d+\s*$/.test(text) ? `${layers[0]}-${layers.at(-1)}` : layers;
}

export function layersText(layers: Layers | readonly number[] | undefined): string {
  return layers === undefined ? "" : typeof layers === "string" ? layers : layers.join(", ");
}

/** What is wrong with layers as they were typed, for a model of so many; null: nothing. */
export function layersProblem(text: string, count: number | undefined): string | null {
  const layers = parseLayers(text);
  if (layers === null) return "Layers are written like 3-6 or 2, 5.";
  const highest = layers === undefined ? 0 : Math.max(...layerNumbers(layers)!);
  return count !== undefined && highest >= count ? `There is no layer ${highest}: the model has layers 0 to ${count - 1}.` : null;
}
