/** An artifact with what its method says of it. */
import { settingsOf } from "../compiler/resolve.ts";
import { methodOfKind } from "../methods/index.ts";
import type { ArtifactEntry } from "../protocol/api/library.ts";
import type { Artifact } from "../protocol/artifact.ts";
import { TillerError } from "../protocol/errors.ts";

export function artifactEntry(artifact: Artifact): Omit<ArtifactEntry, "shipped"> {
  const method = methodOfKind(artifact.kind);
  if (method === undefined)
    return { ...artifact, settings: {}, quality: null, problem: `this version has no method for '${artifact.kind}/…'` };
  const quality = method.quality?.(artifact) ?? null;
  try {
    const settings = settingsOf(method, {}, artifact, artifact.id) as Record<string, unknown>;
    return { ...artifact, settings: { ...settings }, quality, problem: null };
  } catch (error) {
    return { ...artifact, settings: {}, quality, problem: TillerError.from(error).message };
  }
}
