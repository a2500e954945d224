/**
 * A small sentence encoder: pieces and their neighbourhoods of 2, 3 and 5, averaged over the text, then a few dense
 * layers, and heads with one logit per label. Architecture: universal-sentence-encoder-multilingual 3, the convolutional
 * one (Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval", arXiv:1907.04307).
 */
import { TillerError } from "../../../protocol/errors.ts";
import {
  BRANCH,
  BRANCHES,
  EMBEDDING,
  FEATURES,
  HIDDEN,
  LABELS,
  padded,
  ROOM,
  SENTENCE,
  SHAPES,
  WEIGHT,
  type WeightName,
  WINDOW,
} from "./layout.ts";
import { BEGIN, END, split } from "./vocabulary.ts";
import { type Encoder, readRow } from "./weights.ts";

export { type Encoder, readEncoder } from "./weights.ts";

export interface Encoded {
  /** [512], of length 1 where the text is one window, for further classifiers to read */
  readonly sentence: Float32Array;
  /** [35], what the heads make of it */
  readonly logits: Float32Array;
}

const ALL_BRANCHES = BRANCHES.length * BRANCH;
/** of the layer norm before the heads, which has no weights of its own */
const HEAD_EPS = 1e-5;

/** The ids of a text's pieces, without begin and end. */
export function pieces(encoder: Encoder, text: string): Int32Array {
  return split(encoder.vocabulary, text);
}

/** @returns means over windows of 128 pieces, weighted by their pieces; null for a text without a character */
export function encode(encoder: Encoder, text: string): Encoded | null {
  const ids = pieces(encoder, text);
  if (ids.length === 0) return null;
  const { floats } = encoder.gemm;
  const sentence = new Float32Array(SENTENCE);
  const logits = new Float32Array(LABELS);
  for (let start = 0; start < ids.length; start += WINDOW) {
    const window = ids.subarray(start, start + WINDOW);
    const share = window.length / ids.length;
    const own = encodeSentence(encoder, window);
    for (let i = 0; i < SENTENCE; i++) sentence[i]! += share * own[i]!;
    applyHeads(encoder);
    for (let i = 0; i < LABELS; i++) logits[i]! += share * floats[ROOM.logits + i]!;
  }
  return { sentence, logits };
}

/**
 * The encoder itself, without the heads.
 * @param ids at most 128 of pieces, without begin and end
 * @returns the sentence [512], of length 1: a view that the heads write over
 */
function encodeSentence(encoder: Encoder, ids: Int32Array): Float32Array {
  // more would be written over the weights
  if (ids.length > WINDOW) throw new TillerError("internal", `${ids.length} pieces at once, at most ${WINDOW} fit`);
  const { gemm, eps } = encoder;
  const { floats } = gemm;
  const count = ids.length + 2;
  for (let row = 0; row < count; row++) {
    const id = row === 0 ? BEGIN : row === count - 1 ? END : ids[row - 1]!;
    readRow(encoder, id, floats, ROOM.features + row * FEATURES);
  }
  fillRows(floats, ROOM.projected, count, "proj.bias");
  gemm.product(ROOM.features, FEATURES, WEIGHT.proj, ROOM.projected, count, EMBEDDING, ALL_BRANCHES);
  for (let row = 0; row < count; row++) {
    const at = ROOM.projected + row * ALL_BRANCHES;
    standardise(floats, at, ALL_BRANCHES, eps);
    scale(floats, at, ALL_BRANCHES, WEIGHT["proj.gamma"], WEIGHT["proj.beta"], 1);
  }
  for (const branch of BRANCHES.keys()) convolve(encoder, branch, count);

  // the weights of the norm and of the sum are linear, so they come after adding up the rows
  floats.fill(0, ROOM.total, ROOM.total + FEATURES);
  for (let row = 0; row < count; row++) {
    const at = ROOM.features + row * FEATURES;
    standardise(floats, at, FEATURES, eps);
    for (let i = 0; i < FEATURES; i++) floats[ROOM.total + i]! += floats[at + i]!;
  }
  scale(floats, ROOM.total, FEATURES, WEIGHT["norm.gamma"], WEIGHT["norm.beta"], count);
  zero(floats, ROOM.mean, SENTENCE);
  add(encoder, ROOM.total, "sum", ROOM.mean);
  const root = Math.sqrt(count);
  for (let i = 0; i < SENTENCE; i++) floats[ROOM.mean + i] = floats[ROOM.mean + i]! / root + root * floats[WEIGHT["sum.bias"] + i]!;
  applyDense(encoder);
  return floats.subarray(ROOM.sentence, ROOM.sentence + SENTENCE);
}

