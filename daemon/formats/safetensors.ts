/**
 * Reads and writes safetensors: an 8-byte length, a JSON header, then the tensors back to back, little-endian.
 * Format: https://github.com/huggingface/safetensors (README, "Format"). As strict as its own reader: no gap, no overlap,
 * nothing after the last tensor, no unknown key.
 */
import { fromBf16, halfTable, toBf16, toHalf } from "./float.ts";

const ITEM_BYTES = { F32: 4, F16: 2, BF16: 2, I32: 4, U8: 1 } as const;

export type SafetensorsType = keyof typeof ITEM_BYTES;

export interface SafetensorsTensor {
  readonly dtype: SafetensorsType;
  /** row-major, outermost first (the opposite of GGUF) */
  readonly shape: readonly number[];
  /** the raw bytes, little-endian */
  readonly data: Uint8Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** the header's `__metadata__`: strings by name */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is wrong with a file: `field` is a tensor's name or a part of the header. */
export class SafetensorsError extends Error {
  readonly field: string;
  readonly reason: string;

  constructor(field: string, reason: string) {
    // names come from the file and may be megabytes long
    const short = field.slice(0, 120);
    super(`${short}: ${reason}`);
    this.name = "SafetensorsError";
    this.field = short;
    this.reason = reason;
  }
}

const MAX_HEADER = 8 * 1024 * 1024;
const MAX_TENSORS = 65_536;
const MAX_DIMENSIONS = 8;

/** Views into `bytes`, nothing is copied. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const [header, start] = readHeader(bytes);
  const metadata = readMetadata(header["__metadata__"]);
  const found: { name: string; tensor: SafetensorsTensor; begin: number }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (found.length === MAX_TENSORS) throw new SafetensorsError("header", `more than ${MAX_TENSORS} tensors`);
    found.push({ name, ...readTensor(name, value, bytes.subarray(start)) });
  }
  let end = 0;
  // tensors without bytes share an offset with their neighbour
  for (const { name, tensor, begin } of found.toSorted(
    (a, b) => a.begin - b.begin || a.tensor.data.byteLength - b.tensor.data.byteLength,
  )) {
    if (begin !== end) throw new SafetensorsError(name, begin < end ? "overlaps another tensor" : `leaves a gap from byte ${end}`);
    end = begin + tensor.data.byteLength;
  }
  if (end !== bytes.byteLength - start) throw new SafetensorsError("data", `${bytes.byteLength - start - end} bytes belong to no tensor`);
  return { tensors: new Map(found.map(({ name, tensor }) => [name, tensor])), metadata };
}

function readHeader(bytes: Uint8Array): [Record<string, unknown>, number] {
  if (bytes.byteLength < 8) throw new SafetensorsError("header", "the file is shorter than its length field");
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER, bytes.byteLength - 8)))
    throw new SafetensorsError("header", `a length of ${length} does not fit (file ${bytes.byteLength}, limit ${MAX_HEADER})`);
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    throw new SafetensorsError("header", "is not JSON");
  }
  if (!isObject(header)) throw new SafetensorsError("header", "is not an object");
  return [header, start];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) throw new SafetensorsError("__metadata__", "is not an object");
  for (const [name, text] of Object.entries(value))
    if (typeof text !== "string") throw new SafetensorsError(`__metadata__.${name}`, "is not a string");
  return value as Record<string, string>;
}

function readTensor(name: string, value: unknown, data: Uint8Array): { tensor: SafetensorsTensor; begin: number } {
  const natural = (item: unknown): item is number => Number.isSafeInteger(item) && (item as number) >= 0;
  if (!isObject(value)) throw new SafetensorsError(name, "is not an object");
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  for (const key of Object.keys(rest)) throw new SafetensorsError(name, `unknown key '${key.slice(0, 40)}'`);
  if (typeof dtype !== "string" || !Object.hasOwn(ITEM_BYTES, dtype))
    throw new SafetensorsError(name, `dtype must be one of ${Object.keys(ITEM_BYTES).join(", ")}`);
  const type = dtype as SafetensorsType;
  if (!Array.isArray(shape) || shape.length > MAX_DIMENSIONS || !shape.every(natural))
    throw new SafetensorsError(name, `shape must be up to ${MAX_DIMENSIONS} natural numbers`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(natural))
    throw new SafetensorsError(name, "data_offsets must be two natural numbers");
  const [begin, end] = offsets as [number, number];
  const size = shape.reduce((product: number, item: number) => product * item, ITEM_BYTES[type]);
  if (end - begin !== size) throw new SafetensorsError(name, `a shape of ${size} bytes at ${begin} to ${end}`);
  if (end > data.byteLength) throw new SafetensorsError(name, `ends at byte ${end}, but there are ${data.byteLength}`);
  return { tensor: { dtype: type, shape, data: data.subarray(begin, end) }, begin };
}

/** The file's bytes: widest types first, then by name, as the reference writer does, so that data stays aligned. */
export function encodeSafetensors(file: Safetensors): Uint8Array {
  const sorted = [...file.tensors].toSorted(([a, x], [b, y]) => ITEM_BYTES[y.dtype] - ITEM_BYTES[x.dtype] || (a < b ? -1 : a > b ? 1 : 0));
  // without a prototype, so that no tensor name is special
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(file.metadata).length > 0) header["__metadata__"] = file.metadata;
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const size = shape.reduce((product, item) => product * item, ITEM_BYTES[dtype]);
    if (name === "__metadata__" || size !== data.byteLength)
      throw new SafetensorsError(name, `${data.byteLength} bytes for a shape of ${size}, or a reserved name`);
    header[name] = { dtype, shape, data_offsets: [offset, offset + size] };
    offset += size;
  }
  const json = Buffer.from(JSON.stringify(header));
  // the format asks for spaces up to a multiple of 8
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.byteLength % 8)) % 8, " ")]);
  if (padded.byteLength > MAX_HEADER) throw new SafetensorsError("header", `larger than ${MAX_HEADER} bytes`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.byteLength));
  return Buffer.concat([length, padded, ...sorted.map(([, { data }]) => data)]);
}

/** A tensor's values; F32 and halves become float32, I32 and U8 are kept. Always a copy. */
export function tensorValues({ dtype, data }: SafetensorsTensor): Float32Array | Int32Array | Uint8Array {
  const { buffer } = Uint8Array.from(data);
  if (dtype === "F32") return new Float32Array(buffer);
  if (dtype === "I32") return new Int32Array(buffer);
  if (dtype === "U8") return new Uint8Array(buffer);
  const half = halfTable();
  return Float32Array.from(new Uint16Array(buffer), dtype === "F16" ? (bits) => half[bits]! : fromBf16);
}

/** A tensor from values; `dtype` F16 and BF16 round to nearest. */
export function tensorFrom(values: ArrayLike<number>, shape: readonly number[], dtype: SafetensorsType = "F32"): SafetensorsTensor {
  const bytes = (array: Float32Array | Uint16Array | Int32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const data = {
    F32: () => bytes(Float32Array.from(values)),
    F16: () => bytes(Uint16Array.from(Array.from(values), toHalf)),
    BF16: () => bytes(Uint16Array.from(Array.from(values), toBf16)),
    I32: () => bytes(Int32Array.from(values)),
    U8: () => Uint8Array.from(values),
  }[dtype]();
  return { dtype, shape, data };
}
