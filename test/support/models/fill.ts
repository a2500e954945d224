/** The bytes of a random tensor, in chunks. Large tensors repeat a random pattern, so that 1.1 billion weights take seconds. */
import { quantise } from "../../../daemon/formats/gguf/quantise.ts";
import { ggmlType, tensorBytes } from "../../../daemon/formats/gguf/types.ts";
import type { TensorPlan } from "./architectures.ts";
import { nameSeed, random } from "./random.ts";

/** Weights drawn one by one; an odd number of blocks beyond it, so that repeated rows do not line up. */
const PATTERN = 32 * 8209;

export function* fill(tensor: TensorPlan, type: "F32" | "F16" | "Q8_0", seed: number): Generator<Uint8Array> {
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  const values = draw(tensor, Math.min(elements, PATTERN), nameSeed(tensor.name, seed));
  const pattern = quantise(values, type);
  let left = tensorBytes(ggmlType(type), elements);
  while (left > 0) {
    const chunk = left >= pattern.byteLength ? pattern : pattern.subarray(0, left);
    left -= chunk.byteLength;
    yield chunk;
  }
}

function draw(tensor: TensorPlan, count: number, seed: number): Float32Array {
  const { normal } = random(seed);
  const deviation = tensor.kind === "matrix" ? (tensor.gain ?? 1) / Math.sqrt(tensor.shape[0]!) : 0.1;
  const mean = tensor.kind === "norm" ? 1 : 0;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = mean + deviation * normal();
  return values;
}
