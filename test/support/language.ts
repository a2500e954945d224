/** An editor as the language server sees it: the protocol over real streams, with what the package ships as the server's knowledge. */
import { PassThrough } from "node:stream";
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import type { CodeAction, CompletionItem, Diagnostic, Position, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { artifactEntry } from "../../daemon/experiments/artifact-entry.ts";
import { methodEntries } from "../../daemon/experiments/entries.ts";
import { checkBody } from "../../daemon/methods/index.ts";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import type { Model } from "../../daemon/protocol/api/model.ts";
import { ArtifactStore } from "../../daemon/store/artifacts.ts";
import { storePaths } from "../../daemon/store/paths.ts";
import { type Knowledge, type Known, NOTHING_KNOWN } from "../../language-server/knowledge.ts";
import { serve } from "../../language-server/server.ts";

export interface Opened {
  readonly uri: string;
  /** the cursor that the text marked with `‸` */
  readonly cursor: Position;
}

export class Editor {
  readonly connection: MessageConnection;
  readonly #documents = new Map<string, TextDocument>();
  readonly #diagnostics = new Map<string, Diagnostic[]>();
  #heard: () => void = () => undefined;
  #next = 1;

  /** @param connection to a server that was just started */
  constructor(connection: MessageConnection) {
    this.connection = connection;
    connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      this.#diagnostics.set(uri, diagnostics);
      this.#heard();
    });
    connection.onRequest("workspace/inlayHint/refresh", () => null);
    connection.onRequest("workspace/codeLens/refresh", () => null);
    connection.listen();
  }

  async begin(folders: readonly string[] = []): Promise<Record<string, unknown>> {
    const workspaceFolders = folders.map((uri) => ({ uri, name: "test" }));
    const { capabilities } = await this.connection.sendRequest<{ capabilities: Record<string, unknown> }>("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {},
      workspaceFolders,
      initializationOptions: { commands: true },
    });
    await this.connection.sendNotification("initialized", {});
    return capabilities;
  }

  /** Opens a document; `‸` marks the cursor and is no part of it. */
  async open(marked: string, uri = `untitled:${this.#next++}.steer.yaml`): Promise<Opened> {
    const text = marked.replace("‸", "");
    const document = TextDocument.create(uri, "tiller-preset", 1, text);
    this.#documents.set(uri, document);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "tiller-preset", version: 1, text },
    });
    return { uri, cursor: document.positionAt(Math.max(0, marked.indexOf("‸"))) };
  }

  text(uri: string): string {
    return this.#documents.get(uri)!.getText();
  }

  /** Changes the document as an editor does, by ranges. */
  async change(uri: string, edits: readonly TextEdit[]): Promise<void> {
    const document = this.#documents.get(uri)!;
    const version = document.version + 1;
    const ordered = [...edits].sort((a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start));
    const contentChanges = ordered.map(({ range, newText }) => ({ range, text: newText }));
    this.#documents.set(uri, TextDocument.update(document, contentChanges, version));
    this.#diagnostics.delete(uri);
    await this.connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
  }

  /** Of the newest text, as soon as they are as `wanted` says; the last word of the server where that is left out. */
  async diagnostics(uri: string, wanted: (found: readonly Diagnostic[]) => boolean = () => true): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.#diagnostics.get(uri);
      if (found !== undefined && wanted(found)) return found;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  ask<T>(method: string, { uri, cursor }: Opened, more: object = {}): Promise<T> {
    return this.connection.sendRequest<T>(method, { textDocument: { uri }, position: cursor, ...more });
  }

  complete(opened: Opened): Promise<CompletionItem[]> {
    return this.ask("textDocument/completion", opened);
  }

  fixes(uri: string, range: Range): Promise<CodeAction[]> {
    return this.connection.sendRequest("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics: [] } });
  }

  /** Applies a fix, as a click on it does. */
  async apply({ edit }: CodeAction): Promise<void> {
    for (const [uri, edits] of Object.entries((edit as WorkspaceEdit).changes ?? {})) await this.change(uri, edits);
  }

  dispose(): void {
    this.connection.dispose();
  }
}

/** A server of its own in this process, joined by streams. */
export function startLanguageServer(knowledge: Knowledge = shippedKnowledge()): Editor {
  const [toServer, toEditor] = [new PassThrough(), new PassThrough()];
  serve(createConnection(ProposedFeatures.all, toServer, toEditor), knowledge);
  return new Editor(createMessageConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer)));
}

/** The model that the shipped artifacts were found in, and another one. */
const MODEL: Model = {
  id: "tiller-mini",
  name: "Tiller Mini",
  title: "Tiller Mini",
  fileName: "tiller-mini.gguf",
  sizeBytes: 14_000_000,
  architecture: "llama",
  quantisation: "Q8_0",
  layers: 8,
  width: 256,
  contextTrained: 1024,
  fingerprint: "",
  embedded: true,
  state: "loaded",
  reason: null,
  hasChatTemplate: true,
};
export const OTHER_MODEL: Model = {
  ...MODEL,
  id: "other",
  name: "Other",
  layers: 30,
  fingerprint: `sha256:${"b".repeat(64)}`,
  embedded: false,
  state: "available",
};

export function shippedKnown(): Known {
  const paths = storePaths();
  const store = new ArtifactStore({ artifacts: `${paths.shipped}-none`, shipped: paths.shipped }, checkBody);
  const artifacts = store.list().map((artifact): ArtifactEntry => ({ ...artifactEntry(artifact), shipped: true }));
  const { fingerprint } = artifacts.find(({ id }) => id === "direction/joy")!.model;
  return { methods: methodEntries(), artifacts, models: [{ ...MODEL, fingerprint: fingerprint! }, OTHER_MODEL], defaultModel: MODEL.id };
}

/** As a running daemon gives it, without one. */
export function shippedKnowledge(known: Known = shippedKnown(), check: Knowledge["check"] = async () => []): Knowledge {
  return { ...NOTHING_KNOWN, known, live: true, check };
}
