/** Memory that loading a model would take, from the header of its file alone. */
import type { GgufFile, ModelFacts } from "../../formats/gguf/index.ts";
import type { LoadOptions, MemoryEstimate } from "../../protocol/api/model.ts";
import { TillerError } from "../../protocol/errors.ts";

export const DEFAULT_CONTEXT = 8192;
export const MIN_CONTEXT = 128;
/** llama.cpp pads every sequence's cache to this many cells. */
const CELLS = 256;
const KV_BYTES = { f32: 4, f16: 2, q8_0: 34 / 32 } as const;

/** Options with nothing left to choose. */
export type FixedOptions = Omit<LoadOptions, "kvType"> & { readonly kvType: keyof typeof KV_BYTES };

/**
 * "auto" keeps what is F32 in F32: with keys and values rounded to f16, single attention tensors of an F32 model lie up to
 * 5e-3 from the float64 reference, with f32 within 1e-4. Quantised weights are further off than that by themselves.
 */
export function fixOptions(options: LoadOptions, file: GgufFile): FixedOptions {
  if (options.kvType !== "auto") return { ...options, kvType: options.kvType };
  const matrices = [...file.tensors.values()].filter((tensor) => tensor.shape.length > 1);
  return { ...options, kvType: matrices.every((tensor) => tensor.type.name === "F32") ? "f32" : "f16" };
}

/** Rows of one native step; the larger a step, the faster a prompt is read and the more it holds in memory. */
export const BATCH = 512;

/** Tokens per sequence that "0" stands for. */
export function wantedContext(contextSize: number, trained: number): number {
  return contextSize > 0 ? contextSize : Math.min(trained, DEFAULT_CONTEXT);
}

/** Cells that the native context must have. */
export function paddedContext(contextSize: number): number {
  return Math.ceil(contextSize / CELLS) * CELLS;
}

export function estimateMemory(file: GgufFile, facts: ModelFacts, options: FixedOptions, availableBytes: number): MemoryEstimate {
  const contextSize = wantedContext(options.contextSize, facts.context);
  const cells = paddedContext(contextSize) * options.sequences;
  const perCell = facts.kvHeads.reduce((sum, heads) => sum + heads * (facts.keyWidth + facts.valueWidth), 0) * KV_BYTES[options.kvType];
  const weightsBytes = weights(file);
  const kvBytes = Math.ceil(perCell * cells);
  const computeBytes = computeOf(facts, options, paddedContext(contextSize));
  const steeringBytes = steeringOf(facts, options.maxProfiles);
  const totalBytes = weightsBytes + kvBytes + computeBytes + steeringBytes;
  return { weightsBytes, kvBytes, computeBytes, steeringBytes, totalBytes, availableBytes, fits: totalBytes <= availableBytes };
}

function weights(file: GgufFile): number {
  return [...file.tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
}

/**
 * What a step holds at its widest moment, in float32 values per row: the attention scores of all heads over every cell of its
 * sequence's cache (flash attention never writes them out) with the masks and what attention reads and writes; or the logits; or
 * the MLP. Fitted to what llama.cpp reserves; a little above it.
 */
function computeOf(facts: ModelFacts, options: FixedOptions, cells: number): number {
  const widest = Math.max(...facts.mlpWidths, facts.width);
  const scores = options.flashAttention ? 0 : Math.max(...facts.heads) * cells;
  const masks = 2 * cells;
  return 4 * BATCH * Math.max(scores + masks + 6 * facts.width, facts.vocabulary + 2 * facts.width, masks + 2 * widest + 2 * facts.width);
}

/** A full rack: scale and shift of the MLP's neurons and shifts of heads and residual at every layer. */
function steeringOf(facts: ModelFacts, profiles: number): number {
  let values = 0;
  for (let layer = 0; layer < facts.layers; layer++) values += 2 * facts.mlpWidths[layer]! + 2 * facts.width;
  return values * profiles * 4;
}

/**
 * The largest context that fits, at most the wanted one. A context that the user asked for by number is refused rather than cut.
 * @throws TillerError too-large with the numbers
 */
export function fitContext(file: GgufFile, facts: ModelFacts, options: FixedOptions, availableBytes: number): number {
  const wanted = wantedContext(options.contextSize, facts.context);
  let contextSize = wanted;
  for (;;) {
    const estimate = estimateMemory(file, facts, { ...options, contextSize }, availableBytes);
    if (estimate.fits) return contextSize;
    const smaller = Math.floor(contextSize / 2);
    if (options.contextSize > 0 || smaller < MIN_CONTEXT) {
      const numbers = `weights ${mib(estimate.weightsBytes)}, cache ${mib(estimate.kvBytes)}, computing ${mib(estimate.computeBytes)}, steering ${mib(estimate.steeringBytes)}`;
      throw new TillerError(
        "too-large",
        `the model needs about ${mib(estimate.totalBytes)} MiB (${numbers}), ${mib(availableBytes)} MiB are free`,
        { suggestion: "Ask for a smaller context or fewer sequences, or close other models." },
      );
    }
    contextSize = smaller;
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
