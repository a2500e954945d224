/** `--model F`: a file (registered in the store from here, because no path goes over the wire), an id, or an address. */
import { statSync } from "node:fs";
import type { TillerClient } from "../../client/client.ts";
import { TillerError } from "../../protocol/errors.ts";
import { ModelStore } from "../../store/models.ts";
import { presentFile } from "../../store/own-file.ts";
import { makeFolders, type StorePaths } from "../../store/paths.ts";
import type { Session } from "../connection/session.ts";
import { bytes } from "../output/output.ts";

/** The id of a model that the daemon knows. @throws TillerError not-found, bad-model-file */
export async function resolveModel(text: string, session: Session, client: TillerClient): Promise<string> {
  if (/^(hf|huggingface|https?):/i.test(text)) return download(text, session, client);
  const { models } = await client.call("model.list", {});
  if (models.some((model) => model.id === text)) return text;
  if (looksLikeFile(text)) return addFile(text, session.paths);
  throw new TillerError("not-found", `there is no model '${text}', and no file of that name`, {
    field: "model",
    suggestion: `Models are ${models.map((model) => model.id).join(", ") || "none yet"}; or give the path of a GGUF file.`,
  });
}

export async function addFile(path: string, paths: StorePaths): Promise<string> {
  presentFile(path);
  makeFolders(paths);
  return (await new ModelStore(paths).add(path)).id;
}

export async function download(uri: string, session: Session, client: TillerClient): Promise<string> {
  const { output } = session;
  const end = client.on("model.progress", ({ phase, fraction, bytes: done, totalBytes }) => {
    if (phase !== "download") return;
    const amount = done === undefined ? "" : `, ${bytes(done)}${totalBytes === undefined ? "" : ` of ${bytes(totalBytes)}`}`;
    output.progress(fraction, `downloading: ${Math.round(fraction * 100)} %${amount}`);
  });
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once("SIGINT", interrupt);
  try {
    return (await client.call("model.download", { uri }, { signal: abort.signal })).id;
  } finally {
    process.removeListener("SIGINT", interrupt);
    end();
    output.endProgress();
  }
}

function looksLikeFile(text: string): boolean {
  return /[\\/]/.test(text) || /\.gguf$/i.test(text) || statSync(text, { throwIfNoEntry: false }) !== undefined;
}
