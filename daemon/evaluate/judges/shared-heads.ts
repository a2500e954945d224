/**
 * Heads that read the encoder alone and are the same in every language: one hidden layer with a rectifier beside a straight path
 * from the dense features to the labels. Trained on texts of several languages and sources together, so that what they know is not
 * the wording of one corpus. Trainer: training/judges/emotion_shared.py, which folds standardisation and calibration into the weights.
 */
import { decodeSafetensors, tensorValues } from "../../formats/safetensors.ts";
import { TillerError } from "../../protocol/errors.ts";

export interface SharedHeads {
  readonly labels: number;
  /** [dense features, hidden] and [hidden] */
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  /** [hidden, labels] and [dense features, labels] */
  readonly out: Float32Array;
  readonly skip: Float32Array;
  readonly bias: Float32Array;
}

/** @param dense number of dense features; @throws TillerError when the file is not such heads */
export function readSharedHeads(bytes: Uint8Array, dense: number, labels: number): SharedHeads {
  const { tensors } = decodeSafetensors(bytes);
  const size = tensors.get("hidden.bias")?.shape[0] ?? 0;
  const get = (name: string, dtype: string, shape: readonly number[]): Float32Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.dtype !== dtype || tensor.shape.join() !== shape.join())
      throw new TillerError("bad-artifact", `judge weights: ${name} is not ${dtype} of shape [${shape.join(", ")}]`, { field: name });
    return tensorValues(tensor) as Float32Array;
  };
  return {
    labels,
    hidden: get("hidden", "F16", [dense, size]),
    hiddenBias: get("hidden.bias", "F32", [size]),
    out: get("out", "F16", [size, labels]),
    skip: get("skip", "F16", [dense, labels]),
    bias: get("bias", "F32", [labels]),
  };
}

/** @returns one logit per label */
export function applySharedHeads({ labels, hidden, hiddenBias, out, skip, bias }: SharedHeads, dense: ArrayLike<number>): Float64Array {
  const inside = Float64Array.from(hiddenBias);
  const logits = Float64Array.from(bias);
  for (let i = 0; i < dense.length; i++) {
    for (let unit = 0; unit < inside.length; unit++) inside[unit]! += dense[i]! * hidden[i * inside.length + unit]!;
    for (let label = 0; label < labels; label++) logits[label]! += dense[i]! * skip[i * labels + label]!;
  }
  for (let unit = 0; unit < inside.length; unit++)
    for (let label = 0; label < labels; label++) logits[label]! += Math.max(0, inside[unit]!) * out[unit * labels + label]!;
  return logits;
}
