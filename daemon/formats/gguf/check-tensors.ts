/**
 * Checks tensor shapes against a model's keys. The embedding is looked at for every architecture; the layers only where
 * they are built like Llama's, because llama.cpp itself compares shapes for all of them and refuses without harm.
 */
import type { ModelFacts } from "./facts.ts";
import { GgufError, type GgufFile } from "./types.ts";

/** Architectures whose layers have Llama's tensors under Llama's names (biases and extra norms aside). */
const LLAMA_LIKE = new Set(["llama", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "command-r", "starcoder2", "olmo2", "smollm3"]);

type Facts = Omit<ModelFacts, "warnings">;

export function checkTensors(file: GgufFile, facts: Facts): void {
  const { architecture, width, vocabulary } = facts;
  if (file.tensors.size === 0) throw new GgufError("tensors", "the file has none", file.dataOffset);
  if (vocabulary > 0) {
    if (LLAMA_LIKE.has(architecture)) expect(file, "token_embd.weight", [width, vocabulary], true);
    else expectRow(file, "token_embd.weight", width);
  }
  if (!LLAMA_LIKE.has(architecture)) return;
  expect(file, "output_norm.weight", [width], true);
  if (vocabulary > 0) expect(file, "output.weight", [width, vocabulary], false);
  for (let layer = 0; layer < facts.layers; layer++) checkLayer(file, facts, layer);
}

function checkLayer(file: GgufFile, facts: Facts, layer: number): void {
  const { width, keyWidth, valueWidth } = facts;
  const heads = facts.heads[layer]!;
  const kvHeads = facts.kvHeads[layer]!;
  const mlp = facts.mlpWidths[layer]!;
  const name = (suffix: string) => `blk.${layer}.${suffix}.weight`;
  if (file.tensors.get(name("attn_qkv")) === undefined) {
    expect(file, name("attn_q"), [width, heads * keyWidth], true);
    expect(file, name("attn_k"), [width, kvHeads * keyWidth], true);
    expect(file, name("attn_v"), [width, kvHeads * valueWidth], true);
  } else {
    expect(file, name("attn_qkv"), [width, heads * keyWidth + kvHeads * (keyWidth + valueWidth)], true);
  }
  expect(file, name("attn_output"), [heads * valueWidth, width], true);
  expect(file, name("attn_norm"), [width], false);
  expect(file, name("ffn_norm"), [width], false);
  if (facts.experts > 0) {
    expect(file, name("ffn_gate_inp"), [width, facts.experts], false);
    return;
  }
  expect(file, name("ffn_gate"), [width, mlp], false);
  expect(file, name("ffn_up"), [width, mlp], true);
  expect(file, name("ffn_down"), [mlp, width], true);
}

function expect(file: GgufFile, name: string, shape: readonly number[], required: boolean): void {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) {
    if (required) throw new GgufError(name, "this tensor is missing", file.dataOffset);
    return;
  }
  // trailing sizes of 1 carry no meaning in ggml
  const length = Math.max(shape.length, tensor.shape.length);
  for (let i = 0; i < length; i++)
    if ((tensor.shape[i] ?? 1) !== (shape[i] ?? 1))
      throw new GgufError(name, `has the shape [${tensor.shape.join(", ")}], the keys promise [${shape.join(", ")}]`, tensor.offset);
}

function expectRow(file: GgufFile, name: string, width: number): void {
  const tensor = file.tensors.get(name);
  if (tensor !== undefined && tensor.shape[0] !== width)
    throw new GgufError(name, `has rows of ${tensor.shape[0]}, the keys promise ${width}`, tensor.offset);
}
