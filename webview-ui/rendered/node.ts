/** An answer as it is shown when it is rendered: a tree of few kinds, each piece of text with its place in the answer's own text. */

/** `text` stands in the answer from character `at` on, as it is here; a reference such as `&amp;` counts as the one that it means. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

export type Tag =
  | "p"
  | "h3"
  | "h4"
  | "h5"
  | "h6"
  | "blockquote"
  | "ul"
  | "ol"
  | "li"
  | "em"
  | "strong"
  | "del"
  | "sup"
  | "code"
  | "table"
  | "tr"
  | "th"
  | "td"
  | "br"
  | "hr";

export type Node =
  | { readonly kind: "text"; readonly pieces: readonly Piece[] }
  | {
      readonly kind: "element";
      readonly tag: Tag;
      readonly children: readonly Node[];
      /** of `ol`: the first number */
      readonly start?: number;
      /** of `li`: a task, done or not */
      readonly done?: boolean;
      /** of `th` and `td` */
      readonly align?: "left" | "right" | "center";
    }
  /** an address that is named: nothing of it is fetched, a picture neither */
  | { readonly kind: "link"; readonly address: string; readonly picture: boolean; readonly children: readonly Node[] }
  /** a block of code; `language` as it was written, "" where none was */
  | { readonly kind: "fence"; readonly language: string; readonly pieces: readonly Piece[]; readonly open: boolean }
  | { readonly kind: "formula"; readonly tex: string; readonly display: boolean; readonly at: number }
  /** too much for its rules to be read in good time: shown as it stands */
  | { readonly kind: "plain"; readonly pieces: readonly Piece[] };

/** A part of the answer from top to bottom. What follows is in another one, and does not change it any more once there is one. */
export interface Block {
  readonly node: Node;
  /** characters of the answer's text */
  readonly from: number;
  readonly to: number;
}

export interface Rendered {
  /** what the model wrote for itself before the answer; null: nothing. `open`: it has not come to its end */
  readonly thinking: { readonly blocks: readonly Block[]; readonly open: boolean } | null;
  readonly blocks: readonly Block[];
}
