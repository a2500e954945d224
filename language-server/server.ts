/** The language server for presets (`*.steer.yaml`): joins the features to a connection. Knows nothing of any editor. */
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Checker } from "./checker.ts";
import { complete } from "./features/completion.ts";
import { actionsOf } from "./features/diagnostics.ts";
import { format } from "./features/format.ts";
import { hints } from "./features/hints.ts";
import { hover } from "./features/hover.ts";
import { lenses } from "./features/lenses.ts";
import { definition, highlights, nameAt, references, rename } from "./features/names.ts";
import { folds, symbols } from "./features/outline.ts";
import { LEGEND, tokens } from "./features/tokens.ts";
import type { Knowledge } from "./knowledge.ts";
import { textOf } from "./text.ts";
import { type View, viewOf } from "./view.ts";
import { diskWorkspace } from "./workspace.ts";

/** A name that cannot be given. */
const REFUSED = -32803;

export function serve(connection: Connection, knowledge: Knowledge): void {
  const documents = new TextDocuments(TextDocument);
  let folders: readonly string[] = [];
  let ownCommands = false;
  const workspace = diskWorkspace(
    () => folders,
    () => documents.all(),
  );
  const checker = new Checker(knowledge, (uri, diagnostics) => void connection.sendDiagnostics({ uri, diagnostics }));
  const view = (uri: string): View | null => {
    const document = documents.get(uri);
    return document === undefined ? null : viewOf(textOf(document), knowledge);
  };
  /** What a feature gives of the document that was asked about; `none` of one that is not open. */
  const on =
    <P extends { textDocument: { uri: string } }, R>(work: (view: View, params: P) => R, none: R) =>
    (params: P): R => {
      const one = view(params.textDocument.uri);
      return one === null ? none : work(one, params);
    };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    folders = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
    ownCommands = (params.initializationOptions as { commands?: unknown } | undefined)?.commands === true;
    return { serverInfo: { name: "tiller" }, capabilities: capabilities(ownCommands) };
  });
  connection.onInitialized(() => {
    knowledge.onChange(() => {
      for (const document of documents.all()) checker.look(document);
      // what is drawn from receipts; an editor that cannot be told asks at its next change
      connection.languages.inlayHint.refresh().catch(() => undefined);
      if (ownCommands) connection.sendRequest("workspace/codeLens/refresh").catch(() => undefined);
    });
  });
  connection.onNotification(
    "workspace/didChangeWorkspaceFolders",
    ({ event }: { event: { added: { uri: string }[]; removed: { uri: string }[] } }) => {
      const gone = new Set(event.removed.map(({ uri }) => uri));
      folders = [...folders.filter((uri) => !gone.has(uri)), ...event.added.map(({ uri }) => uri)];
    },
  );
  documents.onDidChangeContent(({ document }) => checker.look(document));
  documents.onDidClose(({ document }) => checker.forget(document.uri));

  connection.onCompletion(on((one, { position }) => complete(one, one.text.offset(position)), []));
  connection.onHover(on((one, { position }) => hover(one, one.text.offset(position)), null));
  connection.onCodeAction(async ({ textDocument, range }) => {
    const one = view(textDocument.uri);
    return one === null ? [] : actionsOf(one.text, await checker.findings(one), range);
  });
  connection.onCodeLens(on((one) => (ownCommands ? lenses(one) : []), []));
  connection.onDefinition(on((one, { position }) => definition(one.text, one.text.offset(position)), null));
  connection.onReferences(on((one, { position }) => references(one.text, one.text.offset(position), workspace), []));
  connection.onDocumentHighlight(on((one, { position }) => highlights(one.text, one.text.offset(position)), []));
  connection.onPrepareRename(
    on((one, { position }) => {
      const named = nameAt(one.text, one.text.offset(position));
      return named?.kind === "control" ? { range: one.text.range(named.span), placeholder: named.name } : null;
    }, null),
  );
  connection.onRenameRequest(
    on((one, { position, newName }) => {
      const edit = rename(one.text, one.text.offset(position), newName, workspace);
      return typeof edit === "string" ? new ResponseError<void>(REFUSED, edit) : edit;
    }, null),
  );
  connection.onDocumentFormatting(on((one, { options }) => format(one.text, options), []));
  connection.onDocumentSymbol(on((one) => symbols(one), []));
  connection.onFoldingRanges(on((one) => folds(one.text), []));
  connection.languages.semanticTokens.on(on((one) => tokens(one), { data: [] }));
  connection.languages.inlayHint.on(on((one) => hints(one), []));
  connection.onShutdown(() => {
    checker.dispose();
    knowledge.dispose();
  });
  documents.listen(connection);
  connection.listen();
}

function capabilities(commands: boolean): InitializeResult["capabilities"] {
  return {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: [":", "/", " "] },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: ["quickfix"] },
    ...(commands ? { codeLensProvider: {} } : {}),
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
    documentFormattingProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    semanticTokensProvider: { legend: LEGEND, full: true },
    inlayHintProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
