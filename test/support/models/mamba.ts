/** A random-weight mamba: a recurrent model, without attention, MLP or a cache of positions. Source: src/models/mamba.cpp. */
import { entry } from "../../../daemon/formats/gguf/write.ts";
import type { Dimensions, ModelPlan, TensorPlan } from "./architectures.ts";

const CONV = 4;
const STATE = 16;
const RANK = 4;

export function planMamba({ layers, d, vocabulary, context }: Dimensions): ModelPlan {
  const inner = 2 * d;
  const tensors: TensorPlan[] = [
    { name: "token_embd.weight", shape: [d, vocabulary], kind: "matrix", gain: 3 },
    { name: "output_norm.weight", shape: [d], kind: "norm" },
    { name: "output.weight", shape: [d, vocabulary], kind: "matrix", gain: 2 },
  ];
  for (let layer = 0; layer < layers; layer++) {
    const add = (name: string, kind: TensorPlan["kind"], ...shape: number[]) => tensors.push({ name: `blk.${layer}.${name}`, shape, kind });
    add("attn_norm.weight", "norm", d);
    add("ssm_in.weight", "matrix", d, 2 * inner);
    add("ssm_conv1d.weight", "norm", CONV, inner);
    add("ssm_conv1d.bias", "bias", inner);
    add("ssm_x.weight", "matrix", inner, RANK + 2 * STATE);
    add("ssm_dt.weight", "norm", RANK, inner);
    add("ssm_dt.bias", "bias", inner);
    add("ssm_a", "bias", STATE, inner);
    add("ssm_d", "norm", inner);
    add("ssm_out.weight", "matrix", inner, d);
  }
  const key = (suffix: string) => `mamba.${suffix}`;
  return {
    name: "mamba",
    metadata: [
      [key("context_length"), entry.u32(context)],
      [key("embedding_length"), entry.u32(d)],
      [key("feed_forward_length"), entry.u32(0)],
      [key("attention.head_count"), entry.u32(0)],
      [key("block_count"), entry.u32(layers)],
      [key("vocab_size"), entry.u32(vocabulary)],
      [key("ssm.conv_kernel"), entry.u32(CONV)],
      [key("ssm.inner_size"), entry.u32(inner)],
      [key("ssm.state_size"), entry.u32(STATE)],
      [key("ssm.time_step_rank"), entry.u32(RANK)],
      [key("attention.layer_norm_rms_epsilon"), entry.f32(1e-5)],
    ],
    tensors,
  };
}
