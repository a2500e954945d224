/** Typed look-ups in the metadata of a GGUF file; null where a key is absent, `GgufError` where it has another type. */
import { type GgufEntry, GgufError, type GgufFile } from "./types.ts";

type Metadata = Pick<GgufFile, "metadata">;

function wrong(key: string, entry: GgufEntry, wanted: string): GgufError {
  return new GgufError(key, `must be ${wanted}, is ${entry.type === "array" ? `an array of ${entry.items}` : entry.type}`, 0);
}

export function getString(file: Metadata, key: string): string | null {
  const entry = file.metadata.get(key);
  if (entry === undefined) return null;
  if (entry.type === "array" || typeof entry.value !== "string") throw wrong(key, entry, "a string");
  return entry.value;
}

/** Any integer or float; 64-bit integers beyond 2⁵³ are refused. */
export function getNumber(file: Metadata, key: string): number | null {
  const entry = file.metadata.get(key);
  if (entry === undefined) return null;
  if (entry.type === "array" || typeof entry.value === "string" || typeof entry.value === "boolean") throw wrong(key, entry, "a number");
  const value = Number(entry.value);
  if (typeof entry.value === "bigint" && !Number.isSafeInteger(value)) throw new GgufError(key, `${entry.value} is too large`, 0);
  return value;
}

export function getBoolean(file: Metadata, key: string): boolean | null {
  const entry = file.metadata.get(key);
  if (entry === undefined) return null;
  if (entry.type === "array" || typeof entry.value !== "boolean") throw wrong(key, entry, "a boolean");
  return entry.value;
}

export function getStrings(file: Metadata, key: string): readonly string[] | null {
  const entry = file.metadata.get(key);
  if (entry === undefined) return null;
  if (entry.type !== "array" || entry.items !== "string") throw wrong(key, entry, "an array of strings");
  return entry.value as readonly string[];
}

/** A number for every one of `count` layers from a key that holds one number or an array with at least that many. */
export function getPerLayer(file: Metadata, key: string, count: number): number[] | null {
  const entry = file.metadata.get(key);
  if (entry === undefined) return null;
  if (entry.type !== "array") {
    const value = getNumber(file, key)!;
    return new Array<number>(count).fill(value);
  }
  if (entry.items === "string") throw wrong(key, entry, "a number or an array of numbers");
  if (entry.value.length < count) throw new GgufError(key, `has ${entry.value.length} values for ${count} layers`, 0);
  return Array.from({ length: count }, (_, i) => Number(entry.value[i]));
}
