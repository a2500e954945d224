/**
 * The tensor types of ggml and the value types of GGUF metadata, with their sizes.
 * Source: ggml.h (enum ggml_type), ggml-common.h (block structs), gguf.h, llama.cpp release v0.5.0.
 */

/** `block` elements of a row are stored together in `bytes` bytes. */
export interface GgmlType {
  readonly name: string;
  readonly id: number;
  readonly block: number;
  readonly bytes: number;
}

const TYPES = [
  ["F32", 0, 1, 4],
  ["F16", 1, 1, 2],
  ["Q4_0", 2, 32, 18],
  ["Q4_1", 3, 32, 20],
  ["Q5_0", 6, 32, 22],
  ["Q5_1", 7, 32, 24],
  ["Q8_0", 8, 32, 34],
  ["Q8_1", 9, 32, 36],
  ["Q2_K", 10, 256, 84],
  ["Q3_K", 11, 256, 110],
  ["Q4_K", 12, 256, 144],
  ["Q5_K", 13, 256, 176],
  ["Q6_K", 14, 256, 210],
  ["Q8_K", 15, 256, 292],
  ["IQ2_XXS", 16, 256, 66],
  ["IQ2_XS", 17, 256, 74],
  ["IQ3_XXS", 18, 256, 98],
  ["IQ1_S", 19, 256, 50],
  ["IQ4_NL", 20, 32, 18],
  ["IQ3_S", 21, 256, 110],
  ["IQ2_S", 22, 256, 82],
  ["IQ4_XS", 23, 256, 136],
  ["I8", 24, 1, 1],
  ["I16", 25, 1, 2],
  ["I32", 26, 1, 4],
  ["I64", 27, 1, 8],
  ["F64", 28, 1, 8],
  ["IQ1_M", 29, 256, 56],
  ["BF16", 30, 1, 2],
  ["TQ1_0", 34, 256, 54],
  ["TQ2_0", 35, 256, 66],
  ["MXFP4", 39, 32, 17],
  ["NVFP4", 40, 64, 36],
  ["Q1_0", 41, 128, 18],
  ["Q2_0", 42, 64, 18],
] as const;

export type GgmlTypeName = (typeof TYPES)[number][0];

const BY_ID = new Map<number, GgmlType>();
const BY_NAME = new Map<string, GgmlType>();
for (const [name, id, block, bytes] of TYPES) {
  const type = { name, id, block, bytes };
  BY_ID.set(id, type);
  BY_NAME.set(name, type);
}

/** Null for ids that ggml never had or has removed (4, 5, 31–33, 36–38). */
export function ggmlTypeById(id: number): GgmlType | null {
  return BY_ID.get(id) ?? null;
}

export function ggmlType(name: GgmlTypeName): GgmlType {
  return BY_NAME.get(name)!;
}

/** Bytes of `elements` values; rows must already be whole blocks. */
export function tensorBytes(type: GgmlType, elements: number): number {
  return (elements / type.block) * type.bytes;
}

/** GGUF's metadata value types by id, with their size in bytes (0: variable). */
export const VALUE_TYPES = [
  ["uint8", 1],
  ["int8", 1],
  ["uint16", 2],
  ["int16", 2],
  ["uint32", 4],
  ["int32", 4],
  ["float32", 4],
  ["bool", 1],
  ["string", 0],
  ["array", 0],
  ["uint64", 8],
  ["int64", 8],
  ["float64", 8],
] as const;

export type ValueTypeName = (typeof VALUE_TYPES)[number][0];
export type ScalarTypeName = Exclude<ValueTypeName, "array">;

export function valueTypeId(name: ValueTypeName): number {
  return VALUE_TYPES.findIndex(([candidate]) => candidate === name);
}

/** A scalar: 64-bit integers are bigint, everything else number, boolean or string. */
export type GgufScalar = number | bigint | boolean | string;

export type GgufArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array
  | readonly boolean[]
  | readonly string[];

/** One metadata entry. Arrays are flat; GGUF allows nesting, llama.cpp does not read it. */
export type GgufEntry =
  | { readonly type: ScalarTypeName; readonly value: GgufScalar }
  | { readonly type: "array"; readonly items: ScalarTypeName; readonly value: GgufArray };

export interface GgufTensor {
  readonly name: string;
  /** 1 to 4 sizes, ggml's order: shape[0] is the row length (contiguous). An empty shape is one number. */
  readonly shape: readonly number[];
  readonly type: GgmlType;
  readonly elements: number;
  readonly bytes: number;
  /** from the start of the file */
  readonly offset: number;
}

export interface GgufFile {
  readonly version: number;
  readonly alignment: number;
  readonly metadata: ReadonlyMap<string, GgufEntry>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** bytes from the start of the file to the tensor data */
  readonly dataOffset: number;
  readonly fileSize: number;
}

/** A file that is not what it should be. `field` is a metadata key, a tensor name or a header part; `offset` in bytes. */
export class GgufError extends Error {
  readonly field: string;
  readonly reason: string;
  readonly offset: number;

  constructor(field: string, reason: string, offset: number) {
    // names come from the file
    const short = field.slice(0, 120);
    // A key that is missing or out of range is told by its name; 0 is no place in the file.
    super(`${short}: ${reason}${offset === 0 ? "" : ` (at byte ${offset})`}`);
    this.name = "GgufError";
    this.field = short;
    this.reason = reason;
    this.offset = offset;
  }
}
