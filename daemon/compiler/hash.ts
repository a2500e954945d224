/** Content hashes: arrays and topologies are called by them, and equal ones share native columns. */
import { createHash } from "node:crypto";
import type { Numbers, NumbersId } from "../protocol/plan.ts";

export function hashArrays(...arrays: readonly Numbers[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) {
    hash.update(`${array instanceof Int32Array ? "i" : "f"}${array.length};`);
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest("hex").slice(0, 32);
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

const ids = new WeakMap<Numbers, NumbersId>();

/** Once for an array: those of ops are never written to after they were made. */
export function numbersId(array: Numbers): NumbersId {
  const known = ids.get(array);
  if (known !== undefined) return known;
  const id = hashArrays(array);
  ids.set(array, id);
  return id;
}
