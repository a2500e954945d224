/**
 * The fingerprint of a model file: sha256 over, in this order,
 *   "tiller-model-1" ‖ file size (u64 LE) ‖ the header (every byte before the tensor data) ‖ samples of the tensor data.
 * Data of at most 16 MiB is hashed whole; of larger data, 128 windows of 64 KiB whose starts are evenly spaced from the first
 * byte to the last possible start (start_i = floor(i · (size − 65536) / 127)). The header holds every tensor's name, shape,
 * type and offset, so two files that differ in architecture, vocabulary or quantisation differ for certain; a retrained or
 * edited file differs unless its changes miss all samples. It names a file, it is not a proof against forgery.
 */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { TillerError } from "../protocol/errors.ts";

const WHOLE_BYTES = 16 * 1024 * 1024;
const WINDOWS = 128;
const WINDOW_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Of a model in several files: sha256 over "tiller-model-parts-1" ‖ the fingerprint of each, in order; one file has its own. */
export async function fingerprintParts(parts: readonly { readonly path: string; readonly dataOffset: number }[]): Promise<string> {
  const each: string[] = [];
  for (const { path, dataOffset } of parts) each.push(await fingerprintFile(path, dataOffset));
  if (each.length === 1) return each[0]!;
  return `sha256:${createHash("sha256").update("tiller-model-parts-1").update(each.join("")).digest("hex")}`;
}

export async function fingerprintFile(path: string, dataStart: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const hash = createHash("sha256").update("tiller-model-1");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(size));
    hash.update(length);
    for (const [start, bytes] of ranges(size, dataStart)) hash.update(await readAt(file, start, bytes));
    return `sha256:${hash.digest("hex")}`;
  } finally {
    await file.close();
  }
}

function* ranges(size: number, dataStart: number): Generator<[start: number, bytes: number]> {
  const dataBytes = size - dataStart;
  const wholeEnd = dataBytes <= WHOLE_BYTES ? size : dataStart;
  for (let at = 0; at < wholeEnd; at += CHUNK_BYTES) yield [at, Math.min(CHUNK_BYTES, wholeEnd - at)];
  if (wholeEnd === size) return;
  for (let i = 0; i < WINDOWS; i++) yield [dataStart + Math.floor((i * (dataBytes - WINDOW_BYTES)) / (WINDOWS - 1)), WINDOW_BYTES];
}

async function readAt(file: Awaited<ReturnType<typeof open>>, start: number, bytes: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(bytes);
  let have = 0;
  while (have < bytes) {
    const { bytesRead } = await file.read(buffer, have, bytes - have, start + have);
    if (bytesRead === 0) throw new TillerError("bad-model-file", "the file became shorter while it was read");
    have += bytesRead;
  }
  return buffer;
}
