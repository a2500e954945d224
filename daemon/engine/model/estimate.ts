/** Memory that loading a model would take, from the header of its file alone. */
import type { GgufFile, ModelFacts } from "../../formats/gguf/index.ts";
import type { LoadOptions, MemoryEstimate } from "../../protocol/api/model.ts";
import { TillerError } from "../../protocol/errors.ts";

export const DEFAULT_CONTEXT = 8192;
export const MIN_CONTEXT = 128;
/** The system gives a cache's pages when they are first used, see daemon/native/src/llama-steer-memory.cpp. */
const GROWS = process.platform === "linux";
/** llama.cpp pads every sequence's cache to this many cells. */
const CELLS = 256;
const KV_BYTES = { f32: 4, f16: 2, q8_0: 34 / 32 } as const;

/** Options with nothing left to choose. */
export type FixedOptions = Omit<LoadOptions, "kvType"> & { readonly kvType: keyof typeof KV_BYTES; readonly fullWindow: boolean };

/**
 * "auto" keeps what is F32 in F32: with keys and values rounded to f16, single attention tensors of an F32 model lie up to
 * 5e-3 from the float64 reference, with f32 within 1e-4. Quantised weights are further off than that by themselves.
 */
export function fixOptions(
  options: LoadOptions,
  file: GgufFile,
  { window, context }: Pick<ModelFacts, "window" | "context">,
): FixedOptions {
  const matrices = [...file.tensors.values()].filter((tensor) => tensor.shape.length > 1);
  const whole = matrices.every((tensor) => tensor.type.name === "F32");
  const kvType = options.kvType !== "auto" ? options.kvType : whole ? "f32" : "f16";
  // A long context chooses the small cache: what reusing old positions would save is little beside what they take.
  const fullWindow = window === null || wantedContext(options.contextSize, context) <= DEFAULT_CONTEXT;
  return { ...options, kvType, fullWindow, flashAttention: attentionOf(options, whole && kvType === "f32") };
}

/** "auto" is left to llama.cpp, which knows the backend, unless a difference of 6e-5 would matter. @throws TillerError invalid-params */
function attentionOf({ flashAttention, exact, kvType }: LoadOptions, f32: boolean): LoadOptions["flashAttention"] {
  const refuse = (why: string): TillerError =>
    new TillerError("invalid-params", why, { field: "flashAttention", suggestion: "Leave it at auto." });
  if (exact && flashAttention === "on")
    throw refuse("flash attention splits a long context by the number of threads, so it cannot be exact to the last bit");
  if (kvType === "q8_0" && (exact || flashAttention === "off")) throw refuse("a context in q8_0 can only be computed with flash attention");
  if (flashAttention !== "auto") return flashAttention;
  return exact || f32 ? "off" : "auto";
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
  const perLayer = facts.kvHeads.map((heads) => heads * (facts.keyWidth + facts.valueWidth) * KV_BYTES[options.kvType]);
  const kvTokenBytes = perLayer.reduce((sum, bytes) => sum + bytes, 0);
  const weightsBytes = weights(file);
  const perSequence = perLayer.reduce((sum, bytes, layer) => sum + bytes * cellsOf(layer, paddedContext(contextSize), facts, options), 0);
  const kvBytes = Math.ceil(perSequence * options.sequences);
  const kvFirstBytes = GROWS ? Math.ceil(perSequence) : kvBytes;
  const computeBytes = computeOf(facts, options, paddedContext(contextSize));
  const steeringBytes = steeringOf(facts, options.maxProfiles);
  const totalBytes = weightsBytes + kvFirstBytes + computeBytes + steeringBytes;
  return {
    ...{ weightsBytes, kvBytes, kvFirstBytes, kvTokenBytes, contextSize },
    ...{ sequences: options.sequences, fullWindow: options.fullWindow, computeBytes, steeringBytes },
    ...{ totalBytes, availableBytes, fits: totalBytes <= availableBytes },
  };
}

/** Every so manieth layer attends over all positions; of other architectures all are counted as if they did. */
const FULL_EVERY: Readonly<Record<string, number>> = { gemma2: 2, gemma3: 6, cohere2: 4 };

/** Cells that a sequence has at a layer: llama.cpp keeps a window and the rows of a step, in whole pages. */
function cellsOf(layer: number, cells: number, facts: ModelFacts, { fullWindow }: FixedOptions): number {
  const every = FULL_EVERY[facts.architecture];
  if (fullWindow || facts.window === null || every === undefined || (layer + 1) % every === 0) return cells;
  return Math.min(cells, paddedContext(facts.window + BATCH));
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
  const scores = options.flashAttention !== "off" ? 0 : Math.max(...facts.heads) * cells;
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
      const numbers = `weights ${mib(estimate.weightsBytes)}, context ${mib(estimate.kvFirstBytes)} of ${estimate.contextSize} tokens at ${Math.round(estimate.kvTokenBytes / 1024)} KiB, computing ${mib(estimate.computeBytes)}, steering ${mib(estimate.steeringBytes)}`;
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
