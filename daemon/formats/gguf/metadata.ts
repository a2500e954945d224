/** Reads one metadata value of GGUF. */
import type { Cursor } from "./cursor.ts";
import { type GgufArray, type GgufEntry, GgufError, type GgufScalar, type ScalarTypeName, VALUE_TYPES } from "./types.ts";

/** No array that holds something for each layer is longer. */
const SHORT = 4096;

export interface ValueLimits {
  readonly stringBytes: number;
  readonly arrayItems: number;
}

/** @param whole false: a long array is passed over, and has nothing but its length */
export function readEntry(cursor: Cursor, key: string, limits: ValueLimits, whole = true): GgufEntry {
  const at = cursor.offset;
  const [type] = valueType(cursor, key);
  if (type !== "array") return { type, value: readScalar(cursor, type, key, limits) };
  const [items, size] = valueType(cursor, key);
  // llama.cpp refuses nested arrays, and no model has them: this is also the limit on nesting
  if (items === "array") throw new GgufError(key, "an array of arrays", at);
  const count = cursor.count(key, "array length", limits.arrayItems);
  // the smallest string is its 8-byte length
  const least = count * (items === "string" ? 8 : size);
  if (least > cursor.remaining)
    throw new GgufError(key, `an array of ${count} needs at least ${least} bytes, but the file ends after ${cursor.remaining}`, at);
  if (!whole && count > SHORT) {
    if (items === "string") for (let i = 0; i < count; i++) cursor.skip(cursor.count(key, "string length", limits.stringBytes), key);
    else cursor.skip(count * size, key);
    return { type, items, value: { length: count } as unknown as GgufArray };
  }
  if (items === "string") {
    const value: string[] = [];
    for (let i = 0; i < count; i++) value.push(cursor.string(key, limits.stringBytes));
    return { type, items, value };
  }
  return { type, items, value: numbers(cursor, items, count, size, key) };
}

function valueType(cursor: Cursor, key: string): (typeof VALUE_TYPES)[number] {
  const at = cursor.offset;
  const id = cursor.u32(key);
  const type = VALUE_TYPES[id];
  if (type === undefined) throw new GgufError(key, `unknown value type ${id}`, at);
  return type;
}

function readScalar(cursor: Cursor, type: ScalarTypeName, key: string, limits: ValueLimits): GgufScalar {
  if (type === "string") return cursor.string(key, limits.stringBytes);
  const size = VALUE_TYPES.find(([name]) => name === type)![1];
  return numbers(cursor, type, 1, size, key)[0]!;
}

function numbers(cursor: Cursor, type: Exclude<ScalarTypeName, "string">, count: number, size: number, key: string): GgufArray {
  const at = cursor.offset;
  // copied: the cursor's bytes live until its next read and may be unaligned
  const { buffer } = Uint8Array.from(cursor.bytes(count * size, key));
  switch (type) {
    case "uint8":
      return new Uint8Array(buffer);
    case "int8":
      return new Int8Array(buffer);
    case "uint16":
      return new Uint16Array(buffer);
    case "int16":
      return new Int16Array(buffer);
    case "uint32":
      return new Uint32Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return new Float64Array(buffer);
    case "uint64":
      return new BigUint64Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
    case "bool": {
      const bytes = new Uint8Array(buffer);
      if (bytes.some((byte) => byte > 1)) throw new GgufError(key, "a boolean must be 0 or 1", at);
      return Array.from(bytes, (byte) => byte === 1);
    }
  }
}
