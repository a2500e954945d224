/**
 * LAPE: which neurons fire for one or few languages (Tang et al. 2024, arXiv 2402.16438; steps and defaults as in the authors' code).
 * Neurons of all layers are numbered through: n = Σ f. Pure.
 *
 * p[j,k] = share of language k's tokens at which act(g_j) > 0; q[j,·] = p[j,·] / Σ_k p[j,k];
 * entropy[j] = −Σ_k q ln q. A neuron that no language makes fire above τ_filter, a quantile of all p, is left out; of the others
 * those with the smallest entropy in the whole model are taken, and language k owns those of them with p[j,k] > τ_bar.
 */

export interface LapeSettings {
  /** share of the model's neurons that are taken */
  readonly rate: number;
  /** quantile of all p that a neuron must pass in some language */
  readonly filter: number;
  /** quantile of all p above which a language owns a neuron that was taken */
  readonly bar: number;
}

export interface Lape {
  /** [n]; Infinity where no language passes the filter */
  readonly entropy: Float64Array;
  /** taken, in rising order of number */
  readonly taken: Int32Array;
  readonly thresholds: { readonly filter: number; readonly bar: number };
  /** per language: neurons that it owns, rising; one neuron may have several owners, or none */
  readonly owned: readonly Int32Array[];
}

/** @param rates per language: p [n] */
export function lape(rates: readonly Float64Array[], { rate, filter, bar }: LapeSettings): Lape {
  const n = rates[0]!.length;
  const sorted = pooled(rates);
  const thresholds = { filter: ranked(sorted, filter), bar: ranked(sorted, bar) };
  const entropy = Float64Array.from({ length: n }, (_, j) => {
    if (!rates.some((p) => p[j]! > thresholds.filter)) return Number.POSITIVE_INFINITY;
    return entropyOf(rates, j);
  });
  const order = Array.from({ length: n }, (_, j) => j).sort((a, b) => compare(entropy[a]!, entropy[b]!) || a - b);
  const taken = Int32Array.from(order.slice(0, rounded(rate * n)).filter((j) => Number.isFinite(entropy[j]!))).sort();
  return { entropy, taken, thresholds, owned: rates.map((p) => taken.filter((j) => p[j]! > thresholds.bar)) };
}

function entropyOf(rates: readonly Float64Array[], j: number): number {
  let total = 0;
  for (const p of rates) total += p[j]!;
  if (total === 0) return 0;
  let entropy = 0;
  for (const p of rates) {
    const q = p[j]! / total;
    if (q > 0) entropy -= q * Math.log(q);
  }
  return entropy;
}

function pooled(rates: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rates.length * rates[0]!.length);
  rates.forEach((p, k) => {
    all.set(p, k * p.length);
  });
  return all.sort();
}

/** The value at rank round(share · count), counted from 1. */
function ranked(sorted: Float64Array, share: number): number {
  return sorted[Math.min(Math.max(rounded(share * sorted.length), 1), sorted.length) - 1]!;
}

/** Halves go to the even neighbour, as in Python, in which the published code rounds. */
function rounded(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
