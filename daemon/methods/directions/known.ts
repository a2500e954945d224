/** Directions that were made before, for experiments on them. */
import type { LoadedArtifact } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Library } from "../contract.ts";

/** @throws TillerError not-found */
export function directionOf(id: string, library: Pick<Library, "artifact">): LoadedArtifact {
  const artifact = id.startsWith("direction/") ? library.artifact(id) : null;
  if (artifact !== null) return artifact;
  throw new TillerError("not-found", `of: there is no direction '${id}'`, { field: "of", suggestion: "See `tiller vector list`." });
}
