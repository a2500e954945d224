/** What a model file says of itself, read strictly and without loading it. */
import * as z from "zod";
import {
  checkModel,
  DEFAULT_LIMITS,
  GgufError,
  type GgufFile,
  getNumber,
  getString,
  type ModelParts,
  readModelFile,
} from "../formats/gguf/index.ts";
import { TillerError } from "../protocol/errors.ts";
import { fingerprintParts } from "./fingerprint.ts";

export const ModelHeaderSchema = z
  .object({
    sizeBytes: z.number(),
    fingerprint: z.string(),
    architecture: z.string(),
    quantisation: z.string(),
    layers: z.number(),
    width: z.number(),
    contextTrained: z.number(),
    /** general.name, or "" */
    title: z.string(),
    hasChatTemplate: z.boolean(),
  })
  .strict();
export type ModelHeader = z.infer<typeof ModelHeaderSchema>;

/** `general.file_type` (llama.h, enum llama_ftype). */
const FILE_TYPES: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  19: "IQ2_XXS",
  20: "IQ2_XS",
  21: "Q2_K_S",
  22: "IQ3_XS",
  23: "IQ3_XXS",
  24: "IQ1_S",
  25: "IQ4_NL",
  26: "IQ3_S",
  27: "IQ3_M",
  28: "IQ2_S",
  29: "IQ2_M",
  30: "IQ4_XS",
  31: "IQ1_M",
  32: "BF16",
  36: "TQ1_0",
  37: "TQ2_0",
  38: "MXFP4",
};

/** @throws TillerError bad-model-file, saying which field of the file is wrong */
export async function readModelHeader(path: string): Promise<ModelHeader> {
  const { parts, ...header } = describeFile(path);
  return { ...header, fingerprint: await fingerprintParts(parts) };
}

function describeFile(path: string): Omit<ModelHeader, "fingerprint"> & Pick<ModelParts, "parts"> {
  try {
    // Of what a file holds beside the tokens' texts only the length is looked at.
    const { file, parts } = readModelFile(path, DEFAULT_LIMITS, (key) => key === "tokenizer.ggml.tokens");
    const facts = checkModel(file);
    return {
      parts,
      sizeBytes: file.fileSize,
      architecture: facts.architecture,
      quantisation: FILE_TYPES[getNumber(file, "general.file_type") ?? -1] ?? commonestType(file),
      layers: facts.layers,
      width: facts.width,
      contextTrained: facts.context,
      title: (getString(file, "general.name") ?? "").slice(0, 120),
      hasChatTemplate: getString(file, "tokenizer.chat_template") !== null,
    };
  } catch (error) {
    if (!(error instanceof GgufError)) {
      throw new TillerError("bad-model-file", `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
    }
    throw new TillerError("bad-model-file", `not a usable GGUF file: ${error.message}`, {
      field: error.field,
      suggestion: "Download it again, or choose a GGUF file of a text model.",
    });
  }
}

/** By bytes, so that a few large matrices outweigh many small norms. */
function commonestType(file: GgufFile): string {
  const bytes = new Map<string, number>();
  for (const tensor of file.tensors.values()) bytes.set(tensor.type.name, (bytes.get(tensor.type.name) ?? 0) + tensor.bytes);
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "none";
}
