/** `artifact.*` */
import { setImmediate as immediate } from "node:timers/promises";
import type { CompileModel } from "../../compiler/types.ts";
import { exportGgufVector, importGgufVector } from "../../methods/index.ts";
import { TillerError } from "../../protocol/errors.ts";
import { compileModel } from "../answers/steering.ts";
import type { DaemonContext } from "../context.ts";
import { checkFree } from "../jobs/artifact-id.ts";
import { modelFor } from "../transport/access.ts";
import type { Identity } from "../transport/auth.ts";
import type { Handlers } from "../transport/dispatch.ts";
import { noArtifact } from "../transport/not-found.ts";

type Names = "artifact.list" | "artifact.get" | "artifact.delete" | "artifact.import" | "artifact.export";

export function artifactHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { artifacts, supervisor } = context;
  const missing = (id: string): TillerError => noArtifact(id, "id", artifacts.list());
  return {
    "artifact.list": async ({ model: id }) => {
      const all = artifacts.list().map((artifact) => ({ ...artifact, shipped: artifacts.isShipped(artifact.id) }));
      if (id === undefined) return { artifacts: all };
      const { fingerprint } = await supervisor.find(id);
      return { artifacts: all.filter((artifact) => artifact.model.fingerprint === null || artifact.model.fingerprint === fingerprint) };
    },
    "artifact.get": ({ id }) => {
      const artifact = artifacts.get(id);
      if (artifact === null) throw missing(id);
      return artifact;
    },
    "artifact.delete": ({ id }) => {
      const deleted = artifacts.delete(id);
      const receipt = !deleted && artifacts.deleteReceipt(id);
      if (!deleted && !receipt && artifacts.isShipped(id))
        throw new TillerError("forbidden", `'${id}' belongs to the program and cannot be deleted`, { field: "id" });
      return { deleted, receipt };
    },
    "artifact.import": async ({ id, data, model: modelId, replace }, { client }) => {
      if (!replace) checkFree(artifacts, id);
      const model = modelId === undefined ? null : await compileModelOf(client.identity, modelId);
      // megabytes: others have their turns between the steps
      await immediate();
      const bytes = fromBase64(data);
      await immediate();
      const found = importGgufVector({ id, bytes, model, created: new Date().toISOString() });
      await immediate();
      if (!replace) checkFree(artifacts, id);
      return artifacts.save(found);
    },
    "artifact.export": ({ id, layers }) => {
      const artifact = artifacts.load(id);
      if (artifact === null) throw missing(id);
      return { data: Buffer.from(exportGgufVector(artifact, layers)).toString("base64") };
    },
  };

  async function compileModelOf(identity: Identity, id: string): Promise<CompileModel> {
    const engine = await supervisor.acquire(await modelFor(context, identity, id));
    engine.release();
    return compileModel(engine);
  }
}

function fromBase64(data: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 !== 0)
    throw new TillerError("invalid-params", "data: not base64", { field: "data" });
  return Buffer.from(data, "base64");
}
