/** Something that can be written where the cursor stands. */
import type { CompletionItemKind } from "vscode-languageserver";

export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** what is written; `$1` marks where the cursor goes. Left out: the label */
  readonly insert?: string;
  readonly detail?: string;
  /** Markdown */
  readonly help?: string;
  /** "0" goes first */
  readonly order?: string;
}
