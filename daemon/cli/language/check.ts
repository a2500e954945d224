/** What the language server finds in files, one after the other. */
import { readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";
import { askDaemon, keptKnowledge } from "../../../language-server/daemon-knowledge.ts";
import { diagnosticOf, findingsOf } from "../../../language-server/features/diagnostics.ts";
import type { Known } from "../../../language-server/knowledge.ts";
import { SteerText } from "../../../language-server/text.ts";
import { type View, viewOf } from "../../../language-server/view.ts";
import { diskWorkspace } from "../../../language-server/workspace.ts";
import type { TillerClient } from "../../client/client.ts";
import { languageShelf } from "../../store/language-shelf.ts";
import type { Session } from "../connection/session.ts";
import { usage } from "../output/failure.ts";

export interface FileFinding {
  readonly file: string;
  /** 1-based */
  readonly line: number;
  readonly column: number;
  readonly severity: "error" | "warning" | "information";
  readonly code: string;
  readonly message: string;
}

export interface CheckOptions {
  readonly offline: boolean;
  readonly model: string | undefined;
}

/** @throws TillerError where a path leads nowhere, or the model is not known */
export async function checkPresets(session: Session, paths: readonly string[], { offline, model }: CheckOptions): Promise<FileFinding[]> {
  const files = paths.flatMap(filesOf);
  const client = offline ? null : await session.daemon();
  const said = client === null ? keptKnowledge(languageShelf(session.paths)).known : await askDaemon(client);
  const known = said === null || model === undefined ? said : onModel(said, model);
  const found: FileFinding[] = [];
  for (const file of files) found.push(...(await checkFile(file, known, client)));
  return found;
}

async function checkFile(file: string, known: Known | null, client: TillerClient | null): Promise<FileFinding[]> {
  const text = new SteerText(TextDocument.create(pathToFileURL(resolve(file)).href, "tiller-preset", 0, readFileSync(file, "utf8")));
  const view = viewOf(text, { known, live: client !== null });
  const compiled = client === null || text.preset === null ? [] : (await client.call("preset.check", question(view))).problems;
  return findingsOf(view, compiled).map((finding) => {
    const { start } = diagnosticOf(text, finding).range;
    const { severity, code, message } = finding;
    return { file, line: start.line + 1, column: start.character + 1, severity, code, message: message.replaceAll(/\s*\n\s*/g, " ") };
  });
}

function question({ text, model }: View): { text: string; model?: string } {
  return model === null ? { text: text.text } : { text: text.text, model: model.id };
}

/** As if this model were the default one, and the only one that is loaded. */
function onModel(known: Known, id: string): Known {
  if (!known.models.some((model) => model.id === id)) throw usage(`there is no model '${id}'`, "model", "See `tiller models`.");
  return {
    ...known,
    defaultModel: id,
    models: known.models.map((model) => (model.id === id ? model : { ...model, state: "available" as const })),
  };
}

function filesOf(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw usage(`there is nothing at '${path}'`, "paths");
  if (stats.isFile()) return [path];
  const folder = pathToFileURL(resolve(path)).href;
  const inside = diskWorkspace(
    () => [folder],
    () => [],
  ).documents("preset");
  return inside.map(({ uri }) => join(path, relative(resolve(path), fileURLToPath(uri)))).sort();
}
