/**
 * llama.cpp / repeng GGUF control vectors, both ways. A file holds F32 tensors `direction.N` [d]: what llama.cpp adds to the
 * output of block N (0-based) at scale 1, which is our `resid` `add` at layer N and strength 1. llama.cpp begins at N = 1; a file
 * that names 0 is taken, for here that layer can be acted at. Layout as written by
 * llama-cvector-generator: general.architecture = "controlvector", controlvector.model_hint, controlvector.layer_count (i32).
 */
import * as z from "zod";
import { formatLayers } from "../../compiler/report.ts";
import type { FoundArtifact, LoadedArtifact } from "../../compiler/types.ts";
import {
  DEFAULT_LIMITS,
  encodeGguf,
  entry,
  GgufError,
  type GgufLimits,
  getString,
  parseGguf,
  readTensor,
} from "../../formats/gguf/index.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Format, TargetModel } from "../contract.ts";
import { hashBytes } from "../shared/hash.ts";
import { norm } from "../shared/numbers.ts";
import { bodyOf, type DirectionBody } from "./body.ts";

const ARCHITECTURE = "controlvector";
const MAX_LAYER = 1023;
/** Values of an artifact, whose vectors lie in one tensor from layer 0 on: 128 layers of 16,384. */
const MAX_VALUES = 128 * 16_384;
/** A control vector has three keys and a tensor for each layer. */
const LIMITS: GgufLimits = { ...DEFAULT_LIMITS, keys: 64, tensors: 1024, stringBytes: 4096, arrayItems: 1024 };

export interface GgufVectorImport {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** the model it will be used on, when known: its layer count and width are checked; the file itself names no fingerprint */
  readonly model: TargetModel | null;
  readonly created: string;
}

/** @throws TillerError `bad-artifact` naming the tensor or key at fault */
export function importGgufVector({ id, bytes, model, created }: GgufVectorImport): FoundArtifact {
  const file = parse(bytes);
  if (getString(file, "general.architecture") !== ARCHITECTURE)
    throw bad(
      `general.architecture is '${getString(file, "general.architecture") ?? "missing"}', not '${ARCHITECTURE}': this GGUF is not a control vector`,
    );
  const vectors = new Map<number, Float32Array>();
  for (const tensor of file.tensors.values()) {
    const match = /^direction\.(\d{1,4})$/.exec(tensor.name);
    if (match === null) continue;
    const layer = Number(match[1]);
    if (layer > MAX_LAYER) throw bad(`${tensor.name}: layer indices run to ${MAX_LAYER}`);
    if (vectors.has(layer)) throw bad(`${tensor.name}: layer ${layer} is given twice`);
    if (tensor.type.name !== "F32" || tensor.shape.length !== 1)
      throw bad(`${tensor.name}: must be one-dimensional F32, is ${tensor.type.name} [${tensor.shape.join(" × ")}]`);
    const data = readTensor(bytes, file, tensor.name);
    if (!data.every(Number.isFinite)) throw bad(`${tensor.name}: holds a value that is not finite`);
    vectors.set(layer, data);
  }
  const first = [...vectors.values()][0];
  if (first === undefined) throw bad("it has no tensor named direction.N");
  const width = first.length;
  for (const [layer, data] of vectors) if (data.length !== width) throw bad(`direction.${layer}: ${data.length} wide, the others ${width}`);
  const layers = [...vectors.keys()].sort((a, b) => a - b);
  const used = layers.filter((layer) => vectors.get(layer)!.some((value) => value !== 0));
  if (used.length === 0) throw bad("all its directions are zero");
  const count = model?.layers ?? layers.at(-1)! + 1;
  if (model !== null && (model.width !== width || layers.at(-1)! >= model.layers)) {
    throw new TillerError(
      "wrong-model",
      `the control vector acts at ${formatLayers(layers)}, ${width} wide; ${model.id} has layers 0 to ${model.layers - 1}, ${model.width} wide`,
      { suggestion: "Choose the model that it was made for." },
    );
  }
  if (count * width > MAX_VALUES)
    throw new TillerError("too-large", `${count} layers of width ${width} are more than ${MAX_VALUES} values`, {
      field: "data",
      suggestion: "Layers count from 0 to the highest one that the file names.",
    });
  const vector = new Float32Array(count * width);
  for (const [layer, data] of vectors) vector.set(data, layer * width);
  const hint = getString(file, "controlvector.model_hint") ?? null;
  return {
    meta: {
      id,
      title: id.split("/")[1]!,
      description: ["Imported control vector: strength 1 equals llama.cpp's --control-vector at scale 1.", otherModel(hint, model) ?? ""]
        .join(" ")
        .trim(),
      method: { id: "directions/imported", version: 1, params: { modelHint: hint ?? "" } },
      model: {
        architecture: model?.architecture ?? hint ?? "unknown",
        fingerprint: model?.fingerprint ?? null,
        quantisation: model?.quantisation ?? null,
        layers: count,
        width,
      },
      provenance: {
        created,
        seed: 0,
        inputs: [{ name: "GGUF control vector", hash: hashBytes(bytes), count: used.length, licence: "not stated" }],
        source: "GGUF control vector",
      },
      body: { site: "resid", layers: used, probeLayer: probeOf(used, vectors), pairs: 0, heldOut: 0, quality: [] } satisfies DirectionBody,
    },
    tensors: new Map([
      ["vector", { shape: [count, width], data: vector }],
      ["mid", { shape: [count], data: new Float32Array(count) }],
    ]),
  };
}

