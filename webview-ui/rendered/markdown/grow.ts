/** Reads a text that grows: of what was read before, only the last block is read again. */
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";
import type { Block } from "../node.ts";
import { mended, shownLength } from "./held.ts";
import { blocksOf, startOf } from "./nodes.ts";
import { texInText } from "./tex.ts";

/** What takes rules for text within a line time that grows with the square: so many characters in one paragraph, or marks. */
const MOST_CHARACTERS = 12_000;
const MOST_MARKS = 1500;
const MARKS = /[[\]*_~$`<&]/g;
const FENCE = /^[ \t>]*(`{3,}|~{3,})/;
/** as micromark and its extensions call them */
const INLINE = [
  "attention",
  "autolink",
  "codeText",
  "labelStartLink",
  "labelStartImage",
  "labelEnd",
  "gfmFootnoteCall",
  "gfmPotentialFootnoteCall",
  "htmlText",
  "mathText",
  "strikethrough",
];
const DEFINITION = /^ {0,3}\[[^\]\n]+\]:/m;

const READERS = [gfmFromMarkdown(), mathFromMarkdown()];
const RULES = [gfm(), math({ singleDollarTextMath: false }), texInText];

export class Growing {
  /** blocks that nothing changes any more, and the text that they were read from */
  #settled: Block[] = [];
  #head = "";
  #base = 0;

  /** @param base the text's place in the answer; @param running whether more may come */
  read(text: string, base: number, running: boolean): readonly Block[] {
    // An address may be given below what names it: a whole text is read as a whole.
    if (base !== this.#base || !text.startsWith(this.#head) || (!running && DEFINITION.test(text))) {
      this.#settled = [];
      this.#head = "";
      this.#base = base;
    }
    const from = this.#head.length;
    const tail = running ? text.slice(from, shownLength(text)) : text.slice(from);
    const source = running ? mended(tail) : tail;
    const root = fromMarkdown(source, { extensions: rulesFor(source), mdastExtensions: READERS });
    const blocks = blocksOf(root, source, base + from, tail.length);
    if (running && root.children.length > 1) {
      const last = source.lastIndexOf("\n", startOf(root.children.at(-1)!) - 1) + 1;
      this.#settled.push(...blocks.filter(({ from: at }) => at < base + from + last));
      this.#head = text.slice(0, from + last);
      return [...this.#settled, ...blocks.filter(({ from: at }) => at >= base + from + last)];
    }
    return [...this.#settled, ...blocks];
  }
}

/** A text with a paragraph beyond measure is read without what may stand within lines. */
function rulesFor(text: string) {
  let fence: string | null = null;
  let [characters, marks] = [0, 0];
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence === null ? mark !== null : mark?.startsWith(fence) === true) fence = fence === null ? mark : null;
    if (fence !== null || line.trim() === "") [characters, marks] = [0, 0];
    else {
      characters += line.length;
      marks += line.match(MARKS)?.length ?? 0;
    }
    if (characters > MOST_CHARACTERS && (marks > MOST_MARKS || line.length > MOST_CHARACTERS))
      return [...RULES, { disable: { null: INLINE } }];
  }
  return RULES;
}
