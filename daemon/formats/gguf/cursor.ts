/** Reads numbers and strings one after the other, refusing whatever would leave the file. Little-endian only. */
import { isUtf8 } from "node:buffer";
import type { ByteSource } from "./source.ts";
import { GgufError } from "./types.ts";

export class Cursor {
  readonly source: ByteSource;
  #offset = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.source.size - this.#offset;
  }

  /** The next `length` bytes, valid until the next call. Checked against the file before anything is read. */
  bytes(length: number, field: string): Uint8Array {
    if (length > this.remaining)
      throw new GgufError(field, `needs ${length} more bytes, but the file ends after ${this.remaining}`, this.#offset);
    const view = this.source.read(this.#offset, length);
    this.#offset += length;
    return view;
  }

  #view(length: number, field: string): DataView {
    const bytes = this.bytes(length, field);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  u32(field: string): number {
    return this.#view(4, field).getUint32(0, true);
  }

  u64(field: string): bigint {
    return this.#view(8, field).getBigUint64(0, true);
  }

  /** A 64-bit count or size that must lie in [0, max], so that it is a safe integer afterwards. */
  count(field: string, what: string, max: number): number {
    const at = this.#offset;
    const value = this.u64(field);
    if (value > BigInt(max)) throw new GgufError(field, `${what} is ${value}, at most ${max} is accepted`, at);
    return Number(value);
  }

  string(field: string, max: number): string {
    const length = this.count(field, "string length", max);
    const bytes = this.bytes(length, field);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // llama.cpp treats strings as bytes; a vocabulary with broken UTF-8 must stay readable and its tokens distinct
    return isUtf8(buffer) ? buffer.toString("utf8") : buffer.toString("latin1");
  }
}
