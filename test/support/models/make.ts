/** Makes GGUF models with random weights: every architecture small, and two large ones for the benchmark. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { entry, type GgufTensorInput, writeGguf } from "../../../daemon/formats/gguf/write.ts";
import { type Architecture, type Dimensions, type ModelPlan, plan, type TensorPlan } from "./architectures.ts";
import { fill } from "./fill.ts";
import { planMamba } from "./mamba.ts";
import { planUnusual, UNUSUAL, type Unusual } from "./unusual.ts";
import { INFILL_METADATA, vocabulary, vocabularyMetadata } from "./vocabulary.ts";

export type WeightType = "F32" | "F16" | "Q8_0";

export interface ModelOptions {
  readonly architecture: Architecture | Unusual | "mamba";
  readonly type?: WeightType;
  readonly seed?: number;
  readonly size?: Partial<Dimensions>;
  /** false: the vocabulary on which llama.cpp's tokenizer ends the process at the first unknown character */
  readonly byteTokens?: boolean;
  /** true: it has tokens for filling a gap */
  readonly infill?: boolean;
  /** a token whose embedding is a thousand times as long, so that its residual is, too: an attention sink; needs F32 */
  readonly sink?: number;
}

/** Every width is a multiple of 32, so that rows are whole Q8_0 blocks. */
export const SMALL: Dimensions = { layers: 3, d: 64, f: 160, heads: 4, kvHeads: 2, headDim: 16, vocabulary: 512, context: 512 };

/** The models of the benchmark. */
export const BENCH = {
  medium: {
    architecture: "llama",
    type: "F32",
    size: { layers: 8, d: 512, f: 1408, heads: 8, kvHeads: 4, headDim: 64, vocabulary: 4096, context: 4096 },
  },
  large: {
    architecture: "llama",
    type: "Q8_0",
    size: { layers: 22, d: 2048, f: 5632, heads: 32, kvHeads: 4, headDim: 64, vocabulary: 4096, context: 4096 },
  },
} as const satisfies Record<string, ModelOptions>;

const FILE_TYPES: Readonly<Record<WeightType, number>> = { F32: 0, F16: 1, Q8_0: 7 };

/** Writes the model to `path` and returns `path`. The same options give the same bytes. */
export function makeModel(path: string, options: ModelOptions): string {
  const { architecture, type = "F32", seed = 1, byteTokens = true, infill = false, sink } = options;
  const size: Dimensions = { ...SMALL, ...options.size };
  const { name, metadata, tensors } = planOf(architecture, size);
  mkdirSync(dirname(path), { recursive: true });
  // a reader must never see half a model, and test lanes may share a folder
  const partial = `${path}.${process.pid}.partial`;
  writeGguf(partial, {
    metadata: [
      ["general.architecture", entry.string(name)],
      // no architecture here: llama.cpp looks for "phi3" in the name and then expects a token of that family
      ["general.name", entry.string(`Random weights ${type}`)],
      ["general.file_type", entry.u32(FILE_TYPES[type])],
      ...metadata,
      ...vocabularyMetadata(vocabulary(size.vocabulary, byteTokens)),
      ...(infill ? INFILL_METADATA : []),
    ],
    tensors: tensors.map((tensor) => toInput(tensor, type, seed)).map((tensor) => withSink(tensor, size.d, sink)),
  });
  renameSync(partial, path);
  return path;
}

function planOf(architecture: ModelOptions["architecture"], size: Dimensions): ModelPlan {
  if (architecture === "mamba") return planMamba(size);
  const unusual = UNUSUAL.find((name) => name === architecture);
  return unusual === undefined ? plan(architecture as Architecture, size) : planUnusual(unusual, size);
}

/** As `makeModel`, but leaves a file alone that is already there: for models that take seconds to write. */
export function ensureModel(path: string, options: ModelOptions): string {
  return existsSync(path) ? path : makeModel(path, options);
}

function toInput(tensor: TensorPlan, type: WeightType, seed: number): GgufTensorInput {
  // vectors and the router stay in float32, as llama.cpp's own quantiser leaves them
  const full = tensor.kind !== "matrix" || tensor.name.includes("ffn_gate_inp");
  const chosen = full ? "F32" : type;
  return { name: tensor.name, shape: tensor.shape, type: chosen, data: () => fill(tensor, chosen, seed) };
}

function withSink(tensor: GgufTensorInput, width: number, token: number | undefined): GgufTensorInput {
  const { name, data } = tensor;
  if (token === undefined || name !== "token_embd.weight") return tensor;
  return {
    ...tensor,
    data: function* () {
      const bytes = Buffer.concat([...(data as () => Iterable<Uint8Array>)()]);
      for (let at = token * width * 4; at < (token + 1) * width * 4; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) * 1000, at);
      yield bytes;
    },
  };
}
