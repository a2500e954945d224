/**
 * Random-weight models whose graphs differ from the usual decoder where steering has to know it: norms without a weight, rows that are
 * gathered after the final norm, weights that serve several passes, what enters the residual scaled, norms with a misleading name.
 * Source of names and shapes: src/models/*.cpp and src/llama-arch.cpp of llama.cpp release v0.5.0.
 */
import { entry } from "../../../daemon/formats/gguf/write.ts";
import type { Dimensions, ModelPlan, TensorPlan } from "./architectures.ts";

export const UNUSUAL = [
  "olmo",
  "talkie",
  "gemma4",
  "seed_oss",
  "minicpm3",
  "nanbeige",
  "hrm_text",
  "nemotron_h",
  "phi3-long",
  "dots1",
] as const;
export type Unusual = (typeof UNUSUAL)[number];

interface Recipe {
  /** where the name is not llama.cpp's own */
  readonly architecture?: string;
  readonly metadata?: (size: Dimensions) => [string, ReturnType<(typeof entry)["u32"]>][];
  /** tensors beside the embedding, the head and, where `finalNorm`, the norm before it */
  readonly shared?: (size: Dimensions) => TensorPlan[];
  readonly block: (size: Dimensions, layer: number) => TensorPlan[];
  readonly finalNorm?: false;
  readonly tied?: true;
  /** blocks in the file, where that is not the number of layers */
  readonly blocks?: number;
}

const matrix = (name: string, ...shape: number[]): TensorPlan => ({ name: `${name}.weight`, shape, kind: "matrix" });
const norm = (name: string, ...shape: number[]): TensorPlan => ({ name: `${name}.weight`, shape, kind: "norm" });

/** Attention with keys and values for `kvHeads`. */
function attention({ d, heads, headDim }: Dimensions, kvHeads: number): TensorPlan[] {
  return [
    matrix("attn_q", d, heads * headDim),
    matrix("attn_k", d, kvHeads * headDim),
    matrix("attn_v", d, kvHeads * headDim),
    matrix("attn_output", heads * headDim, d),
  ];
}

function gated({ d, f }: Dimensions): TensorPlan[] {
  return [matrix("ffn_gate", d, f), matrix("ffn_up", d, f), matrix("ffn_down", f, d)];
}

/** Above this context size the long factors hold. */
export const LONG_ROPE = 256;

const EXPERTS = 4;
const RANK = 32;
const SSM = { conv: 4, state: 16, groups: 2 };
/** Layers of nemotron-h by turns: recurrent, MLP, attention. */
const turn = (layer: number): "recurrent" | "mlp" | "attention" => (["recurrent", "mlp", "attention"] as const)[layer % 3]!;

