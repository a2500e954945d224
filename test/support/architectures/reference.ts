/** What transformers computed on a model (training/architectures/reference.py), and which of its values a place of ours is. */
import { readFileSync } from "node:fs";
import type { NativeSite } from "../../../daemon/engine/model/native.ts";
import { decodeSafetensors, tensorValues } from "../../../daemon/formats/safetensors.ts";
import { distance } from "../native.ts";

/** A value that enters or leaves a module, a row per token. */
export interface Candidate {
  /** e.g. "in/model.layers.2.mlp.down_proj" */
  readonly name: string;
  /** null: of no layer */
  readonly layer: number | null;
  readonly rows: Float32Array[];
  /** logits when `noise` times the largest magnitude was added to it; null where that was not computed */
  readonly edited: Float32Array[] | null;
}

export interface Reference {
  readonly tokens: number[];
  readonly logits: Float32Array[];
  readonly candidates: Candidate[];
  /** by width */
  noise(width: number): Float32Array;
}

export function readReference(path: string): Reference {
  const { tensors } = decodeSafetensors(readFileSync(path));
  const rows = (name: string): Float32Array[] => {
    const tensor = tensors.get(name)!;
    const values = tensorValues(tensor) as Float32Array;
    const width = tensor.shape[1]!;
    return Array.from({ length: tensor.shape[0]! }, (_, i) => values.slice(i * width, (i + 1) * width));
  };
  const candidates = [...tensors.keys()]
    .filter((key) => key.startsWith("read/"))
    .map((key): Candidate => {
      const name = key.slice("read/".length);
      const numbers = name.split(".").filter((part) => /^\d+$/.test(part));
      return {
        name,
        layer: numbers.length === 0 ? null : Number(numbers[0]),
        rows: rows(key),
        edited: tensors.has(`edit/${name}`) ? rows(`edit/${name}`) : null,
      };
    });
  return {
    tokens: [...(tensorValues(tensors.get("tokens")!) as Int32Array)],
    logits: rows("logits"),
    candidates,
    noise: (width) => tensorValues(tensors.get(`noise/${width}`)!) as Float32Array,
  };
}

/** Halves of a fused matrix's output: gate and up of phi3 are values of no module of their own. */
function halves({ name, layer, rows }: Candidate): Candidate[] {
  const width = rows[0]!.length / 2;
  return [0, 1].map((half) => ({
    name: `${name}[${half}]`,
    layer,
    rows: rows.map((row) => row.subarray(half * width, (half + 1) * width)),
    edited: null,
  }));
}

/** What an activation makes of them, where transformers calls it as a function and not as a module. */
function activated({ name, layer, rows }: Candidate): Candidate[] {
  return [{ name: `silu(${name})`, layer, rows: rows.map((row) => row.map((x) => x / (1 + Math.exp(-x)))), edited: null }];
}

/** Times a number: our place is before the model's own scale of the embedding. */
function scaled(candidate: Candidate, read: Float32Array[]): Candidate {
  const sums = candidate.rows.reduce((sum, row, i) => row.reduce(([xy, xx], x, j) => [xy! + x * read[i]![j]!, xx! + x * x], sum), [0, 0]);
  const factor = sums[0]! / sums[1]!;
  return {
    ...candidate,
    name: `${factor.toPrecision(3)} × ${candidate.name}`,
    rows: candidate.rows.map((row) => row.map((x) => x * factor)),
    edited: null,
  };
}

/** The values nearest to what was read at a place, nearest first: several modules may hand on the same one. */
export function nearest(
  reference: Reference,
  { site, layer, width }: NativeSite,
  read: Float32Array[],
): { error: number; candidate: Candidate }[] {
  const shared = site === "embd" || site === "final";
  return reference.candidates
    .filter((one) => (shared ? one.layer === null : one.layer === layer))
    .flatMap((one) => (one.rows[0]!.length === width ? [one] : one.rows[0]!.length === 2 * width ? halves(one) : []))
    .flatMap((one) => (site === "mlp.act" ? [one, ...activated(one)] : site === "embd" ? [one, scaled(one, read)] : [one]))
    .map((candidate) => ({ candidate, error: distance(read, candidate.rows) }))
    .sort((a, b) => a.error - b.error);
}
