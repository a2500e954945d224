import { createHash } from "node:crypto";
import type { ContrastPair } from "../../protocol/artifact.ts";

/** sha256 over the pairs as JSON, so that an artifact says which data it was found from. */
export function hashPairs(pairs: readonly ContrastPair[]): string {
  return createHash("sha256").update(JSON.stringify(pairs)).digest("hex");
}

export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
