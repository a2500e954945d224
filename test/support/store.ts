/** The store of artifacts as the daemon makes it: with the methods' checks of what stands in them. */
import { checkBody } from "../../daemon/methods/index.ts";
import { ArtifactStore } from "../../daemon/store/artifacts.ts";

export function artifactStore(paths: { readonly artifacts: string; readonly shipped: string }): ArtifactStore {
  return new ArtifactStore(paths, checkBody);
}
