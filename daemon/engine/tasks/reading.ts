/**
 * One vector per place out of the rows of one text, with its attention sinks left out.
 *
 * A sink is a token whose residual is far longer than its neighbours': models park attention there (Xiao et al. 2023), and a
 * few channels of it are a hundred times all else (Sun et al. 2024, "massive activations"). It says where the sink is and
 * nothing of the text, and one of them outweighs every other token of a mean. It is known by its norm, wherever it stands.
 */

import { SINK_TIMES } from "../../protocol/rules/sinks.ts";

/** Rows that are looked at together before the first is taken: norms are compared with their median. */
const BUFFER_BYTES = 16 * 1024 ** 2;

export interface ReadingShape {
  readonly widths: readonly number[];
  readonly keep: "mean" | "last";
  /** false: sinks count as any token */
  readonly sinks: boolean;
}

/** It holds its rows and sums only until the last of its rows has come. */
export class Reading {
  /** tokens that count, and those that were left out */
  tokens = 0;
  sinks = 0;
  readonly #shape: ReadingShape;
  readonly #into: Float32Array;
  /** rows to come, and how many of the first are looked at together */
  #left: number;
  readonly #together: number;
  #sum: Float64Array[] = [];
  #buffer: { readonly values: Float32Array[]; readonly norms: number[] }[] = [];
  /** median norm by layer */
  #usual: number[] | null = null;

  /** @param expected rows that will come @param into [places × width], written when they have */
  constructor(shape: ReadingShape, expected: number, into: Float32Array) {
    this.#shape = shape;
    this.#into = into;
    this.#left = expected;
    const limit = Math.max(8, Math.floor(BUFFER_BYTES / (4 * shape.widths.reduce((sum, width) => sum + width, 0))));
    this.#together = Math.min(limit, expected);
  }

  /** Norms of ordinary tokens, by layer; empty before the first is known. */
  get usual(): readonly number[] {
    return this.#usual ?? [];
  }

  /** @param values by place, copied @param norms of the residual, by layer */
  add(values: readonly Float32Array[], norms: readonly number[]): void {
    if (this.#sum.length === 0) this.#sum = this.#shape.widths.map((width) => new Float64Array(width));
    if (this.#usual !== null) this.#take(values, norms);
    else {
      this.#buffer.push({ values: values.map((one) => one.slice()), norms: [...norms] });
      if (this.#buffer.length === this.#together) this.#flush();
    }
    this.#left--;
    if (this.#left === 0) this.#finish();
  }

  #finish(): void {
    const scale = this.#shape.keep === "mean" ? 1 / Math.max(1, this.tokens) : 1;
    let at = 0;
    for (const sum of this.#sum) for (const value of sum) this.#into[at++] = value * scale;
    this.#sum = [];
  }

  #flush(): void {
    const buffered = this.#buffer;
    this.#buffer = [];
    const layers = buffered[0]?.norms.length ?? 0;
    this.#usual = Array.from({ length: layers }, (_, layer) => lowerMedian(buffered.map(({ norms }) => norms[layer]!)));
    for (const { values, norms } of buffered) this.#take(values, norms);
  }

  #take(values: readonly Float32Array[], norms: readonly number[]): void {
    if (this.#shape.sinks && norms.some((norm, layer) => norm > SINK_TIMES * this.#usual![layer]!)) {
      this.sinks++;
      return;
    }
    this.tokens++;
    values.forEach((row, place) => {
      const sum = this.#sum[place]!;
      if (this.#shape.keep === "last") sum.set(row);
      else for (let i = 0; i < row.length; i++) sum[i]! += row[i]!;
    });
  }
}

export function normOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

export function lowerMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