const RECIPES: Readonly<Record<Unusual, Recipe>> = {
  olmo: {
    finalNorm: false,
    metadata: () => [["attention.layer_norm_epsilon", entry.f32(1e-5)]],
    block: (size) => [...attention(size, size.kvHeads), ...gated(size)],
  },
  talkie: {
    finalNorm: false,
    metadata: () => [["logit_scale", entry.f32(1)]],
    block: (size) => [...attention(size, size.kvHeads), norm("attn_q_norm", 1, size.heads), ...gated(size), norm("layer_output_scale", 1)],
  },
  gemma4: {
    tied: true,
    metadata: ({ layers, headDim }) => [
      ["attention.sliding_window", entry.u32(64)],
      ["attention.sliding_window_pattern", entry.i32s(Int32Array.from({ length: layers }, (_, i) => (i % 2 === 0 ? 1 : 0)))],
      ["attention.key_length_swa", entry.u32(headDim)],
      ["attention.value_length_swa", entry.u32(headDim)],
      ["embedding_length_per_layer_input", entry.u32(0)],
    ],
    shared: ({ headDim }) => [norm("rope_freqs", headDim / 2)],
    block: (size) => [
      ...["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"].map((name) => norm(name, size.d)),
      ...attention(size, size.kvHeads),
      norm("attn_q_norm", size.headDim),
      norm("attn_k_norm", size.headDim),
      ...gated(size),
    ],
  },
  seed_oss: {
    block: (size) => [norm("attn_norm", size.d), norm("post_attention_norm", size.d), ...attention(size, size.kvHeads), ...gated(size)],
  },
  minicpm3: {
    metadata: ({ heads, headDim }) => [
      ["attention.head_count_kv", entry.u32(heads)],
      ["attention.q_lora_rank", entry.u32(RANK)],
      ["attention.kv_lora_rank", entry.u32(RANK)],
      ["rope.dimension_count", entry.u32(headDim / 2)],
    ],
    block: (size) => {
      const { d, heads, headDim } = size;
      return [
        norm("attn_norm", d),
        norm("attn_q_a_norm", RANK),
        norm("attn_kv_a_norm", RANK),
        matrix("attn_q_a", d, RANK),
        matrix("attn_q_b", RANK, heads * headDim),
        matrix("attn_kv_a_mqa", d, RANK + headDim / 2),
        matrix("attn_kv_b", RANK, heads * (headDim / 2 + headDim)),
        matrix("attn_output", heads * headDim, d),
        norm("ffn_norm", d),
        ...gated(size),
      ];
    },
  },
  nanbeige: {
    metadata: () => [["num_loops", entry.u32(2)]],
    block: (size) => [norm("attn_norm", size.d), ...attention(size, size.kvHeads), norm("ffn_norm", size.d), ...gated(size)],
  },
  // two stacks of one block, passed low, low, high, twice over
  hrm_text: {
    finalNorm: false,
    blocks: 2,
    metadata: () => [
      ["block_count", entry.u32(6)],
      ["hrm.layers_per_stack", entry.u32(1)],
      ["hrm.h_cycles", entry.u32(2)],
      ["hrm.l_cycles", entry.u32(2)],
    ],
    shared: ({ d }) => [{ name: "hrm.z_l_init", shape: [d], kind: "bias" }],
    block: (size) => [...attention(size, size.kvHeads), matrix("attn_gate", size.d, size.heads * size.headDim), ...gated(size)],
  },
  nemotron_h: {
    metadata: ({ layers, d, f, kvHeads, heads }) => [
      ["attention.layer_norm_epsilon", entry.f32(1e-5)],
      ["feed_forward_length", entry.u32s(Uint32Array.from({ length: layers }, (_, i) => (turn(i) === "mlp" ? f : 0)))],
      ["attention.head_count_kv", entry.u32s(Uint32Array.from({ length: layers }, (_, i) => (turn(i) === "attention" ? kvHeads : 0)))],
      ["ssm.conv_kernel", entry.u32(SSM.conv)],
      ["ssm.inner_size", entry.u32(2 * d)],
      ["ssm.state_size", entry.u32(SSM.state)],
      ["ssm.time_step_rank", entry.u32(heads)],
      ["ssm.group_count", entry.u32(SSM.groups)],
    ],
    block: (size, layer) => {
      const { d, f, heads } = size;
      if (turn(layer) === "attention") return [norm("attn_norm", d), ...attention(size, size.kvHeads)];
      if (turn(layer) === "mlp") return [norm("attn_norm", d), matrix("ffn_up", d, f), matrix("ffn_down", f, d)];
      const mixed = 2 * d + 2 * SSM.groups * SSM.state;
      return [
        norm("attn_norm", d),
        matrix("ssm_in", d, 2 * d + mixed + heads),
        norm("ssm_conv1d", SSM.conv, mixed),
        { name: "ssm_conv1d.bias", shape: [mixed], kind: "bias" },
        { name: "ssm_dt.bias", shape: [heads], kind: "bias" },
        { name: "ssm_a", shape: [1, heads], kind: "bias" },
        { name: "ssm_d", shape: [1, heads], kind: "norm" },
        norm("ssm_norm", (2 * d) / SSM.groups, SSM.groups),
        matrix("ssm_out", 2 * d, d),
      ];
    },
  },
  // two sets of rope factors, chosen by the context size
  "phi3-long": {
    architecture: "phi3",
    metadata: () => [["rope.scaling.original_context_length", entry.u32(LONG_ROPE)]],
    shared: ({ headDim }) => [norm("rope_factors_short", headDim / 2), norm("rope_factors_long", headDim / 2)],
    block: ({ d, f, heads, kvHeads, headDim }) => [
      norm("attn_norm", d),
      matrix("attn_qkv", d, (heads + 2 * kvHeads) * headDim),
      matrix("attn_output", heads * headDim, d),
      norm("ffn_norm", d),
      matrix("ffn_up", d, 2 * f),
      matrix("ffn_down", f, d),
    ],
  },
  // without a gating function, as older files of it are: llama.cpp ends the process when it builds the graph
  dots1: {
    metadata: ({ f, heads }) => [
      ["attention.head_count_kv", entry.u32(heads)],
      ["expert_count", entry.u32(EXPERTS)],
      ["expert_used_count", entry.u32(2)],
      ["expert_shared_count", entry.u32(1)],
      ["expert_feed_forward_length", entry.u32(f)],
      ["leading_dense_block_count", entry.u32(1)],
    ],
    block: (size, layer) => {
      const { d, f } = size;
      const experts = [
        matrix("ffn_gate_inp", d, EXPERTS),
        matrix("ffn_gate_exps", d, f, EXPERTS),
        matrix("ffn_down_exps", f, d, EXPERTS),
        matrix("ffn_up_exps", d, f, EXPERTS),
        matrix("ffn_gate_shexp", d, f),
        matrix("ffn_down_shexp", f, d),
        matrix("ffn_up_shexp", d, f),
      ];
      return [
        norm("attn_norm", d),
        ...attention(size, size.heads),
        norm("attn_k_norm", size.headDim),
        norm("attn_q_norm", size.headDim),
        norm("ffn_norm", d),
        ...(layer === 0 ? gated(size) : experts),
      ];
    },
  },
};

