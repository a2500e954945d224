/**
 * Prefix scorers beside an answer: V(x, y, z), what is expected of an answer y that goes on with the token z, from the state that z is
 * sampled by. V = Σ_k (a_k·h)·U[z, k] + U[z, r] + s·h + b for a token that goes on, e·h + c for one that ends the answer; the products
 * with h are probes, so that a value costs no forward pass (daemon/methods/prefix-scorers).
 */
import type { EngineScorer } from "../../protocol/engine-api.ts";
import type { ProbeSpec } from "../../protocol/ops.ts";
import type { Rows } from "../loop/task.ts";
import { type Layout, probeKey } from "../steering/topology.ts";

/** What an unfinished answer is expected to earn, by the scorer's id. */
export type Expected = Readonly<Record<string, number>>;

export class Scorers {
  readonly probes: readonly ProbeSpec[];
  readonly #scorers: readonly (readonly [id: string, scorer: EngineScorer, probes: readonly ProbeSpec[]])[];
  #layout: Layout | null = null;
  #places: readonly Int32Array[] = [];

  constructor(scorers: Readonly<Record<string, EngineScorer>>) {
    this.#scorers = Object.entries(scorers).map(([id, scorer]) => [id, scorer, probesOf(id, scorer)]);
    this.probes = this.#scorers.flatMap(([, , probes]) => probes);
  }

  /** Where each scorer's readings stand in a row of readings. */
  places(layout: Layout): readonly Int32Array[] {
    if (this.#layout === layout) return this.#places;
    this.#layout = layout;
    this.#places = this.#scorers.map(([, , probes]) => Int32Array.from(probes, (probe) => layout.probes.get(probeKey(probe))?.index ?? -1));
    return this.#places;
  }

  /** Of the token that the row's logits gave. @param token in place of the one that was sampled */
  expected({ result, layout, row, count, output }: Rows, token = result.sampled[output]!): Expected {
    const base = (row + count - 1) * layout.readings;
    const places = this.places(layout);
    return Object.fromEntries(
      this.#scorers.map(([id, scorer], index) => [id, valueWith(scorer, (k) => result.probes[base + places[index]![k]!]!, token)]),
    );
  }
}

/** @param reading the k-th product with the state: r of the tokens', one of going on, one of ending */
export function valueWith({ rank, tokens, ends, bias, endBias }: EngineScorer, reading: (k: number) => number, token: number): number {
  if (ends.includes(token)) return reading(rank + 1) + endBias;
  const from = token * (rank + 1);
  let sum = reading(rank) + bias + tokens[from + rank]!;
  for (let k = 0; k < rank; k++) sum += reading(k) * tokens[from + k]!;
  return sum;
}

function probesOf(id: string, { site, layer, rank, rows }: EngineScorer): ProbeSpec[] {
  const width = rows.length / (rank + 2);
  return Array.from({ length: rank + 2 }, (_, k) => ({ id: `${id}#${k}`, site, layer, vector: rows.subarray(k * width, (k + 1) * width) }));
}
