/** The encoder's file: a vocabulary, a table of 4-bit vectors that is read on demand, and matrices, which are laid out once. */
import { halfTable } from "../../../formats/float.ts";
import { decodeSafetensors, type SafetensorsTensor, tensorValues } from "../../../formats/safetensors.ts";
import { TillerError } from "../../../protocol/errors.ts";
import { createGemm, type Gemm } from "./gemm.ts";
import { EMBEDDING, MEMORY, padded, SHAPES, WEIGHT, type WeightName } from "./layout.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** Numbers that share a scale in a row of the table. */
const GROUP = 64;
const GROUPS = EMBEDDING / GROUP;

export interface Encoder {
  readonly vocabulary: Vocabulary;
  /** [pieces, 256], two 4-bit values a byte, the lower bits first; a view into the file */
  readonly table: Uint8Array;
  /** [pieces, 8], bits of halves */
  readonly scale: Uint16Array;
  readonly low: Uint16Array;
  /** what layer norms add to the variance */
  readonly eps: number;
  /** its memory holds the weights and the intermediate results, so an encoder reads one text at a time */
  readonly gemm: Gemm;
}

/** @param bytes stay in use: the table is a view; @throws TillerError when a tensor's type or shape is wrong */
export function readEncoder(bytes: Uint8Array): Encoder {
  const { tensors } = decodeSafetensors(bytes);
  const get = (name: string, dtype: string, shape: readonly number[]): SafetensorsTensor => {
    const tensor = tensors.get(name);
    if (tensor?.dtype !== dtype || tensor.shape.length !== shape.length || !shape.every((size, axis) => size === tensor.shape[axis]))
      throw new TillerError("bad-artifact", `judge weights: ${name} is not ${dtype} of shape [${shape.join(", ")}]`, { field: name });
    return tensor;
  };
  const size = tensors.get("pieces.ends")?.shape[0] ?? 0;
  const vocabulary = createVocabulary(
    tensorValues(get("pieces", "U8", [tensors.get("pieces")?.shape[0] ?? 0])) as Uint8Array,
    tensorValues(get("pieces.ends", "I32", [size])) as Int32Array,
    tensorValues(get("scores", "F32", [size])) as Float32Array,
  );
  const encoder: Encoder = {
    vocabulary,
    table: get("table", "U8", [size, EMBEDDING / 2]).data,
    scale: halves(get("table.scale", "F16", [size, GROUPS])),
    low: halves(get("table.low", "F16", [size, GROUPS])),
    eps: tensorValues(get("eps", "F32", [1]))[0]!,
    gemm: createGemm(MEMORY),
  };
  for (const name of Object.keys(SHAPES) as WeightName[]) {
    const shape: readonly number[] = SHAPES[name];
    place(get(name, shape.length === 2 ? "F16" : "F32", shape), encoder.gemm.floats.subarray(WEIGHT[name]));
  }
  return encoder;
}

/** Bits of halves; a copy, because a tensor may start at an odd address. */
function halves({ data }: SafetensorsTensor): Uint16Array {
  return new Uint16Array(new Uint8Array(data).buffer);
}

/** A plain loop over halves: `tensorValues` calls a function for each, which takes 20 times as long. */
function place(tensor: SafetensorsTensor, into: Float32Array): void {
  if (tensor.dtype === "F32") {
    into.set(tensorValues(tensor));
    return;
  }
  const half = halfTable();
  const bits = halves(tensor);
  const columns = tensor.shape[1]!;
  const stride = padded(columns);
  for (let read = 0, write = 0; read < bits.length; write += stride) {
    for (let column = 0; column < columns; column++) into[write + column] = half[bits[read++]!]!;
  }
}

/** Decodes one piece's 512 numbers. */
export function readRow({ table, scale, low }: Encoder, id: number, into: Float32Array, at: number): void {
  const half = halfTable();
  for (let group = 0; group < GROUPS; group++) {
    const factor = half[scale[id * GROUPS + group]!]!;
    const offset = half[low[id * GROUPS + group]!]!;
    const from = (id * EMBEDDING + group * GROUP) / 2;
    const to = at + group * GROUP;
    for (let pair = 0; pair < GROUP / 2; pair++) {
      const byte = table[from + pair]!;
      into[to + 2 * pair] = offset + factor * (byte & 15);
      into[to + 2 * pair + 1] = offset + factor * (byte >>> 4);
    }
  }
}
