/** Reads one tensor of a GGUF file as float32. */
import { dequantise } from "./dequant.ts";
import { type ByteSource, bufferSource } from "./source.ts";
import { GgufError, type GgufFile } from "./types.ts";

/** All values of a tensor, row by row. Allocates elements × 4 bytes: the caller has looked at the size. */
export function readTensor(source: ByteSource | Uint8Array, file: GgufFile, name: string): Float32Array {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) throw new GgufError(name, "the file has no such tensor", file.dataOffset);
  const whole = source instanceof Uint8Array ? bufferSource(source) : source;
  return dequantise(tensor.type, whole.read(tensor.offset, tensor.bytes));
}
