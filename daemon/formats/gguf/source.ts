/** Where bytes come from: a buffer or a file. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface ByteSource {
  /** bytes in all */
  readonly size: number;
  /** Exactly `length` bytes from `offset`, both inside `size`. */
  read(offset: number, length: number): Uint8Array;
}

export function bufferSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

export class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
    this.size = fstatSync(fd).size;
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#fd, bytes, filled, length - filled, offset + filled);
      if (count === 0) throw new Error("the file became shorter while it was read");
      filled += count;
    }
    return bytes;
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
