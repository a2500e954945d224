/** An artifact's numbers as safetensors: float32 in memory, whatever the file holds. */
import type { LoadedArtifact, Tensor } from "../compiler/types.ts";
import { decodeSafetensors, encodeSafetensors, SafetensorsError, tensorFrom, tensorValues } from "../formats/safetensors.ts";
import { TillerError } from "../protocol/errors.ts";

export function encodeTensors(tensors: LoadedArtifact["tensors"]): Uint8Array {
  return encodeSafetensors({
    metadata: {},
    tensors: new Map([...tensors].map(([name, { shape, data }]) => [name, tensorFrom(data, shape)])),
  });
}

/** @throws TillerError bad-artifact, naming the tensor or part of the header */
export function decodeTensors(bytes: Uint8Array, id: string): Map<string, Tensor> {
  try {
    const { tensors } = decodeSafetensors(bytes);
    return new Map([...tensors].map(([name, tensor]) => [name, { shape: tensor.shape, data: Float32Array.from(tensorValues(tensor)) }]));
  } catch (error) {
    if (error instanceof SafetensorsError) throw new TillerError("bad-artifact", `${id}: ${error.message}`, { field: error.field });
    throw error;
  }
}
