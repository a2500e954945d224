/** What proofs of gradients share: losses, dequantised models, comparisons. */
import type { GradientRequest } from "../../daemon/engine/model/native.ts";
import { DEQUANTISABLE, readModelFile, readTensor, withFile } from "../../daemon/formats/gguf/index.ts";
import { type GgufTensorInput, writeGguf } from "../../daemon/formats/gguf/write.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";
import { noise, openNative } from "./native.ts";

/** Entries per place, the step as a share of the value's size, the loss's rise along a whole gradient, what float32 rounds it by. */
export const RULES = { entries: 6, step: 0.1, rise: 0.04, rounding: 3e-6 } as const;

export function tokensOf(vocabulary: number, length: number): Int32Array {
  return Int32Array.from(noise(length, 9), (value) => 3 + Math.floor(((value + 1) / 2) * (Math.min(vocabulary, 500) - 3)));
}

/** Cross-entropy at one position and a difference of log-probabilities at others. */
export function lossOf(tokens: Int32Array): GradientRequest {
  const last = tokens.length - 1;
  return {
    tokens,
    embeddings: null,
    tokenTerms: [
      { position: last, token: 7, weight: 1 },
      { position: last, token: 11, weight: -0.5 },
      { position: last - 3, token: tokens[last - 2]!, weight: 0.8 },
    ],
    stateTerms: [],
    shifts: [],
    wants: [],
  };
}

export function fill(width: number, index: number, value: number): Float32Array {
  const out = new Float32Array(width);
  out[index] = value;
  return out;
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}

export async function gradientOf(path: string, wants: readonly { site: SiteName; layer: number }[], length = 40): Promise<Float32Array[]> {
  const open = await openNative(path);
  try {
    const gradient = open.model.createGradient({ ropeContext: 512, threads: 1, keepWeights: true });
    const base = lossOf(tokensOf(open.model.facts().vocabulary, length));
    return [...(await gradient.run({ ...base, wants: wants.map((want) => ({ ...want, what: "gradient" as const })) })).wanted];
  } finally {
    await open.close();
  }
}

/** Writes a copy of a model with all weights in F32, and returns its path. */
export async function dequantised(path: string): Promise<string> {
  const target = path.replace(/\.gguf$/, "-f32.gguf");
  const { file } = readModelFile(path);
  const open = await openNative(path);
  try {
    const tensors = [...file.tensors.values()].map(({ name, shape, type }): GgufTensorInput => {
      const rows = shape.slice(1).reduce((product, size) => product * size, 1);
      // llama.cpp repacks some types for the processor, and cannot read those back
      const ours = (DEQUANTISABLE as readonly string[]).includes(type.name);
      const read = function* (): Generator<Uint8Array> {
        if (ours) yield bytesOf(withFile(path, (source) => readTensor(source, file, name)));
        else for (let row = 0; row < rows; row += 256) yield bytesOf(open.model.readRows(name, row, Math.min(256, rows - row)));
      };
      return { name, shape, type: "F32", data: read };
    });
    writeGguf(target, { metadata: [...file.metadata], tensors });
  } finally {
    await open.close();
  }
  return target;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
