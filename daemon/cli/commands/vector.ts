/** `tiller vector …`: directions, made from contrast pairs, imported from and exported to llama.cpp's control vectors. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import { bodyOf } from "../../methods/directions/body.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import { action, command } from "../action.ts";
import { artifactId, layerList } from "../arguments/arguments.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { orReplace, REPLACE } from "../arguments/replace.ts";
import { readInput } from "../arguments/stdin.ts";
import { startJob } from "../connection/follow-job.ts";
import { table } from "../output/output.ts";
import { bestQuality } from "../output/quality.ts";
import { writeUserFile } from "../output/user-file.ts";
import { addVectorMake } from "./vector-make.ts";

interface ExportOptions {
  readonly force?: boolean;
  readonly layers?: "all" | number[];
}

/** base64 of it fits a message. */
const MAX_VECTOR = 6_500_000;

export function addVector(program: Command): void {
  const vector = command(program, "vector", "directions: list, make, import, export, delete");
  command(vector, "list", "every direction, with the model that it belongs to (the default)", { isDefault: true }).action(
    action(async (session) => {
      const client = await session.daemon();
      await session.output.result(
        (await client.call("artifact.list", {})).artifacts.filter(({ kind }) => kind === "direction"),
        describe,
      );
    }),
  );
  addVectorMake(vector);
  command(vector, "import <id> <file>", "take in a GGUF control vector of llama.cpp or repeng, such as direction/joy joy.gguf")
    .option("--model <file|id>", "the model that it was made on")
    .option(...REPLACE)
    .action(
      action<{ readonly model?: string; readonly replace?: boolean }>(async (session, [id, file], { model, replace = false }) => {
        artifactId(id!);
        const data = readInput(file!, "vector", MAX_VECTOR).toString("base64");
        const client = await session.daemon();
        const modelId = model === undefined ? {} : { model: await resolveModel(model, session, client) };
        const { job } = await orReplace(
          startJob(session, client, { id: "directions/import", ...modelId, params: { id: id!, data, replace } }),
        );
        const artifact = await client.call("artifact.get", { id: job.result! });
        if (job.message !== "done") session.output.note(`tiller: ${job.message.replace(/^done \((.*)\)$/s, "$1")}`);
        await session.output.result(
          artifact,
          () => `Imported as ${artifact.id}: ${bodyOf(artifact).layers.length} layers of ${artifact.model.width}.`,
        );
      }),
    );
  command(vector, "export <id> <file>", "write a direction as a GGUF control vector for llama.cpp's --control-vector")
    .option("--layers <list>", "layers instead of those that it uses: all, 2,3 or 1-4 (llama.cpp begins at layer 1)", layerList)
    .option("--force", "replace the file when there is one")
    .action(
      action<ExportOptions>(async (session, [id, file], { force, layers }) => {
        artifactId(id!);
        if (force !== true && existsSync(file!))
          throw new TillerError("conflict", `there is a file ${file} already`, { field: "file", suggestion: "Add --force to replace it." });
        const client = await session.daemon();
        const chosen = layers === undefined ? {} : { layers: layers === "all" ? await allLayers(client, id!) : layers };
        const { data } = await client.call("artifact.export", { id: id!, format: "gguf", options: chosen });
        const bytes = Buffer.from(data, "base64");
        writeUserFile(file!, bytes);
        await session.output.result({ file, bytes: bytes.byteLength }, () => `${file}: ${bytes.byteLength} bytes.`);
      }),
    );
  command(vector, "delete <id>", "delete a direction of your own; of a shipped one, your own receipt").action(
    action(async (session, [id]) => {
      artifactId(id!);
      const client = await session.daemon();
      const { deleted, receipt } = await client.call("artifact.delete", { id: id! });
      if (!deleted && !receipt) throw new TillerError("not-found", `there is no artifact '${id}' of your own`, { field: "id" });
      await session.output.result({ deleted, receipt }, () =>
        receipt ? `Your own receipt of ${id} is deleted; the shipped one is shown again.` : `${id} is deleted.`,
      );
    }),
  );
}

/** Every layer that llama.cpp's control vectors can reach. */
async function allLayers(client: TillerClient, id: string): Promise<number[]> {
  const { model } = await client.call("artifact.get", { id });
  return Array.from({ length: model.layers - 1 }, (_, index) => index + 1);
}

function describe(artifacts: readonly Artifact[]): string {
  if (artifacts.length === 0) return "No directions yet. `tiller vector make` finds one.";
  const rows = artifacts.map((artifact) => {
    const { id, method, model } = artifact;
    const { site, layers } = bodyOf(artifact);
    return [
      id,
      site,
      `layers ${layers.join(", ")}`,
      method.id,
      bestQuality(artifact) ?? "not measured",
      model.fingerprint === null ? `any ${model.architecture}` : `${model.architecture} ${model.fingerprint.slice(7, 15)}`,
    ];
  });
  return table(rows, ["id", "site", "where", "method", "held out", "model"]);
}
