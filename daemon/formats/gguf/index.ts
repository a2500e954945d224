/** GGUF files: a strict reader, checks at the level of a model, conversion of tensors, and a writer. */
export { checkModel } from "./check.ts";
export { DEQUANTISABLE, dequantise } from "./dequant.ts";
export type { ModelFacts } from "./facts.ts";
export { quantise, type WritableType } from "./quantise.ts";
export { DEFAULT_LIMITS, type GgufLimits, parseGguf, readGgufFile } from "./read.ts";
export { type ByteSource, bufferSource, FileSource, withFile } from "./source.ts";
export { type ModelParts, partPaths, readModelFile } from "./split.ts";
export { readTensor } from "./tensor.ts";
export {
  type GgmlType,
  type GgmlTypeName,
  type GgufArray,
  type GgufEntry,
  GgufError,
  type GgufFile,
  type GgufScalar,
  type GgufTensor,
  ggmlType,
  ggmlTypeById,
} from "./types.ts";
export { getBoolean, getNumber, getPerLayer, getString, getStrings } from "./values.ts";
export { encodeGguf, entry, type GgufInput, type GgufTensorInput, writeGguf } from "./write.ts";
