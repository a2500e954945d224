/** What an artifact is, as a hash: all that decides how it acts. Its title, its provenance and its receipts do not. */
import { createHash } from "node:crypto";
import type { Artifact } from "../protocol/artifact.ts";
import { canonicalJson } from "../protocol/canonical.ts";

export function contentHash({ kind, method, model, body, data }: Pick<Artifact, "kind" | "method" | "model" | "body" | "data">): string {
  return sha256Of({ kind, method: { id: method.id, version: method.version }, model, body, data: data.sha256 });
}

/** sha256 (hex) of a value as JSON with sorted keys. */
export function sha256Of(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
