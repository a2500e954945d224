/**
 * Artifacts as files. The format `tiller` is one safetensors file with the numbers, and with everything else that is known of
 * the artifact as JSON in its metadata under `tiller`; it holds every kind. Methods add formats of their own.
 */
import type { FoundArtifact, LoadedArtifact } from "../compiler/types.ts";
import { decodeSafetensors, encodeSafetensors, SafetensorsError, tensorFrom, tensorValues } from "../formats/safetensors.ts";
import { methodOfKind } from "../methods/index.ts";
import { ArtifactSchema } from "../protocol/artifact.ts";
import { fromZod, TillerError } from "../protocol/errors.ts";

export const BUNDLE = { id: "tiller", title: "Tiller artifact", extension: ".tiller.safetensors" } as const;

const BundleSchema = ArtifactSchema.omit({ tiller: true, kind: true, data: true, hash: true, receipts: true });

export function exportArtifact(artifact: LoadedArtifact, format: string, options: unknown): { data: Uint8Array; name: string } {
  const { id, kind } = artifact.meta;
  const stem = id.replace("/", "-");
  if (format === BUNDLE.id) return { data: bundle(artifact), name: `${stem}${BUNDLE.extension}` };
  const known = methodOfKind(kind)?.formats ?? [];
  const own = known.find((candidate) => candidate.id === format);
  if (own === undefined)
    throw new TillerError("not-supported", `format: ${id} cannot be written as '${format}'`, {
      field: "format",
      suggestion: `It can be written as ${[BUNDLE, ...known].map((candidate) => candidate.id).join(", ")}.`,
    });
  const checked = own.options.safeParse(options);
  if (!checked.success) throw fromZod(checked.error, "invalid-params", "options");
  return { data: own.export(artifact, checked.data), name: `${stem}${own.extension}` };
}

function bundle({ meta, tensors }: LoadedArtifact): Uint8Array {
  const { tiller: _, kind: __, data: ___, hash: ____, receipts: _____, ...found } = meta;
  return encodeSafetensors({
    metadata: { tiller: JSON.stringify(found) },
    tensors: new Map([...tensors].map(([name, { shape, data }]) => [name, tensorFrom(data, shape)])),
  });
}

/** @throws TillerError bad-artifact saying which part is not as it should be */
export function readBundle(bytes: Uint8Array): FoundArtifact {
  const { metadata, tensors } = decode(bytes);
  const text = metadata["tiller"];
  if (text === undefined) throw bad("it has no `tiller` in its metadata");
  const parsed = BundleSchema.safeParse(json(text));
  if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", "metadata.tiller");
  return {
    meta: parsed.data,
    tensors: new Map([...tensors].map(([name, tensor]) => [name, { shape: tensor.shape, data: Float32Array.from(tensorValues(tensor)) }])),
  };
}

function decode(bytes: Uint8Array): ReturnType<typeof decodeSafetensors> {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) throw bad(error.message);
    throw error;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad("its metadata is not JSON");
  }
}

function bad(reason: string): TillerError {
  return new TillerError("bad-artifact", `not a Tiller artifact: ${reason}`, {
    suggestion: "Give a file that `tiller artifacts export` wrote.",
  });
}
