/**
 * What a random-weight model of each architecture consists of: metadata keys and tensors by name and shape.
 * Source of names and shapes: src/models/*.cpp and src/llama-arch.cpp of llama.cpp release v0.5.0.
 */
import { entry } from "../../../daemon/formats/gguf/write.ts";

export const ARCHITECTURES = ["llama", "llama-tied", "qwen2", "qwen3", "gemma2", "gemma3", "phi3", "command-r", "mixtral"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Notation: d model width, f MLP width, H heads of width dh, KV key and value heads. */
export interface Dimensions {
  readonly layers: number;
  readonly d: number;
  readonly f: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  readonly context: number;
}

/** How a tensor's values are drawn: `norm` 1 ± 0.1, `bias` ± 0.1, `matrix` deviation 1/√(row length) × gain. */
export interface TensorPlan {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: "norm" | "bias" | "matrix";
  readonly gain?: number;
}

export interface ModelPlan {
  /** the value of general.architecture */
  readonly name: string;
  readonly metadata: [string, ReturnType<(typeof entry)["u32"]>][];
  readonly tensors: TensorPlan[];
}

const EXPERTS = 4;

export function plan(architecture: Architecture, size: Dimensions): ModelPlan {
  const name = architecture === "mixtral" || architecture === "llama-tied" ? "llama" : architecture;
  const key = (suffix: string) => `${name}.${suffix}`;
  const metadata: ModelPlan["metadata"] = [
    [key("context_length"), entry.u32(size.context)],
    [key("embedding_length"), entry.u32(size.d)],
    [key("block_count"), entry.u32(size.layers)],
    [key("feed_forward_length"), entry.u32(size.f)],
    [key("attention.head_count"), entry.u32(size.heads)],
    [key("attention.head_count_kv"), entry.u32(size.kvHeads)],
    [key("vocab_size"), entry.u32(size.vocabulary)],
    [key("rope.dimension_count"), entry.u32(size.headDim)],
    [key("rope.freq_base"), entry.f32(10000)],
    architecture === "command-r"
      ? [key("attention.layer_norm_epsilon"), entry.f32(1e-5)]
      : [key("attention.layer_norm_rms_epsilon"), entry.f32(1e-5)],
  ];
  // the others derive the head width from d and H
  if (size.headDim * size.heads !== size.d || architecture.startsWith("gemma"))
    metadata.push([key("attention.key_length"), entry.u32(size.headDim)], [key("attention.value_length"), entry.u32(size.headDim)]);
  if (architecture.startsWith("gemma")) metadata.push([key("attention.sliding_window"), entry.u32(64)]);
  if (architecture === "gemma2")
    metadata.push([key("attn_logit_softcapping"), entry.f32(50)], [key("final_logit_softcapping"), entry.f32(30)]);
  if (architecture === "command-r") metadata.push([key("logit_scale"), entry.f32(0.5)]);
  if (architecture === "mixtral") metadata.push([key("expert_count"), entry.u32(EXPERTS)], [key("expert_used_count"), entry.u32(2)]);

  const tied = ["llama-tied", "gemma2", "gemma3", "command-r"].includes(architecture);
  const tensors: TensorPlan[] = [
    // small beside what the blocks add: with a tied head a large one would only predict its own token again
    { name: "token_embd.weight", shape: [size.d, size.vocabulary], kind: "matrix", gain: tied ? 1 : 3 },
    { name: "output_norm.weight", shape: [size.d], kind: "norm" },
  ];
  if (!tied) tensors.push({ name: "output.weight", shape: [size.d, size.vocabulary], kind: "matrix", gain: 2 });
  for (let layer = 0; layer < size.layers; layer++) tensors.push(...block(architecture, size, `blk.${layer}.`));
  return { name, metadata, tensors };
}

function block(architecture: Architecture, { d, f, heads, kvHeads, headDim }: Dimensions, prefix: string): TensorPlan[] {
  const tensors: TensorPlan[] = [];
  const norm = (name: string, width: number) => tensors.push({ name: `${prefix}${name}.weight`, shape: [width], kind: "norm" });
  const bias = (name: string, width: number) => tensors.push({ name: `${prefix}${name}.bias`, shape: [width], kind: "bias" });
  const matrix = (name: string, ...shape: number[]) => tensors.push({ name: `${prefix}${name}.weight`, shape, kind: "matrix" });
  const query = heads * headDim;
  const value = kvHeads * headDim;

  norm("attn_norm", d);
  if (architecture === "phi3") {
    matrix("attn_qkv", d, query + 2 * value);
  } else {
    matrix("attn_q", d, query);
    matrix("attn_k", d, value);
    matrix("attn_v", d, value);
  }
  if (architecture === "qwen2") {
    bias("attn_q", query);
    bias("attn_k", value);
    bias("attn_v", value);
  }
  if (architecture === "qwen3" || architecture === "gemma3") {
    norm("attn_q_norm", headDim);
    norm("attn_k_norm", headDim);
  }
  matrix("attn_output", query, d);
  if (architecture.startsWith("gemma")) {
    norm("post_attention_norm", d);
    norm("post_ffw_norm", d);
  }
  // attention and MLP side by side share one norm
  if (architecture !== "command-r") norm("ffn_norm", d);
  if (architecture === "mixtral") {
    matrix("ffn_gate_inp", d, EXPERTS);
    matrix("ffn_gate_exps", d, f, EXPERTS);
    matrix("ffn_down_exps", f, d, EXPERTS);
    matrix("ffn_up_exps", d, f, EXPERTS);
  } else if (architecture === "phi3") {
    matrix("ffn_up", d, 2 * f);
    matrix("ffn_down", f, d);
  } else {
    matrix("ffn_gate", d, f);
    matrix("ffn_up", d, f);
    matrix("ffn_down", f, d);
  }
  return tensors;
}
