/** Log-probabilities of the raw distribution: as the native sampler gives them, or from a row of logits for forced tokens. */
import type { Token } from "../../protocol/api/generate.ts";
import type { Entry, Vocabulary } from "../model/vocabulary.ts";
import type { Rows } from "./task.ts";

type Top = NonNullable<Token["top"]>;

export interface Chosen {
  readonly logprob: number;
  readonly top: Top;
  /** a copy of the row of logits */
  row(): number[];
}

export function chosenOf(rows: Rows, count: number, vocabulary: Vocabulary): Chosen {
  const { result, output } = rows;
  const top: Top = [];
  for (let i = 0; i < Math.min(count, result.topCount); i++) {
    const id = result.topTokens[output * result.topCount + i]!;
    if (id < 0) break;
    top.push({ id, ...shown(vocabulary.entry(id)), logprob: finite(result.topLogprobs[output * result.topCount + i]!) });
  }
  return { logprob: finite(result.logprobs[output]!), top, row: () => Array.from(logitsRow(rows)) };
}

export function forcedOf(rows: Rows, token: number, count: number, vocabulary: Vocabulary): Chosen {
  const row = logitsRow(rows);
  const offset = logSumExp(row);
  const top = strongest(row, count).map((id) => ({ id, ...shown(vocabulary.entry(id)), logprob: finite(row[id]! - offset) }));
  return { logprob: finite((row[token] ?? Number.NEGATIVE_INFINITY) - offset), top, row: () => Array.from(row) };
}

function shown({ text, part }: Entry): Pick<Top[number], "text" | "bytes"> {
  return part === null ? { text } : { text, bytes: part };
}

function logitsRow(rows: Rows): Float32Array {
  const { result, vocabulary } = rows;
  return result.logits.subarray(rows.logits * vocabulary, (rows.logits + 1) * vocabulary);
}

export function logSumExp(row: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of row) if (value > max) max = value;
  let sum = 0;
  for (const value of row) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

/** Indices of the largest values, largest first. */
export function strongest(row: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < row.length; i++) {
    if (best.length === count && row[i]! <= row[best.at(-1)!]!) continue;
    let at = best.length;
    while (at > 0 && row[best[at - 1]!]! < row[i]!) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
}

/** JSON has no infinities. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : -1e9;
}
