/** How well emotions can be told apart at each layer: groups of one half by the directions of the other, both ways. */
import { project } from "../shared/separation.ts";
import { directionsOf } from "./means.ts";
import { rowAt } from "./reference.ts";

/** @param kept residuals by group and emotion, [L × d] @returns by layer: share of prompts whose own direction is the one they lie furthest along */
export function separability(kept: readonly (readonly Float32Array[])[], layers: number): number[] {
  if (kept.length < 2) return [];
  const right = new Array<number>(layers).fill(0);
  let all = 0;
  const centred = kept.map(centre);
  for (const half of [0, 1]) {
    const learn = centred.filter((_, g) => g % 2 !== half);
    const directions = directionsOf(
      learn[0]!.map((first, e) => first.map((_, i) => learn.reduce((sum, group) => sum + group[e]![i]! / learn.length, 0))),
      layers,
    );
    for (const group of centred.filter((_, g) => g % 2 === half))
      group.forEach((row, e) => {
        all++;
        for (let layer = 0; layer < layers; layer++) {
          const x = rowAt(row, layer, layers);
          const along = directions.map((direction) => project(x, rowAt(direction, layer, layers)));
          if (along.indexOf(Math.max(...along)) === e) right[layer]!++;
        }
      });
  }
  return right.map((count) => count / all);
}

function centre(group: readonly Float32Array[]): Float64Array[] {
  const mean = Float64Array.from(group[0]!, (_, i) => group.reduce((sum, row) => sum + row[i]! / group.length, 0));
  return group.map((row) => Float64Array.from(row, (value, i) => value - mean[i]!));
}
