/** From a file to a running native context: strict check, memory, llama.cpp, our addon. */
import { statSync } from "node:fs";
import { cpus } from "node:os";
import { getLlama, type Llama, LlamaLogLevel, type LlamaModel } from "node-llama-cpp";
import { checkModel, GgufError, type GgufFile, type ModelFacts as HeaderFacts, readModelFile } from "../../formats/gguf/index.ts";
import { addonPath, llamaOptions } from "../../native/paths.ts";
import type { LoadOptions, MemoryEstimate } from "../../protocol/api/model.ts";
import type { EngineModel } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Numerics } from "../../protocol/numerics.ts";
import { BATCH, estimateMemory, type FixedOptions, fitContext, fixOptions, MIN_CONTEXT, paddedContext, wantedContext } from "./estimate.ts";
import { availableMemory } from "./memory.ts";
import { loadNative, type NativeAddon, type NativeContext, type NativeModel } from "./native.ts";

export interface Loaded {
  readonly llama: Llama;
  readonly llamaModel: LlamaModel;
  readonly addon: NativeAddon;
  readonly model: NativeModel;
  readonly context: NativeContext;
  readonly contextSize: number;
  readonly options: FixedOptions;
  /** that compute, unless a governor says otherwise */
  readonly threads: number;
  readonly numerics: Numerics;
  /** bytes of keys and values per token */
  readonly kvTokenBytes: number;
  readonly notes: readonly string[];
}

export function readHeader(path: string): { file: GgufFile; facts: HeaderFacts } {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new TillerError("bad-model-file", "the model's file is not there", {
      suggestion: "Put it back, or remove the model from the list.",
    });
  try {
    const { file } = readModelFile(path);
    return { file, facts: checkModel(file) };
  } catch (error) {
    if (error instanceof GgufError)
      throw new TillerError("bad-model-file", `not a usable GGUF model: ${error.message}`, { field: error.field });
    const code = (error as NodeJS.ErrnoException).code;
    throw new TillerError("bad-model-file", `the model's file cannot be read (${code ?? "unknown reason"})`);
  }
}

export function estimateFile(path: string, options: LoadOptions): MemoryEstimate {
  const { file, facts } = readHeader(path);
  return estimateMemory(file, facts, fixOptions(options, file, facts), availableMemory());
}

export async function loadModel(path: string, asked: LoadOptions, progress: (fraction: number) => void): Promise<Loaded> {
  const { file, facts } = readHeader(path);
  const options = fixOptions(asked, file, facts);
  const wanted = wantedContext(options.contextSize, facts.context);
  const fitting = fitContext(file, facts, options, availableMemory());
  const llama = await getLlama({ ...llamaOptions(options.gpuLayers), logLevel: LlamaLogLevel.error, logger: log });
  let llamaModel: LlamaModel;
  try {
    llamaModel = await llama.loadModel({
      modelPath: path,
      gpuLayers: options.gpuLayers,
      onLoadProgress: progress,
    });
  } catch (error) {
    throw new TillerError(
      "bad-model-file",
      `llama.cpp cannot load it: ${whyNot() ?? (error instanceof Error ? error.message : String(error))}`,
    );
  }
  const addon = loadNative(addonPath(llama.gpu === false ? "cpu" : llama.gpu));
  const model = addon.openNewest();
  const threads = options.threads > 0 ? options.threads : defaultThreads();
  const { context, contextSize } = createContext(model, options, threads, fitting);
  const kvTokenBytes = estimateMemory(file, facts, options, 0).kvTokenBytes;
  const notes = contextSize < wanted ? [`context of ${contextSize} tokens instead of ${wanted}: more does not fit into memory`] : [];
  const numerics = { flashAttention: context.flashAttention(), kvType: options.kvType, exact: options.exact };
  return { llama, llamaModel, addon, model, context, contextSize, options, threads, numerics, kvTokenBytes, notes };
}

function createContext(
  model: NativeModel,
  options: FixedOptions,
  threads: number,
  wanted: number,
): { context: NativeContext; contextSize: number } {
  for (let contextSize = wanted; ; contextSize = Math.floor(contextSize / 2)) {
    try {
      const context = model.createContext({
        nCtx: paddedContext(contextSize) * options.sequences,
        // with room for bridges, see daemon/native/README.md
        nBatch: BATCH + options.sequences,
        nUbatch: BATCH,
        nSeqMax: options.sequences,
        // in one cache for all, every answer would attend over the others' positions, too, masked but computed
        kvUnified: false,
        typeK: options.kvType,
        typeV: options.kvType,
        flashAttention: options.flashAttention,
        threads,
        fullWindow: options.fullWindow,
        maxProfiles: options.maxProfiles,
        // not the padded one: a model's own limit is a multiple of nothing
        ropeContext: contextSize,
      });
      return { context, contextSize };
    } catch (error) {
      if (options.contextSize > 0 || contextSize / 2 < MIN_CONTEXT)
        throw new TillerError(
          "too-large",
          `there is no memory for a context of ${contextSize} tokens: ${error instanceof Error ? error.message : String(error)}`,
          {
            suggestion: "Ask for a smaller context or fewer sequences.",
          },
        );
    }
  }
}

