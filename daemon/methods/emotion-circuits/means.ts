/**
 * Means by emotion over groups, at the last prompt token: what directions, difference vectors and contributions are made of
 * (methods card, steps 3, 4 and 8). A group is one scenario with one event under all E emotions:
 * x̃_{g,e} = x_{g,e} − mean_{e'} x_{g,e'}; C_e = mean_g x̃_{g,e}. Everything is linear, so one pass over the groups is enough.
 */
import { norm } from "../shared/numbers.ts";

/** L layers, width d, f neurons, H heads of dh. */
export interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly neurons: number;
  readonly heads: number;
  readonly headDim: number;
}

export const SITES_READ = ["attn", "mlp", "mid", "heads"] as const;
export type SiteRead = (typeof SITES_READ)[number];

/** Where the residual is read: behind attention, and behind the MLP. */
export const SUBLAYERS = ["attn", "mlp"] as const;
export type Sublayer = (typeof SUBLAYERS)[number];

/** One prompt: residual after attention and after the MLP [L × d], m [L × f], z [L × H·dh]. */
export type Reading = Readonly<Record<SiteRead, Float32Array>>;

export function widthsOf({ width, neurons, heads, headDim }: Shape): Record<SiteRead, number> {
  return { attn: width, mlp: width, mid: neurons, heads: heads * headDim };
}

type Sums = Record<SiteRead, Float64Array>;

export class GroupMeans {
  readonly shape: Shape;
  /** groups of each emotion that count */
  readonly counts: number[];
  readonly #centred: Sums[];
  readonly #mid: Float64Array[];
  readonly #sigma: Record<Sublayer, Float64Array>;

  constructor(shape: Shape, emotions: number) {
    this.shape = shape;
    this.counts = new Array<number>(emotions).fill(0);
    const widths = widthsOf(shape);
    const zeros = (site: SiteRead): Float64Array => new Float64Array(shape.layers * widths[site]);
    this.#centred = this.counts.map(() => ({ attn: zeros("attn"), mlp: zeros("mlp"), mid: zeros("mid"), heads: zeros("heads") }));
    this.#mid = this.counts.map(() => zeros("mid"));
    this.#sigma = { attn: new Float64Array(shape.layers), mlp: new Float64Array(shape.layers) };
  }

  /** @param readings of one group, one for each emotion @param counted which of them count, each centred by all */
  add(readings: readonly Reading[], counted: readonly boolean[]): void {
    const E = readings.length;
    for (const site of SITES_READ) {
      const size = readings[0]![site].length;
      const centre = new Float64Array(size);
      for (const reading of readings) for (let i = 0; i < size; i++) centre[i]! += reading[site][i]! / E;
      readings.forEach((reading, e) => {
        if (counted[e] !== true) return;
        const sum = this.#centred[e]![site];
        for (let i = 0; i < size; i++) sum[i]! += reading[site][i]! - centre[i]!;
      });
    }
    readings.forEach((reading, e) => {
      if (counted[e] !== true) return;
      this.counts[e]!++;
      const sum = this.#mid[e]!;
      for (let i = 0; i < sum.length; i++) sum[i]! += reading.mid[i]!;
      this.#addSigma(reading);
    });
  }

  #addSigma(reading: Reading): void {
    const { layers, width } = this.shape;
    for (const site of SUBLAYERS)
      for (let l = 0; l < layers; l++) this.#sigma[site][l]! += norm(reading[site].subarray(l * width, (l + 1) * width)) / Math.sqrt(width);
  }

  /** C_e of each emotion at a site, [L × width]. */
  centred(site: SiteRead): Float64Array[] {
    return this.#centred.map((sums, e) => sums[site].map((value) => value / Math.max(1, this.counts[e]!)));
  }

  /** Mean of m over an emotion's own samples, [L × f]. */
  meanMid(emotion: number): Float64Array {
    return this.#mid[emotion]!.map((value) => value / Math.max(1, this.counts[emotion]!));
  }

  /** σ: mean root mean square of the residual at both sites over all samples, by layer. */
  sigma(): Record<Sublayer, Float64Array> {
    const samples = Math.max(
      1,
      this.counts.reduce((sum, count) => sum + count, 0),
    );
    return { attn: this.#sigma.attn.map((sum) => sum / samples), mlp: this.#sigma.mlp.map((sum) => sum / samples) };
  }
}

/** v_e = unit(C_e − mean_{e'} C_{e'}) at each layer; a layer at which nothing differs has zeros. @param centred C_e, [L × d] each */
export function directionsOf(centred: readonly Float64Array[], layers: number): Float64Array[] {
  const size = centred[0]!.length;
  const width = size / layers;
  const centre = new Float64Array(size);
  for (const one of centred) for (let i = 0; i < size; i++) centre[i]! += one[i]! / centred.length;
  return centred.map((one) => {
    const out = one.map((value, i) => value - centre[i]!);
    for (let l = 0; l < layers; l++) {
      const row = out.subarray(l * width, (l + 1) * width);
      const length = norm(row);
      if (length > 0) for (let i = 0; i < width; i++) row[i]! /= length;
    }
    return out;
  });
}
