/**
 * Writes GGUF version 3 in the byte layout of llama.cpp's gguf_write_to_file and of gguf-py: header, metadata in the order
 * given, tensor infos, padding, then every tensor padded to the alignment (the last one too).
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { quantise, type WritableType } from "./quantise.ts";
import { type GgufEntry, ggmlType, type ScalarTypeName, tensorBytes, valueTypeId } from "./types.ts";

/** A tensor to write. `data` is float32 values (converted to `type`), its bytes, or chunks of bytes for what is too large to hold. */
export interface GgufTensorInput {
  readonly name: string;
  /** ggml's order, row length first */
  readonly shape: readonly number[];
  readonly type: WritableType;
  readonly data: Float32Array | Uint8Array | (() => Iterable<Uint8Array>);
}

export interface GgufInput {
  /** in file order; the first key is general.architecture by custom */
  readonly metadata: Iterable<readonly [string, GgufEntry]>;
  readonly tensors: readonly GgufTensorInput[];
  /** Bytes, a power of two; 32 unless general.alignment says otherwise, which must then be among the metadata. */
  readonly alignment?: number;
}

/** Makes a metadata entry; arrays of numbers are given as numbers and stored as `items`. */
export const entry = {
  string: (value: string): GgufEntry => ({ type: "string", value }),
  u32: (value: number): GgufEntry => ({ type: "uint32", value }),
  i32: (value: number): GgufEntry => ({ type: "int32", value }),
  f32: (value: number): GgufEntry => ({ type: "float32", value }),
  bool: (value: boolean): GgufEntry => ({ type: "bool", value }),
  strings: (value: readonly string[]): GgufEntry => ({ type: "array", items: "string", value }),
  f32s: (value: Float32Array): GgufEntry => ({ type: "array", items: "float32", value }),
  i32s: (value: Int32Array): GgufEntry => ({ type: "array", items: "int32", value }),
  u32s: (value: Uint32Array): GgufEntry => ({ type: "array", items: "uint32", value }),
};

/** The whole file in memory: for control vectors and small models. */
export function encodeGguf(input: GgufInput): Uint8Array {
  return Buffer.concat([...chunks(input)]);
}

/** Streams to `path`, overwriting it. Not atomic: callers that keep what they write go through a store. */
export function writeGguf(path: string, input: GgufInput): void {
  const fd = openSync(path, "w");
  try {
    for (const chunk of chunks(input)) {
      let written = 0;
      while (written < chunk.byteLength) written += writeSync(fd, chunk, written);
    }
  } finally {
    closeSync(fd);
  }
}

function* chunks(input: GgufInput): Generator<Uint8Array> {
  const alignment = input.alignment ?? 32;
  const header = encodeHeader(input, alignment);
  yield header;
  yield padding(header.byteLength, alignment);
  for (const tensor of input.tensors) {
    let written = 0;
    for (const chunk of bytesOf(tensor)) {
      written += chunk.byteLength;
      yield chunk;
    }
    const size = byteSize(tensor);
    if (written !== size) throw new RangeError(`${tensor.name}: ${written} bytes of data for a shape of ${size}`);
    yield padding(size, alignment);
  }
}

function bytesOf({ data, type }: GgufTensorInput): Iterable<Uint8Array> {
  if (typeof data === "function") return data();
  if (data instanceof Uint8Array) return [data];
  if (type === "I32") return [new Uint8Array(Int32Array.from(data).buffer)];
  return [quantise(data, type)];
}

function byteSize({ shape, type, name }: GgufTensorInput): number {
  const info = ggmlType(type);
  if ((shape[0] ?? 1) % info.block !== 0) throw new RangeError(`${name}: rows of ${shape[0]} are not whole blocks of ${info.block}`);
  return tensorBytes(
    info,
    shape.reduce((product, size) => product * size, 1),
  );
}

function padding(size: number, alignment: number): Uint8Array {
  return new Uint8Array((alignment - (size % alignment)) % alignment);
}

function encodeHeader(input: GgufInput, alignment: number): Uint8Array {
  const metadata = [...input.metadata];
  const parts: Uint8Array[] = [Buffer.from("GGUF"), u32(3), u64(input.tensors.length), u64(metadata.length)];
  for (const [key, value] of metadata) {
    parts.push(text(key), u32(valueTypeId(value.type)));
    if (value.type === "array") {
      parts.push(u32(valueTypeId(value.items)), u64(value.value.length));
      for (const item of value.value) parts.push(scalar(value.items, item));
    } else {
      parts.push(scalar(value.type, value.value));
    }
  }
  let offset = 0;
  for (const tensor of input.tensors) {
    parts.push(text(tensor.name), u32(tensor.shape.length), ...tensor.shape.map(u64), u32(ggmlType(tensor.type).id), u64(offset));
    const size = byteSize(tensor);
    offset += size + padding(size, alignment).byteLength;
  }
  return Buffer.concat(parts);
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([u64(bytes.byteLength), bytes]);
}

function scalar(type: ScalarTypeName, value: number | bigint | boolean | string): Uint8Array {
  if (type === "string") return text(String(value));
  const bytes = Buffer.alloc(8);
  switch (type) {
    case "uint8":
    case "bool":
      return bytes.subarray(0, bytes.writeUInt8(Number(value)));
    case "int8":
      return bytes.subarray(0, bytes.writeInt8(Number(value)));
    case "uint16":
      return bytes.subarray(0, bytes.writeUInt16LE(Number(value)));
    case "int16":
      return bytes.subarray(0, bytes.writeInt16LE(Number(value)));
    case "uint32":
      return bytes.subarray(0, bytes.writeUInt32LE(Number(value)));
    case "int32":
      return bytes.subarray(0, bytes.writeInt32LE(Number(value)));
    case "float32":
      return bytes.subarray(0, bytes.writeFloatLE(Number(value)));
    case "uint64":
      return bytes.subarray(0, bytes.writeBigUInt64LE(BigInt(value)));
    case "int64":
      return bytes.subarray(0, bytes.writeBigInt64LE(BigInt(value)));
    case "float64":
      return bytes.subarray(0, bytes.writeDoubleLE(Number(value)));
  }
}
