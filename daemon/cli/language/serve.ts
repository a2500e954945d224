/** The language server on this process's standard streams, with the user's daemon behind it, where one runs. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { serve } from "../../../language-server/server.ts";
import type { StorePaths } from "../../store/paths.ts";
import { knowledgeOf } from "./knowledge.ts";

/** Goes on until the editor ends the process. */
export function serveStdio(paths: StorePaths, offline: boolean): Promise<never> {
  serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout), knowledgeOf(paths, offline));
  return new Promise<never>(() => undefined);
}
