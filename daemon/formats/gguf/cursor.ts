/** Reads numbers and strings one after the other, refusing whatever would leave the file. Little-endian only. */
import { isUtf8 } from "node:buffer";
import type { ByteSource } from "./source.ts";
import { GgufError } from "./types.ts";

export class Cursor {
  readonly source: ByteSource;
  #offset = 0;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;
  readonly #ahead: number;

  /** @param window bytes asked for at once: a model of many gigabytes costs only its header */
  constructor(source: ByteSource, window: number) {
    this.source = source;
    this.#ahead = window;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.source.size - this.#offset;
  }

  /** The next `length` bytes, valid until the next call. Checked against the file before anything is read. */
  bytes(length: number, field: string): Uint8Array {
    const from = this.#next(length, field);
    return this.#window.subarray(from, from + length);
  }

  /** Passes over the next `length` bytes without reading them. */
  skip(length: number, field: string): void {
    if (length > this.remaining)
      throw new GgufError(field, `needs ${length} more bytes, but the file ends after ${this.remaining}`, this.#offset);
    this.#offset += length;
  }

  /** Where in the window the next `length` bytes are; a vocabulary is a hundred thousand small reads, and a view for each is dear. */
  #next(length: number, field: string): number {
    if (length > this.remaining)
      throw new GgufError(field, `needs ${length} more bytes, but the file ends after ${this.remaining}`, this.#offset);
    if (this.#offset + length > this.#start + this.#window.length) {
      const bytes = this.source.read(this.#offset, Math.max(length, Math.min(this.#ahead, this.remaining)));
      this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#start = this.#offset;
    }
    const from = this.#offset - this.#start;
    this.#offset += length;
    return from;
  }

  u32(field: string): number {
    const from = this.#next(4, field);
    return this.#window.readUInt32LE(from);
  }

  u64(field: string): bigint {
    const from = this.#next(8, field);
    return this.#window.readBigUInt64LE(from);
  }

  /** A 64-bit count or size that must lie in [0, max], so that it is a safe integer afterwards. */
  count(field: string, what: string, max: number): number {
    const from = this.#next(8, field);
    // exact up to 2⁵³, and above it still above every `max`
    const value = this.#window.readUInt32LE(from) + this.#window.readUInt32LE(from + 4) * 2 ** 32;
    if (value > max)
      throw new GgufError(field, `${what} is ${this.#window.readBigUInt64LE(from)}, at most ${max} is accepted`, this.#offset - 8);
    return value;
  }

  string(field: string, max: number): string {
    const length = this.count(field, "string length", max);
    const from = this.#next(length, field);
    const text = this.#window.toString("utf8", from, from + length);
    // llama.cpp treats strings as bytes; a vocabulary with broken UTF-8 must stay readable and its tokens distinct
    if (text.includes("\ufffd") && !isUtf8(this.#window.subarray(from, from + length)))
      return this.#window.toString("latin1", from, from + length);
    return text;
  }
}
