/** How the values of the found neurons are spread in each language: quantiles of act(g) over a sample of the windows. */
import type { Tensor } from "../../compiler/types.ts";
import type { Lab } from "../contract.ts";
import { QUANTILES } from "./body.ts";
import type { Result } from "./found.ts";

/** Tokens of each language: the outermost quantiles rest on forty of them. */
const SAMPLE = 4096;

/** @returns [K × U × Q] */
export async function sampled(
  { union, places }: Result,
  windows: readonly (readonly Int32Array[])[],
  lab: Pick<Lab, "tap" | "signal">,
  progress: (fraction: number) => void,
): Promise<Tensor> {
  const [K, U, Q] = [windows.length, union.length, QUANTILES.length];
  const data = new Float32Array(K * U * Q);
  const layers = [...new Set(places.map(({ layer }) => layer))].sort((a, b) => a - b);
  for (const [k, all] of windows.entries()) {
    const values = places.map((): number[] => []);
    const chosen = spaced(all, Math.ceil(SAMPLE / all[0]!.length));
    for (const [index, window] of chosen.entries()) {
      lab.signal.throwIfAborted();
      if (U === 0) break;
      const { sites } = await lab.tap({ prompt: null, tokens: [...window], sites: ["mlp.act"], layers, logits: false, plan: null });
      const byLayer = new Map(sites.map((site) => [site.layer, site]));
      places.forEach(({ layer, index: j }, u) => {
        const { data: tapped, width } = byLayer.get(layer)!;
        for (let t = 0; t < window.length; t++) values[u]!.push(tapped[t * width + j]!);
      });
      progress((k + (index + 1) / chosen.length) / K);
    }
    values.forEach((list, u) => {
      const sorted = Float32Array.from(list).sort();
      QUANTILES.forEach((share, q) => {
        data[(k * U + u) * Q + q] = sorted[Math.round(share * (sorted.length - 1))]!;
      });
    });
  }
  return { shape: [K, U, Q], data };
}

/** So many of them, evenly over all. */
function spaced<T>(list: readonly T[], count: number): T[] {
  const n = Math.min(count, list.length);
  return Array.from({ length: n }, (_, i) => list[Math.floor((i * list.length) / n)]!);
}
