/**
 * The panel of a preset's text: sliders, scopes, gates, holds and receipts. The text is the source of truth. What the panel changes
 * is one entry of it, by an edit that the editor can undo; what changes in the text, by whoever, is shown.
 */
import {
  type CustomTextEditorProvider,
  commands,
  type Disposable,
  type TextDocument as EditorDocument,
  type LogOutputChannel,
  Range,
  Uri,
  type WebviewPanel,
  WorkspaceEdit,
  window,
  workspace,
} from "vscode";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parsePreset } from "../../daemon/compiler/parse.ts";
import { type PanelMessage, PanelMessageSchema, type PanelUpdate } from "../../daemon/protocol/panel.ts";
import type { Known } from "../../language-server/knowledge.ts";
import { SteerText } from "../../language-server/text.ts";
import { viewOf } from "../../language-server/view.ts";
import { PAGE, pageHtml } from "../chat/html.ts";
import type { ChatView } from "../chat/view.ts";
import { panelShown } from "./shown.ts";

export const PRESET_PANEL = "tiller.presetPanel";

export interface PanelKnowledge {
  readonly known: Known | null;
  readonly live: boolean;
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
}

export interface PanelOptions {
  readonly extension: Uri;
  readonly knowledge: PanelKnowledge;
  readonly chat: ChatView;
  readonly log: LogOutputChannel;
}

export class PresetPanels implements CustomTextEditorProvider {
  readonly #options: PanelOptions;
  /** the preset that the chat has from a panel: it follows that panel's sliders */
  #applied: string | null = null;

  constructor(options: PanelOptions) {
    this.#options = options;
  }

  register(): Disposable {
    return window.registerCustomEditorProvider(PRESET_PANEL, this, { supportsMultipleEditorsPerDocument: true });
  }

  resolveCustomTextEditor(document: EditorDocument, { webview, onDidDispose }: WebviewPanel): void {
    const { extension, knowledge, log } = this.#options;
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(extension, ...PAGE)] };
    const show = (): void => {
      const shown = panelShown(viewOf(textOf(document), knowledge));
      void webview.postMessage({ kind: "shown", shown } satisfies PanelUpdate);
    };
    // one change after the other: each is computed on the text that the last one has left
    let writing: Promise<unknown> = Promise.resolve();
    const ends = [
      webview.onDidReceiveMessage((raw: unknown) => {
        const message = PanelMessageSchema.safeParse(raw);
        if (!message.success) log.warn(`a preset's panel sent a message that is none: ${message.error.issues[0]?.path.join(".")}`);
        else if (message.data.kind === "ready") show();
        else {
          const order = message.data;
          writing = writing.then(() => this.#act(document, order)).catch((error: unknown) => log.error(`the panel: ${String(error)}`));
        }
      }),
      workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        if (changed.uri.toString() !== document.uri.toString() || contentChanges.length === 0) return;
        show();
        if (this.#applied === document.uri.toString()) this.#follow(document);
      }),
      { dispose: knowledge.onChange(show) },
    ];
    onDidDispose(() => {
      for (const end of ends) end.dispose();
    });
    webview.html = pageHtml(webview, extension, "panel.js");
  }

  async #act(document: EditorDocument, message: Exclude<PanelMessage, { kind: "ready" }>): Promise<void> {
    switch (message.kind) {
      case "set":
        await change(document, message.path, message.value);
        break;
      case "move":
        if (this.#applied === document.uri.toString()) this.#follow(document, message);
        break;
      case "apply":
        this.#applied = document.uri.toString();
        await commands.executeCommand("tiller.applyText", { uri: document.uri.toString() });
        break;
      case "text":
        await window.showTextDocument(document, { preview: false });
    }
  }

  /** The chat's sliders go along, and with them an answer that is being written. */
  #follow(document: EditorDocument, moved?: { readonly control: string; readonly strength: number }): void {
    const parsed = parsePreset(document.getText());
    if (!("preset" in parsed)) return;
    const { controls } = parsed.preset;
    const control = moved === undefined || !Object.hasOwn(controls, moved.control) ? null : controls[moved.control]!;
    const preset =
      control === null
        ? parsed.preset
        : { ...parsed.preset, controls: { ...controls, [moved!.control]: { ...control, strength: moved!.strength } } };
    this.#options.chat.tell({ do: "rack", preset, view: "chat" });
  }
}

function textOf(document: EditorDocument): SteerText {
  return new SteerText(TextDocument.create(document.uri.toString(), document.languageId, document.version, document.getText()));
}

async function change(document: EditorDocument, path: readonly string[], value: unknown): Promise<void> {
  const text = textOf(document);
  const edit = value === null ? text.remove(path) : text.set(path, value);
  if (edit === null) return;
  const changes = new WorkspaceEdit();
  changes.replace(document.uri, new Range(document.positionAt(edit.start), document.positionAt(edit.end)), edit.text);
  await workspace.applyEdit(changes);
}
