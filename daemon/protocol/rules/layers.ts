/** Layers as people and presets write them, counted from 0, both ends of a range among them. Without zod, so that the page may have it. */

export const HIGHEST_LAYER = 1023;

const RANGE = /^(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?$/;

/** `3`, `0,2,5`, `3-6`, `1, 4-6` or `2 5`. @returns ascending, none twice; null for what is no list of layers or runs backwards */
export function readLayers(text: string): number[] | null {
  const layers = new Set<number>();
  // spaces part layers as commas do, but not the two ends of a range
  for (const part of text
    .trim()
    .replaceAll(/\s*[-–]\s*/g, "-")
    .split(/\s*,\s*|\s+/)) {
    const match = RANGE.exec(part);
    if (match === null) return null;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (last < first || last > HIGHEST_LAYER) return null;
    for (let layer = first; layer <= last; layer++) layers.add(layer);
  }
  return [...layers].sort((a, b) => a - b);
}

/** The layers of a preset, which writes them as a list or as text. null: as `readLayers` */
export function layerNumbers(layers: readonly number[] | string): readonly number[] | null {
  return typeof layers === "string" ? readLayers(layers) : layers;
}

/** 2, 0, 1, 5 → `0-2, 5`, as `readLayers` reads it. */
export function writeLayers(layers: readonly number[]): string {
  const sorted = [...new Set(layers)].sort((a, b) => a - b);
  const runs: [first: number, last: number][] = [];
  for (const layer of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === layer - 1) run[1] = layer;
    else runs.push([layer, layer]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}
