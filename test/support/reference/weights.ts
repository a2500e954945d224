/** Loads the weights of a Llama-architecture GGUF, dequantised to float32 (exact for F32, F16 and BF16 files). */

import { checkModel } from "../../../daemon/formats/gguf/check.ts";
import { parseGguf } from "../../../daemon/formats/gguf/read.ts";
import { type ByteSource, withFile } from "../../../daemon/formats/gguf/source.ts";
import { readTensor } from "../../../daemon/formats/gguf/tensor.ts";
import type { GgufFile } from "../../../daemon/formats/gguf/types.ts";
import { getNumber, getString } from "../../../daemon/formats/gguf/values.ts";
import type { Rope } from "./maths.ts";

/** Notation: d model width, f MLP width, H heads of width dh, KV key and value heads, V tokens. */
export interface ReferenceFacts {
  readonly layers: number;
  readonly d: number;
  readonly f: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly epsilon: number;
  readonly tied: boolean;
}

/** Matrices are [outputs × inputs], row by row, as in the file. */
export interface LayerWeights {
  readonly attnNorm: Float32Array;
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly output: Float32Array;
  readonly mlpNorm: Float32Array;
  readonly gate: Float32Array;
  readonly up: Float32Array;
  readonly down: Float32Array;
}

export interface ReferenceWeights {
  readonly facts: ReferenceFacts;
  readonly rope: Rope;
  readonly embedding: Float32Array;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: Float32Array;
  readonly head: Float32Array;
}

export function loadWeights(path: string): ReferenceWeights {
  return withFile(path, (source) => {
    const file = parseGguf(source);
    const { architecture, ...model } = checkModel(file);
    if (architecture !== "llama" || model.experts > 0) throw new Error(`the reference knows dense llama models, this is ${architecture}`);
    const read = new TensorReader(source, file);
    const tied = !file.tensors.has("output.weight");
    const embedding = read.take("token_embd.weight");
    const facts: ReferenceFacts = {
      ...{ layers: model.layers, d: model.width, f: model.mlpWidths[0]!, heads: model.heads[0]!, kvHeads: model.kvHeads[0]! },
      ...{ headDim: model.keyWidth, vocabulary: embedding.length / model.width, context: model.context, tied },
      epsilon: getNumber(file, "llama.attention.layer_norm_rms_epsilon")!,
    };
    const weights: ReferenceWeights = {
      facts,
      rope: loadRope(file, read),
      embedding,
      layers: Array.from({ length: facts.layers }, (_, layer) => read.layer(layer)),
      finalNorm: read.take("output_norm.weight"),
      head: tied ? embedding : read.take("output.weight"),
    };
    // a tensor that nobody asked for means that this pass computes something else than the file says
    const unused = [...file.tensors.keys()].filter((name) => !read.taken.has(name));
    if (unused.length > 0) throw new Error(`the reference does not know ${unused.slice(0, 3).join(", ")}`);
    return weights;
  });
}

function loadRope(file: GgufFile, read: TensorReader): Rope {
  const type = getString(file, "llama.rope.scaling.type") ?? "linear";
  if (type !== "linear" && type !== "none") throw new Error(`the reference does not know rope scaling '${type}'`);
  const factor = (type === "none" ? null : getNumber(file, "llama.rope.scaling.factor")) ?? 0;
  return {
    base: getNumber(file, "llama.rope.freq_base") ?? 10000,
    scale: factor === 0 ? 1 : 1 / factor,
    factors: file.tensors.has("rope_freqs.weight") ? read.take("rope_freqs.weight") : null,
  };
}

class TensorReader {
  readonly taken = new Set<string>();
  readonly #source: ByteSource;
  readonly #file: GgufFile;

  constructor(source: ByteSource, file: GgufFile) {
    this.#source = source;
    this.#file = file;
  }

  take(name: string): Float32Array {
    this.taken.add(name);
    return readTensor(this.#source, this.#file, name);
  }

  layer(index: number): LayerWeights {
    const take = (name: string) => this.take(`blk.${index}.${name}.weight`);
    return {
      attnNorm: take("attn_norm"),
      query: take("attn_q"),
      key: take("attn_k"),
      value: take("attn_v"),
      output: take("attn_output"),
      mlpNorm: take("ffn_norm"),
      gate: take("ffn_gate"),
      up: take("ffn_up"),
      down: take("ffn_down"),
    };
  }
}
