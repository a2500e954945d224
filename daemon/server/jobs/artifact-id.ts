/** A new artifact does not take another one's place unless that was asked for. */
import { TillerError } from "../../protocol/errors.ts";
import type { ArtifactStore } from "../../store/artifacts.ts";

/** @throws TillerError conflict */
export function checkFree(artifacts: Pick<ArtifactStore, "has" | "isShipped">, id: string): void {
  if (artifacts.has(id)) throw taken(id, artifacts.isShipped(id));
}

export function taken(id: string, shipped = false): TillerError {
  const back = shipped ? " It is one of Tiller's own and comes back when yours is deleted." : "";
  return new TillerError("conflict", `there is an artifact '${id}' already`, {
    field: "id",
    suggestion: `Choose another id, or say \`replace: true\`.${back}`,
  });
}
