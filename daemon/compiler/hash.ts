/** Content hashes of lowered edits. Equal hashes let two requests share native columns, profiles and cached KV. */
import { createHash } from "node:crypto";

export function hashArrays(...arrays: readonly (Float32Array | Int32Array | null)[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) {
    hash.update(array === null ? "null;" : `${array.length};`);
    if (array !== null) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest("hex").slice(0, 32);
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