export function planUnusual(architecture: Unusual, size: Dimensions): ModelPlan {
  const recipe = RECIPES[architecture];
  const { layers, d, f, heads, kvHeads, headDim, vocabulary, context } = size;
  const metadata = new Map([
    ["context_length", entry.u32(context)],
    ["embedding_length", entry.u32(d)],
    ["block_count", entry.u32(layers)],
    ["feed_forward_length", entry.u32(f)],
    ["attention.head_count", entry.u32(heads)],
    ["attention.head_count_kv", entry.u32(kvHeads)],
    ["attention.key_length", entry.u32(headDim)],
    ["attention.value_length", entry.u32(headDim)],
    ["attention.layer_norm_rms_epsilon", entry.f32(1e-5)],
    ["vocab_size", entry.u32(vocabulary)],
    ["rope.dimension_count", entry.u32(headDim)],
    ["rope.freq_base", entry.f32(10000)],
    ...(recipe.metadata?.(size) ?? []),
  ]);
  const tensors: TensorPlan[] = [
    { name: "token_embd.weight", shape: [d, vocabulary], kind: "matrix", gain: recipe.tied ? 1 : 3 },
    ...(recipe.finalNorm === false ? [] : [norm("output_norm", d)]),
    ...(recipe.tied ? [] : [{ name: "output.weight", shape: [d, vocabulary], kind: "matrix" as const, gain: 2 }]),
    ...(recipe.shared?.(size) ?? []),
  ];
  for (let layer = 0; layer < (recipe.blocks ?? layers); layer++)
    tensors.push(...recipe.block(size, layer).map((tensor) => ({ ...tensor, name: `blk.${layer}.${tensor.name}` })));
  const name = recipe.architecture ?? architecture;
  return { name, metadata: [...metadata].map(([key, value]) => [`${name}.${key}`, value]), tensors };
}
