/**
 * Linear classifiers over two bags of features, words and characters, each weighted by (1 + ln count) · idf and scaled to
 * length 1 (TF-IDF with sublinear counts, as scikit-learn's TfidfTransformer computes it). Weights are 8-bit, one scale per label.
 * One independent logistic regression per label (a text can show several), so each label has its own threshold.
 */
import { decodeSafetensors, type SafetensorsTensor, tensorValues } from "../../formats/safetensors.ts";
import { TillerError } from "../../protocol/errors.ts";
import { chunks, features } from "./features.ts";

interface Bag {
  /** sorted feature hashes */
  readonly vocabulary: Int32Array;
  readonly idf: Float32Array;
  /** [features, labels], 128 stands for 0 */
  readonly weights: Uint8Array;
}

export interface LinearModel {
  readonly labels: readonly string[];
  readonly words: Bag;
  readonly chars: Bag;
  readonly scale: Float32Array;
  readonly bias: Float32Array;
}

/** @param labels in the order of the weights' columns; @throws TillerError when the file is not such a classifier */
export function readLinearModel(bytes: Uint8Array, labels: readonly string[]): LinearModel {
  const { tensors } = decodeSafetensors(bytes);
  const get = (name: string, dtype: string, shape: readonly number[]): ReturnType<typeof tensorValues> => {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.dtype !== dtype || !sameShape(tensor, shape))
      throw new TillerError("bad-artifact", `judge weights: ${name} is not ${dtype} of shape [${shape.join(", ")}]`, { field: name });
    return tensorValues(tensor);
  };
  const bag = (name: string): Bag => {
    const size = tensors.get(`${name}.vocabulary`)?.shape[0] ?? 0;
    return {
      vocabulary: get(`${name}.vocabulary`, "I32", [size]) as Int32Array,
      idf: get(`${name}.idf`, "F16", [size]) as Float32Array,
      weights: get(`${name}.weights`, "U8", [size, labels.length]) as Uint8Array,
    };
  };
  return {
    labels,
    words: bag("words"),
    chars: bag("chars"),
    scale: get("scale", "F32", [labels.length]) as Float32Array,
    bias: get("bias", "F32", [labels.length]) as Float32Array,
  };
}

function sameShape({ shape }: SafetensorsTensor, expected: readonly number[]): boolean {
  return shape.length === expected.length && shape.every((size, index) => size === expected[index]);
}

/**
 * @returns one probability per label; a text longer than one chunk (64 tokens) gets the mean over its chunks, weighted by
 * their tokens; null for a text without a token
 */
export function classify(model: LinearModel, text: string): Float64Array | null {
  const total = new Float64Array(model.labels.length);
  let tokens = 0;
  for (const chunk of chunks(text)) {
    for (const [label, chance] of classifyTokens(model, chunk).entries()) total[label]! += chunk.length * chance;
    tokens += chunk.length;
  }
  return tokens === 0 ? null : total.map((sum) => sum / tokens);
}

/** @param tokens of one chunk; @returns one probability per label */
export function classifyTokens(model: LinearModel, tokens: readonly string[]): Float64Array {
  const { words, chars } = features(tokens);
  const logits = Float64Array.from(model.bias);
  addBag(model.words, words, model.scale, logits);
  addBag(model.chars, chars, model.scale, logits);
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

function addBag({ vocabulary, idf, weights }: Bag, found: Int32Array, scale: Float32Array, logits: Float64Array): void {
  const counts = new Map<number, number>();
  for (const hash of found) {
    const row = search(vocabulary, hash);
    if (row >= 0) counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  let squares = 0;
  const sums = new Float64Array(logits.length);
  for (const [row, count] of counts) {
    const value = (1 + Math.log(count)) * idf[row]!;
    squares += value * value;
    for (let label = 0; label < sums.length; label++) sums[label]! += value * (weights[row * sums.length + label]! - 128);
  }
  if (squares === 0) return;
  const length = Math.sqrt(squares);
  for (let label = 0; label < sums.length; label++) logits[label]! += (sums[label]! * scale[label]!) / length;
}

/** @returns the index of `wanted` in ascending `sorted`, or -1 */
function search(sorted: Int32Array, wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle]!;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
