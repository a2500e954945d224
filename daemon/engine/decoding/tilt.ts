/**
 * Token-wise control: the next token is drawn from π(z)·exp(λ·Σ w_i·V_i(z)/σ_i), V_i what scorer i expects and σ_i its spread
 * (Mudgal et al. 2024, equation 4; the spread makes λ mean the same for every reward). The native sampler adds, for each token, a linear
 * form of readings of the row that it is sampled by.
 */
import type { EngineDecoding, EngineScorer } from "../../protocol/engine-api.ts";
import type { SamplerConfig } from "../model/native.ts";
import type { Layout } from "../steering/topology.ts";
import { Scorers } from "./scorer.ts";

export class Tilt {
  readonly probes: Scorers["probes"];
  readonly config: NonNullable<SamplerConfig["tilt"]>;
  readonly #scorers: Scorers;
  #layout: Layout | null = null;

  constructor(
    { strength, weights, plausibility }: NonNullable<EngineDecoding["tilt"]>,
    scorers: EngineDecoding["scorers"],
    vocabulary: number,
  ) {
    const named = Object.fromEntries(Object.keys(weights).map((id) => [id, scorers[id]!]));
    this.#scorers = new Scorers(named);
    this.probes = this.#scorers.probes;
    const factors = Object.entries(named).map(([id, scorer]) => (strength * weights[id]!) / scorer.spread);
    this.config = { plausibility, readings: this.probes.length, table: tableOf(Object.values(named), factors, vocabulary) };
  }

  /** @returns where its readings stand in a row of the layout; null: where they stood before */
  moved(layout: Layout): Int32Array | null {
    if (layout === this.#layout) return null;
    this.#layout = layout;
    return Int32Array.from(this.#scorers.places(layout).flatMap((places) => [...places]));
  }
}

/** [V × (n + 1)]: of each token, what the n readings count and what it counts by itself. */
function tableOf(scorers: readonly EngineScorer[], factors: readonly number[], vocabulary: number): Float32Array {
  const readings = scorers.reduce((sum, { rank }) => sum + rank + 2, 0);
  const width = readings + 1;
  const table = new Float32Array(vocabulary * width);
  let first = 0;
  for (const [index, { rank, tokens, ends, bias, endBias }] of scorers.entries()) {
    const factor = factors[index]!;
    const own = rank + 1;
    for (let z = 0; z < vocabulary; z++) {
      const at = z * width + first;
      for (let k = 0; k < rank; k++) table[at + k] = factor * tokens[z * own + k]!;
      table[at + rank] = factor;
      table[z * width + readings]! += factor * (bias + tokens[z * own + rank]!);
    }
    for (const z of ends) {
      const at = z * width + first;
      table.fill(0, at, at + rank + 2);
      table[at + rank + 1] = factor;
      table[z * width + readings]! += factor * (endBias - bias - tokens[z * own + rank]!);
    }
    first += rank + 2;
  }
  return table;
}
