/**
 * A strict reader of GGUF headers (versions 2 and 3). It is the check before llama.cpp sees a file: every count, length,
 * size and offset is compared with the file's length and with a limit before anything is allocated for it, and what
 * llama.cpp would meet with an assertion is refused here with a reason.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { Cursor } from "./cursor.ts";
import { describeBytes } from "./kind.ts";
import { readEntry } from "./metadata.ts";
import { type ByteSource, bufferSource, withFile } from "./source.ts";
import { type GgufEntry, GgufError, type GgufFile, type GgufTensor, ggmlTypeById, tensorBytes } from "./types.ts";

/** Generous for any real model (largest seen: ~30 MB of vocabulary); small enough that a hostile file costs little. */
export interface GgufLimits {
  readonly keys: number;
  readonly tensors: number;
  readonly keyBytes: number;
  readonly stringBytes: number;
  readonly arrayItems: number;
  /** the whole header */
  readonly headerBytes: number;
  /** read from the file at once */
  readonly windowBytes: number;
}

// llama.cpp looks for duplicates in quadratic time, so the counts are also limits on its running time
export const DEFAULT_LIMITS: GgufLimits = {
  keys: 16_384,
  tensors: 65_536,
  keyBytes: 1024,
  stringBytes: 32 * 1024 * 1024,
  arrayItems: 4 * 1024 * 1024,
  headerBytes: 256 * 1024 * 1024,
  windowBytes: 256 * 1024,
};

const MAGIC = 0x46554747;
const DEFAULT_ALIGNMENT = 32;
const MAX_ALIGNMENT = 1024 * 1024;
/** ggml keeps 64 bytes for a name, the last one a zero. */
const MAX_TENSOR_NAME = 63;
const MAX_DIMENSIONS = 4;
/** key length, one letter, type, one byte · name length, one letter, dimensions, type, offset */
const MIN_KEY_BYTES = 14;
const MIN_TENSOR_BYTES = 25;

/** Which arrays are read whole, by their key; left out: all. */
export type Wanted = (key: string) => boolean;
const ALL: Wanted = () => true;

export function readGgufFile(path: string, limits: GgufLimits = DEFAULT_LIMITS, wanted: Wanted = ALL): GgufFile {
  return withFile(path, (source) => parseGguf(source, limits, wanted));
}

export function parseGguf(input: ByteSource | Uint8Array, limits: GgufLimits = DEFAULT_LIMITS, wanted: Wanted = ALL): GgufFile {
  const whole = input instanceof Uint8Array ? bufferSource(input) : input;
  const size = Math.min(whole.size, limits.headerBytes);
  const cursor = new Cursor({ size, read: (offset, length) => whole.read(offset, length) }, limits.windowBytes);

  const beginning = whole.read(0, Math.min(size, 512));
  if (size < 4 || new DataView(beginning.buffer, beginning.byteOffset).getUint32(0, true) !== MAGIC)
    throw new GgufError("magic", describeBytes(beginning), 0);
  cursor.u32("magic");
  const version = cursor.u32("version");
  if ((version & 0xffff) === 0) throw new GgufError("version", "this file is big-endian", 4);
  if (version < 2 || version > 3) throw new GgufError("version", `version ${version} is not supported, only 2 and 3`, 4);
  const tensorCount = cursor.count("tensor_count", "number of tensors", limits.tensors);
  const keyCount = cursor.count("metadata_kv_count", "number of keys", limits.keys);
  const least = keyCount * MIN_KEY_BYTES + tensorCount * MIN_TENSOR_BYTES;
  if (least > cursor.remaining)
    throw new GgufError("header", `${keyCount} keys and ${tensorCount} tensors do not fit into the ${cursor.remaining} bytes left`, 8);

  const metadata = new Map<string, GgufEntry>();
  for (let i = 0; i < keyCount; i++) {
    const at = cursor.offset;
    const key = cursor.string(`key ${i}`, limits.keyBytes);
    if (key === "" || key.includes("\0")) throw new GgufError(`key ${i}`, "an empty key or one with a zero byte", at);
    if (metadata.has(key)) throw new GgufError(key, "this key is given twice", at);
    metadata.set(key, readEntry(cursor, key, limits, wanted(key)));
  }

  const alignment = readAlignment(metadata, cursor.offset);
  const infos: RawTensor[] = [];
  for (let i = 0; i < tensorCount; i++) infos.push(readTensor(cursor, i));
  const dataOffset = tensorCount === 0 ? cursor.offset : pad(cursor.offset, alignment);
  return { version, alignment, metadata, tensors: place(infos, dataOffset, alignment, whole.size), dataOffset, fileSize: whole.size };
}

