/** `artifact.*` */
import { artifactEntry } from "../../experiments/artifact-entry.ts";
import { exportArtifact } from "../../experiments/bundle.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../transport/dispatch.ts";
import { noArtifact } from "../transport/not-found.ts";

type Names = "artifact.list" | "artifact.get" | "artifact.delete" | "artifact.export";

export function artifactHandlers({ artifacts, supervisor }: DaemonContext): Pick<Handlers, Names> {
  const missing = (id: string): TillerError => noArtifact(id, "id", artifacts.list());
  return {
    "artifact.list": async ({ model: id }) => {
      const all = artifacts.list().map((artifact) => ({ ...artifactEntry(artifact), shipped: artifacts.isShipped(artifact.id) }));
      if (id === undefined) return { artifacts: all };
      const { fingerprint } = await supervisor.find(id);
      return { artifacts: all.filter((artifact) => artifact.model.fingerprint === null || artifact.model.fingerprint === fingerprint) };
    },
    "artifact.get": ({ id }) => {
      const artifact = artifacts.get(id);
      if (artifact === null) throw missing(id);
      return { ...artifactEntry(artifact), shipped: artifacts.isShipped(id) };
    },
    "artifact.delete": ({ id }) => {
      const deleted = artifacts.delete(id);
      const receipts = !deleted && artifacts.deleteReceipts(id);
      if (!deleted && !receipts && artifacts.isShipped(id))
        throw new TillerError("forbidden", `'${id}' belongs to the program and cannot be deleted`, { field: "id" });
      return { deleted, receipt: receipts };
    },
    "artifact.export": ({ id, format, options }) => {
      const artifact = artifacts.load(id);
      if (artifact === null) throw missing(id);
      const { data, name } = exportArtifact({ ...artifact, meta: artifacts.get(id)! }, format, options ?? {});
      return { data: Buffer.from(data).toString("base64"), name };
    },
  };
}
