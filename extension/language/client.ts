/**
 * The language server for presets, as a process of its own: `tiller lsp`, which other editors start as well. It runs from the first
 * preset that is opened. In a workspace that is not trusted it talks to no daemon.
 */
import { type Disposable, type LogOutputChannel, workspace } from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";
import type { NodeChoice } from "../daemon/node.ts";

export const PRESET_LANGUAGE = "tiller-preset";

export interface LanguageOptions {
  /** the command line's entry, a file */
  readonly entry: string;
  readonly node: () => Promise<NodeChoice>;
  readonly log: LogOutputChannel;
}

export function startLanguage(options: LanguageOptions): Disposable {
  let client: Promise<LanguageClient> | null = null;
  const start = (): void => {
    client ??= run(options);
  };
  const isPreset = ({ languageId }: { languageId: string }): boolean => languageId === PRESET_LANGUAGE;
  if (workspace.textDocuments.some(isPreset)) start();
  const ends = [
    workspace.onDidOpenTextDocument((document) => isPreset(document) && start()),
    // it then may talk to the daemon
    workspace.onDidGrantWorkspaceTrust(() => {
      const before = client;
      if (before === null) return;
      client = before.then(stop).then(() => run(options));
    }),
  ];
  return {
    dispose() {
      for (const end of ends) end.dispose();
      void client?.then(stop);
    },
  };
}

async function run({ entry, node, log }: LanguageOptions): Promise<LanguageClient> {
  const { node: command, env } = await node();
  const args = [entry, "lsp", ...(workspace.isTrusted ? [] : ["--offline"])];
  const server: ServerOptions = { command, args, transport: TransportKind.stdio, ...(env === undefined ? {} : { options: { env } }) };
  const options: LanguageClientOptions = {
    documentSelector: [{ language: PRESET_LANGUAGE }],
    outputChannel: log,
    initializationOptions: { commands: true },
    progressOnInitialization: false,
  };
  const client = new LanguageClient("tiller", "Tiller presets", server, options);
  await client.start().catch((error: unknown) => log.error(`the language server did not start: ${String(error)}`));
  return client;
}

async function stop(client: LanguageClient): Promise<void> {
  await client.dispose().catch(() => undefined);
}
