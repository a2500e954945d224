/** What an artifact was found from, as hashes. */
import { createHash } from "node:crypto";

/** sha256 over the data as JSON, so that an artifact says which data it was found from. */
export function hashJson(data: unknown): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex");
}

export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
