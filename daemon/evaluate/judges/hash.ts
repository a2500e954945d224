/** The hashes that receipts record, so that a figure can be traced to the judge that gave it. */
import { createHash } from "node:crypto";

export function bytesHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Of a judge without weights: its id and the settings that decide its scores, as JSON with sorted keys. */
export function settingsHash(id: string, settings: Readonly<Record<string, unknown>>): string {
  const sorted = Object.fromEntries(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return bytesHash(new TextEncoder().encode(JSON.stringify([id, sorted])));
}
