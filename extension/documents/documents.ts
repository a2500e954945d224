/** Read-only documents of the extension's own: reports, and texts that are only proposed. */
import { commands, type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from "vscode";

const SCHEME = "tiller";

export class Documents implements TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  register(): Disposable {
    return workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? "This document is no longer there.\n";
  }

  /** @param name what the tab is called; its ending says the language @param key tells documents of one name apart */
  put(name: string, key: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: `/${key}/${name.replaceAll(/[\\/:?#]/g, "-")}` });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  /** Markdown, as it reads. */
  async show(name: string, key: string, markdown: string): Promise<void> {
    await commands.executeCommand("markdown.showPreview", this.put(`${name}.md`, key, markdown));
  }
}
