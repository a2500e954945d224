/** Where bytes come from: a buffer, or a file read in windows so that a model of many gigabytes costs only its header. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface ByteSource {
  /** bytes in all */
  readonly size: number;
  /** Exactly `length` bytes from `offset`, both inside `size`; the view is valid until the next read. */
  read(offset: number, length: number): Uint8Array;
}

export function bufferSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

const WINDOW = 256 * 1024;

/** Reads through a window of 256 KiB (or the wanted length if that is more). */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(fd: number) {
    this.#fd = fd;
    this.size = fstatSync(fd).size;
  }

  read(offset: number, length: number): Uint8Array {
    if (offset < this.#start || offset + length > this.#start + this.#window.byteLength) {
      const bytes = Buffer.allocUnsafe(Math.min(Math.max(length, WINDOW), this.size - offset));
      let filled = 0;
      while (filled < bytes.byteLength) {
        const count = readSync(this.#fd, bytes, filled, bytes.byteLength - filled, offset + filled);
        if (count === 0) throw new Error("the file became shorter while it was read");
        filled += count;
      }
      this.#window = bytes;
      this.#start = offset;
    }
    const from = offset - this.#start;
    return this.#window.subarray(from, from + length);
  }
}

/** Opens a file, hands its source to `use` and closes it whatever happens. */
export function withFile<T>(path: string, use: (source: FileSource) => T): T {
  const fd = openSync(path, "r");
  try {
    return use(new FileSource(fd));
  } finally {
    closeSync(fd);
  }
}
