/** Reports in the editor area: a read-only document of Markdown, shown as its preview. */
import { commands, type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from "vscode";

const SCHEME = "tiller-report";

export class ReportDocuments implements TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  register(): Disposable {
    return workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? "This report is no longer open. Show it again from the list of jobs.\n";
  }

  /** @param name what the tab is called @param key tells reports of one name apart */
  async show(name: string, key: string, markdown: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${key}/${name.replaceAll(/[\\/:?#]/g, "-")}.md` });
    this.#texts.set(uri.toString(), markdown);
    this.#changed.fire(uri);
    await commands.executeCommand("markdown.showPreview", uri);
  }
}