/**
 * The layers that the artifact uses, so that llama.cpp at scale s does what Tiller does at strength s; or others of it.
 * @throws TillerError not-supported, out-of-range
 */
export function exportGgufVector(artifact: LoadedArtifact, chosen?: readonly number[]): Uint8Array {
  const { meta } = artifact;
  const body = bodyOf(meta);
  const layers = chosen === undefined ? body.layers : [...new Set(chosen)].sort((a, b) => a - b);
  if (body.site !== "resid")
    throw new TillerError("not-supported", `${meta.id} acts at ${body.site}; a llama.cpp control vector can only act at resid`);
  if (layers.includes(0))
    throw new TillerError(
      "not-supported",
      `${meta.id} acts at layer 0, which llama.cpp's control vectors cannot reach (they begin at layer 1)`,
      { field: "layers", suggestion: "Export later layers of it, such as `--layers 1-3`; it was found at every layer." },
    );
  const tensor = artifact.tensors.get("vector");
  if (tensor === undefined) throw new TillerError("bad-artifact", `${meta.id}: its data holds no tensor 'vector'`);
  const width = tensor.shape[1]!;
  const { unit = 1 } = body;
  const row = (layer: number): Float32Array => tensor.data.slice(layer * width, (layer + 1) * width).map((value) => value * unit);
  for (const layer of layers) {
    if (!row(layer).some((value) => value !== 0))
      throw new TillerError("out-of-range", `${meta.id} has no direction at layer ${layer}`, {
        field: "layers",
        suggestion: `Its model has layers 0 to ${meta.model.layers - 1}.`,
      });
  }
  const hint = meta.method.params["modelHint"];
  // repeng asks for every layer from 1 to the last; zeros do nothing
  const all = Array.from({ length: meta.model.layers - 1 }, (_, i) => i + 1);
  return encodeGguf({
    metadata: [
      ["general.architecture", entry.string(ARCHITECTURE)],
      [`${ARCHITECTURE}.model_hint`, entry.string(typeof hint === "string" ? hint : meta.model.architecture)],
      [`${ARCHITECTURE}.layer_count`, entry.i32(all.length)],
    ],
    tensors: all.map((layer) => ({
      name: `direction.${layer}`,
      shape: [width],
      type: "F32",
      data: layers.includes(layer) ? row(layer) : new Float32Array(width),
    })),
  });
}

/** Names that Python packages give architectures which llama.cpp calls llama. */
const LLAMAS = new Set(["llama", "mistral"]);

/** A word where the file says that it was made on another kind of model; null: it does not, or no model was named. */
export function otherModel(hint: string | null, model: TargetModel | null): string | null {
  if (hint === null || hint === "" || model === null || hint === model.architecture) return null;
  if (LLAMAS.has(hint) && LLAMAS.has(model.architecture)) return null;
  return `It says that it was made on a model of the architecture ${hint}; ${model.id} is ${model.architecture}, where it may mean nothing.`;
}

/** Norms that differ by less are equal: then nothing but the depth speaks for a layer. */
const EQUAL = 0.01;

/** Where it is read: at its strongest layer; of layers as strong as that, at the one in the middle. */
function probeOf(layers: readonly number[], vectors: ReadonlyMap<number, Float32Array>): number {
  const norms = layers.map((layer) => norm(vectors.get(layer)!));
  const most = Math.max(...norms);
  const strong = layers.filter((_, index) => norms[index]! >= most * (1 - EQUAL));
  return strong[Math.floor(strong.length / 2)]!;
}

function parse(bytes: Uint8Array): ReturnType<typeof parseGguf> {
  try {
    return parseGguf(bytes, LIMITS);
  } catch (error) {
    if (error instanceof GgufError) throw bad(`${error.field}: ${error.reason}`);
    throw error;
  }
}

function bad(reason: string): TillerError {
  return new TillerError("bad-artifact", `not a usable control vector: ${reason}`, {
    suggestion: "Give a GGUF control vector as llama-cvector-generator or repeng write it.",
  });
}

const OptionsSchema = z
  .object({
    layers: z
      .array(z.number().int().min(1).max(MAX_LAYER))
      .min(1)
      .max(1024)
      .optional()
      .describe("instead of the artifact's own layers; from 1 on, which is where llama.cpp begins")
      .meta({ title: "Layers", widget: "layers" }),
  })
  .strict();

export const ggufFormat: Format = {
  id: "gguf",
  title: "llama.cpp / repeng control vector",
  extension: ".gguf",
  options: OptionsSchema,
  export: (artifact, options) => exportGgufVector(artifact, OptionsSchema.parse(options).layers),
};