/** One branch: two convolutions over windows of its size, each with a rectifier and its input added. */
function convolve({ gemm }: Encoder, branch: number, count: number): void {
  const { size, left } = BRANCHES[branch]!;
  const { floats } = gemm;
  const own = ROOM.windows + left * BRANCH;
  // with rows of zeros around the text, a window is `size` rows that follow each other, so it need not be copied
  floats.fill(0, ROOM.windows, ROOM.windows + (count + size - 1) * BRANCH);
  for (let row = 0; row < count; row++) {
    const from = ROOM.projected + row * ALL_BRANCHES + branch * BRANCH;
    floats.copyWithin(own + row * BRANCH, from, from + BRANCH);
  }
  for (const layer of [`conv1.${size}`, `conv2.${size}`] as const) {
    fillRows(floats, ROOM.convolved, count, `${layer}.bias`);
    gemm.product(ROOM.windows, BRANCH, WEIGHT[layer], ROOM.convolved, count, size * BRANCH, BRANCH);
    for (let i = 0; i < count * BRANCH; i++) floats[own + i]! += Math.max(0, floats[ROOM.convolved + i]!);
  }
  for (let row = 0; row < count; row++) {
    const from = own + row * BRANCH;
    floats.copyWithin(ROOM.features + row * FEATURES + EMBEDDING + branch * BRANCH, from, from + BRANCH);
  }
}

/** From the mean to the sentence. */
function applyDense(encoder: Encoder): void {
  const { gemm, eps } = encoder;
  const { floats } = gemm;
  const dense = (into: number, size: number, ...inputs: readonly (readonly [number, WeightName])[]) => {
    zero(floats, into, size);
    for (const [from, name] of inputs) add(encoder, from, name, into);
  };
  const rectify = (at: number, size: number) => {
    for (let i = at; i < at + size; i++) floats[i] = Math.max(0, floats[i]!);
  };
  const [narrow] = SHAPES.d1;
  dense(ROOM.dense0, narrow, [ROOM.mean, "d0"]);
  rectify(ROOM.dense0, narrow);
  dense(ROOM.dense1, narrow, [ROOM.mean, "p1"], [ROOM.dense0, "d1"]);
  rectify(ROOM.dense1, narrow);
  dense(ROOM.dense2, SENTENCE, [ROOM.dense1, "d2"]);
  rectify(ROOM.dense2, SENTENCE);
  dense(ROOM.sentence, SENTENCE, [ROOM.dense1, "p3"], [ROOM.dense2, "d3"]);
  let squares = 0;
  for (let i = ROOM.sentence; i < ROOM.sentence + SENTENCE; i++) {
    const value = Math.tanh(floats[i]!);
    floats[i] = value;
    squares += value * value;
  }
  const length = Math.sqrt(Math.max(squares, eps));
  for (let i = ROOM.sentence; i < ROOM.sentence + SENTENCE; i++) floats[i]! /= length;
}

/** From the sentence and the mean, which both are used up, to hidden and logits. */
function applyHeads(encoder: Encoder): void {
  const { floats } = encoder.gemm;
  for (let i = ROOM.sentence; i < ROOM.sentence + SENTENCE; i++) floats[i]! *= Math.sqrt(SENTENCE);
  fillRows(floats, ROOM.hidden, 1, "head1.bias");
  add(encoder, ROOM.sentence, "head1", ROOM.hidden);
  for (let i = ROOM.hidden; i < ROOM.hidden + HIDDEN; i++) floats[i] = gelu(floats[i]!);
  standardise(floats, ROOM.mean, SENTENCE, HEAD_EPS);
  fillRows(floats, ROOM.logits, 1, "head2.bias");
  for (let i = 0; i < LABELS; i++) floats[ROOM.logits + i]! += floats[WEIGHT["skip.bias"] + i]!;
  add(encoder, ROOM.hidden, "head2", ROOM.logits);
  add(encoder, ROOM.mean, "skip", ROOM.logits);
}

/** Hendrycks and Gimpel 2016, arXiv:1606.08415: the approximation by a hyperbolic tangent. */
function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
}

/** Adds a matrix's product with one row. */
function add({ gemm }: Encoder, from: number, name: WeightName, into: number): void {
  const [inputs, outputs] = SHAPES[name];
  gemm.product(from, inputs, WEIGHT[name], into, 1, inputs, padded(outputs!));
}

function zero(floats: Float32Array, at: number, size: number): void {
  floats.fill(0, at, at + size);
}

/** Starts sums at a bias. */
function fillRows(floats: Float32Array, at: number, rows: number, bias: WeightName): void {
  const size = padded(SHAPES[bias][0]);
  for (let row = 0; row < rows; row++) floats.copyWithin(at + row * size, WEIGHT[bias], WEIGHT[bias] + size);
}

/** To mean 0 and variance 1. */
function standardise(floats: Float32Array, at: number, size: number, eps: number): void {
  let sum = 0;
  for (let i = at; i < at + size; i++) sum += floats[i]!;
  const mean = sum / size;
  let squares = 0;
  for (let i = at; i < at + size; i++) squares += (floats[i]! - mean) ** 2;
  const factor = 1 / Math.sqrt(squares / size + eps);
  for (let i = at; i < at + size; i++) floats[i] = (floats[i]! - mean) * factor;
}

/** Multiplies by gamma and adds beta, the latter once per row that was added up. */
function scale(floats: Float32Array, at: number, size: number, gamma: number, beta: number, rows: number): void {
  for (let i = 0; i < size; i++) floats[at + i] = floats[at + i]! * floats[gamma + i]! + rows * floats[beta + i]!;
}