/** Below this a model computes a step faster than its threads can be brought together on a busy machine. */
const ONE_THREAD_BYTES = 64 * 1024 ** 2;

/** A context beside the main one, with a KV stream of its own for each sequence. */
export function createStreams(
  loaded: Pick<Loaded, "model" | "options" | "contextSize" | "numerics">,
  tokens: number,
  sequences: number,
  profiles = loaded.options.maxProfiles,
): NativeContext {
  const { model, options, numerics } = loaded;
  try {
    return model.createContext({
      nCtx: paddedContext(tokens) * sequences,
      nBatch: BATCH,
      nUbatch: BATCH,
      nSeqMax: sequences,
      kvUnified: false,
      typeK: options.kvType,
      typeV: options.kvType,
      flashAttention: numerics.flashAttention ? "on" : "off",
      threads: asideThreads(model, options),
      fullWindow: true,
      maxProfiles: profiles,
      // activations are the main context's, however small this one is
      ropeContext: loaded.contextSize,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TillerError("too-large", `there is no memory for ${sequences} × ${tokens} tokens beside the loaded context: ${why}`, {
      suggestion: "Load the model with a smaller context or fewer sequences, or ask for shorter answers.",
    });
  }
}

/** A context beside the main one, with one cache for all of its sequences, so that what they share lies in it once. */
export function createShared(
  { model, options, contextSize, numerics }: Pick<Loaded, "model" | "options" | "contextSize" | "numerics">,
  cells: number,
  sequences: number,
): NativeContext {
  try {
    return model.createContext({
      nCtx: paddedContext(cells),
      nBatch: BATCH,
      nUbatch: BATCH,
      nSeqMax: sequences,
      kvUnified: true,
      typeK: options.kvType,
      typeV: options.kvType,
      flashAttention: numerics.flashAttention ? "on" : "off",
      threads: asideThreads(model, options),
      fullWindow: true,
      maxProfiles: options.maxProfiles,
      // activations are the main context's, however small this one is
      ropeContext: contextSize,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TillerError("too-large", `there is no memory for ${cells} tokens beside the loaded context: ${why}`, {
      suggestion: "Load the model with a smaller context or fewer sequences.",
    });
  }
}

function asideThreads(model: NativeModel, { threads }: FixedOptions): number {
  if (threads > 0) return threads;
  return model.facts().sizeBytes < ONE_THREAD_BYTES ? 1 : defaultThreads();
}

/** Cores, for a thread per core computes fastest; hyper-threads of one core share its arithmetic. */
export function defaultThreads(): number {
  return Math.max(1, cpus().length > 4 ? Math.floor(cpus().length / 2) : cpus().length);
}

/** The chat template in the model's file. */
export function storedTemplate({ llamaModel }: Pick<Loaded, "llamaModel">): string | null {
  const source = (llamaModel.fileInfo.metadata as { tokenizer?: { chat_template?: unknown } }).tokenizer?.chat_template;
  return typeof source !== "string" || source.trim() === "" ? null : source;
}

export function describe(loaded: Loaded): Omit<EngineModel, "template"> {
  const { ropeContext, ...facts } = loaded.model.facts();
  return {
    facts: {
      ...facts,
      normEpsilon: normEpsilon(loaded),
      rope: ropeContext === null ? null : loaded.contextSize > ropeContext ? "long" : "short",
      heads: [...facts.heads],
      kvHeads: [...facts.kvHeads],
      mlpWidth: [...facts.mlpWidth],
      notes: [...facts.notes, ...loaded.notes],
    },
    sites: loaded.model.sites(),
    contextSize: loaded.contextSize,
    sequences: loaded.options.sequences,
    numerics: loaded.numerics,
    noGradients: noGradients(loaded),
    memory: loaded.context.memory(),
  };
}

/** A file that names none has norms of another kind. */
function normEpsilon({ llamaModel, model }: Pick<Loaded, "llamaModel" | "model">): number | null {
  const own = (llamaModel.fileInfo.metadata as Readonly<Record<string, unknown>>)[model.facts().architecture];
  const attention = (own as { attention?: { layer_norm_rms_epsilon?: unknown } } | undefined)?.attention;
  return typeof attention?.layer_norm_rms_epsilon === "number" ? attention.layer_norm_rms_epsilon : null;
}

/** Why the native core offers no gradients of it; null: it does. */
function noGradients({ model, contextSize }: Loaded): string | null {
  try {
    model.createGradient({ ropeContext: contextSize, threads: 1, keepWeights: false }).close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const lines: string[] = [];

function log(_level: LlamaLogLevel, message: string): void {
  const line = message.trim();
  if (line === "") return;
  lines.push(line);
  if (lines.length > 20) lines.shift();
  process.stderr.write(`${line}\n`);
}

/** llama.cpp says the reason first and then that it failed. */
function whyNot(): string | null {
  const reason = lines.find((line) => /unknown model architecture|missing tensor|error loading model/.test(line)) ?? lines.at(-1) ?? null;
  return reason?.replace(/^.*?error loading model[^:]*: /, "") ?? null;
}
