/** `tiller vector …`: directions, made from contrast pairs, imported from and exported to llama.cpp's control vectors. */
import { existsSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import { action, command } from "../action.ts";
import { artifactId } from "../arguments.ts";
import { resolveModel } from "../model-argument.ts";
import { table } from "../output.ts";
import { readInput } from "../stdin.ts";
import { addVectorMake } from "./vector-make.ts";

/** base64 of it fits a message. */
const MAX_VECTOR = 6_500_000;

export function addVector(program: Command): void {
  const vector = command(program, "vector", "directions: list, make, import, export, delete");
  command(vector, "list", "every direction, with the model that it belongs to (the default)", { isDefault: true }).action(
    action(async (session) => {
      const client = await session.daemon();
      await session.output.result((await client.call("artifact.list", {})).artifacts, describe);
    }),
  );
  addVectorMake(vector);
  command(vector, "import <id> <file>", "take in a GGUF control vector of llama.cpp or repeng, such as direction/joy joy.gguf")
    .option("--model <file|id>", "the model that it was made on")
    .action(
      action<{ readonly model?: string }>(async (session, [id, file], { model }) => {
        artifactId(id!);
        const data = readInput(file!, "vector", MAX_VECTOR).toString("base64");
        const client = await session.daemon();
        const modelId = model === undefined ? {} : { model: await resolveModel(model, session, client) };
        const artifact = await client.call("artifact.import", { id: id!, format: "gguf", data, ...modelId });
        await session.output.result(
          artifact,
          () => `Imported as ${artifact.id}: ${artifact.layers.length} layers of ${artifact.model.width}.`,
        );
      }),
    );
  command(vector, "export <id> <file>", "write a direction as a GGUF control vector for llama.cpp's --control-vector")
    .option("--force", "replace the file when there is one")
    .action(
      action<{ readonly force?: boolean }>(async (session, [id, file], { force }) => {
        artifactId(id!);
        if (force !== true && existsSync(file!))
          throw new TillerError("conflict", `there is a file ${file} already`, { field: "file", suggestion: "Add --force to replace it." });
        const client = await session.daemon();
        const { data } = await client.call("artifact.export", { id: id!, format: "gguf" });
        const bytes = Buffer.from(data, "base64");
        try {
          writeFileSync(file!, bytes);
        } catch (error) {
          throw new TillerError("storage-failed", `${file} could not be written (${(error as NodeJS.ErrnoException).code})`, {
            field: "file",
          });
        }
        await session.output.result({ file, bytes: bytes.byteLength }, () => `${file}: ${bytes.byteLength} bytes.`);
      }),
    );
  command(vector, "delete <id>", "delete a direction of your own").action(
    action(async (session, [id]) => {
      artifactId(id!);
      const client = await session.daemon();
      const { deleted } = await client.call("artifact.delete", { id: id! });
      if (!deleted) throw new TillerError("not-found", `there is no artifact '${id}' of your own`, { field: "id" });
      await session.output.result({ deleted }, () => `${id} is deleted.`);
    }),
  );
}

function describe(artifacts: readonly Artifact[]): string {
  if (artifacts.length === 0) return "No directions yet. `tiller vector make` finds one.";
  const rows = artifacts.map(({ id, site, layers, method, model, quality }) => {
    const best = Math.max(...quality.map(({ auroc }) => auroc));
    const held = quality.length === 0 ? "not measured" : `AUROC ${best.toFixed(2)}`;
    return [
      id,
      site,
      `layers ${layers.join(", ")}`,
      method.id,
      held,
      model.fingerprint === null ? `any ${model.architecture}` : `${model.architecture} ${model.fingerprint.slice(7, 15)}`,
    ];
  });
  return table(rows, ["id", "site", "where", "method", "held out", "model"]);
}