/** Alignments are powers of two, so this is exact. */
function pad(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

function readAlignment(metadata: ReadonlyMap<string, GgufEntry>, at: number): number {
  const key = "general.alignment";
  const entry = metadata.get(key);
  if (entry === undefined) return DEFAULT_ALIGNMENT;
  if (entry.type !== "uint32" || typeof entry.value !== "number") throw new GgufError(key, `must be uint32, is ${entry.type}`, at);
  const value = entry.value;
  if (value === 0 || value > MAX_ALIGNMENT || (value & (value - 1)) !== 0)
    throw new GgufError(key, `${value} is not a power of two up to ${MAX_ALIGNMENT}`, at);
  return value;
}

interface RawTensor {
  readonly tensor: Omit<GgufTensor, "offset">;
  readonly offset: bigint;
  readonly at: number;
}

function readTensor(cursor: Cursor, index: number): RawTensor {
  const at = cursor.offset;
  const name = cursor.string(`tensor ${index}`, MAX_TENSOR_NAME);
  if (name === "" || name.includes("\0")) throw new GgufError(`tensor ${index}`, "an empty name or one with a zero byte", at);
  const dimensions = cursor.u32(name);
  if (dimensions > MAX_DIMENSIONS) throw new GgufError(name, `${dimensions} dimensions, at most ${MAX_DIMENSIONS} are possible`, at);
  const shape: number[] = [];
  let elements = 1;
  for (let i = 0; i < dimensions; i++) {
    const size = cursor.count(name, `dimension ${i}`, Number.MAX_SAFE_INTEGER);
    if (size === 0) throw new GgufError(name, `dimension ${i} is 0`, at);
    elements *= size;
    // exact as long as it stays below 2⁵³, and refused in the first step that does not
    if (elements > Number.MAX_SAFE_INTEGER) throw new GgufError(name, "more elements than can be counted", at);
    shape.push(size);
  }
  const id = cursor.u32(name);
  const type = ggmlTypeById(id);
  if (type === null) throw new GgufError(name, `unknown tensor type ${id}`, at);
  const row = shape[0] ?? 1;
  if (row % type.block !== 0) throw new GgufError(name, `rows of ${row} are not whole blocks of ${type.block} (${type.name})`, at);
  return { tensor: { name, shape, type, elements, bytes: tensorBytes(type, elements) }, offset: cursor.u64(name), at };
}

/** Tensors lie one after the other in the order of their infos, each padded; llama.cpp accepts nothing else. */
function place(infos: readonly RawTensor[], dataOffset: number, alignment: number, fileSize: number): Map<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  let expected = 0;
  for (const { tensor, offset, at } of infos) {
    const { name, bytes } = tensor;
    if (tensors.has(name)) throw new GgufError(name, "this tensor is given twice", at);
    if (offset % BigInt(alignment) !== 0n) throw new GgufError(name, `offset ${offset} is not a multiple of ${alignment}`, at);
    if (offset < BigInt(expected)) throw new GgufError(name, `offset ${offset} overlaps the tensor before it`, at);
    if (offset > BigInt(expected)) throw new GgufError(name, `offset ${offset} leaves a gap, ${expected} is expected`, at);
    if (dataOffset + expected + bytes > fileSize)
      throw new GgufError(name, `needs bytes up to ${dataOffset + expected + bytes}, but the file ends at ${fileSize}`, at);
    tensors.set(name, { ...tensor, offset: dataOffset + expected });
    expected = pad(expected + bytes, alignment);
  }
  return tensors;
}
