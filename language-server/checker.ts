/**
 * Checks documents as they change. What can be said here is said at once; what the daemon's compiler says follows, for the text that
 * stands there by then. Only the newest text is asked about: a fast writer does not flood the daemon.
 */
import type { Diagnostic } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Problem } from "../daemon/protocol/api/library.ts";
import { diagnosticOf, findingsOf } from "./features/diagnostics.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Finding } from "./rules/finding.ts";
import { textOf } from "./text.ts";
import { type View, viewOf } from "./view.ts";

interface Watched {
  document: TextDocument;
  /** the daemon is being asked */
  asking: boolean;
  /** it changed, or what is known did, since it was asked */
  again: boolean;
  compiled: { readonly text: string; readonly problems: readonly Problem[] } | null;
}

export class Checker {
  readonly #knowledge: Knowledge;
  readonly #publish: (uri: string, diagnostics: Diagnostic[]) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(knowledge: Knowledge, publish: (uri: string, diagnostics: Diagnostic[]) => void) {
    this.#knowledge = knowledge;
    this.#publish = publish;
  }

  /** Something changed: the document or what is known. */
  look(document: TextDocument): void {
    const watched = this.#watched.get(document.uri) ?? { document, asking: false, again: false, compiled: null };
    watched.document = document;
    this.#watched.set(document.uri, watched);
    this.#tell(watched);
    if (watched.asking) watched.again = true;
    else void this.#ask(watched);
  }

  forget(uri: string): void {
    this.#watched.delete(uri);
    this.#publish(uri, []);
  }

  /** Of a text as it stands, with what the compiler has said of it. */
  async findings(view: View): Promise<Finding[]> {
    const { text, uri } = { text: view.text.text, uri: view.text.document.uri };
    const watched = this.#watched.get(uri);
    if (watched?.compiled?.text === text) return findingsOf(view, watched.compiled.problems);
    return findingsOf(view, (await this.#compile(view)) ?? []);
  }

  dispose(): void {
    this.#watched.clear();
  }

  async #ask(watched: Watched): Promise<void> {
    watched.asking = true;
    try {
      do {
        watched.again = false;
        const view = viewOf(textOf(watched.document), this.#knowledge);
        const problems = await this.#compile(view);
        if (problems !== null) watched.compiled = { text: view.text.text, problems };
      } while (watched.again);
    } finally {
      watched.asking = false;
    }
    if (this.#watched.get(watched.document.uri) === watched) this.#tell(watched);
  }

  async #compile({ text, model }: View): Promise<readonly Problem[] | null> {
    return text.preset === null ? null : this.#knowledge.check(text.text, model?.id);
  }

  #tell({ document, compiled }: Watched): void {
    const view = viewOf(textOf(document), this.#knowledge);
    const current = compiled?.text === view.text.text && this.#knowledge.live ? compiled.problems : [];
    this.#publish(
      document.uri,
      findingsOf(view, current).map((finding) => diagnosticOf(view.text, finding)),
    );
  }
}
