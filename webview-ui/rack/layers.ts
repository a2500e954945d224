/** Layers as people write them: `3-6`, `2, 5` or nothing for the artifact's own. */
import type { Control } from "../../daemon/protocol/preset.ts";

export type Layers = NonNullable<Control["layers"]>;

/** @returns undefined for nothing, null for something that is no list of layers */
export function parseLayers(text: string): Layers | undefined | null {
  const trimmed = text.trim().replaceAll("–", "-");
  if (trimmed === "") return undefined;
  const range = /^(\d{1,4})\s*-\s*(\d{1,4})$/.exec(trimmed);
  if (range !== null) return Number(range[1]) <= Number(range[2]) ? `${Number(range[1])}-${Number(range[2])}` : null;
  const parts = trimmed.split(/[\s,]+/).filter((part) => part !== "");
  if (!parts.every((part) => /^\d{1,4}$/.test(part)) || parts.some((part) => Number(part) > 1023)) return null;
  return [...new Set(parts.map(Number))].sort((a, b) => a - b);
}

export function layersText(layers: Control["layers"]): string {
  return layers === undefined ? "" : typeof layers === "string" ? layers : layers.join(", ");
}

/** What is wrong with layers as they were typed, for a model of so many; null: nothing. */
export function layersProblem(text: string, count: number | undefined): string | null {
  const layers = parseLayers(text);
  if (layers === null) return "Layers are written like 3-6 or 2, 5.";
  const highest = layers === undefined ? 0 : Math.max(...(typeof layers === "string" ? layers.split("-").map(Number) : layers));
  return count !== undefined && highest >= count ? `There is no layer ${highest}: the model has layers 0 to ${count - 1}.` : null;
}
