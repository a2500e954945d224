/** A block's tree as elements: every piece of text knows its place, special stretches are marked, moves of sliders stand where they were. */
import type { ComponentChild } from "preact";
import { ChangeMark } from "../chat/change-mark.tsx";
import { Fence } from "./fence.tsx";
import { Formula } from "./formula.tsx";
import { InertLink } from "./inert-link.tsx";
import type { PlacedMark } from "./marks.ts";
import type { Node, Piece } from "./node.ts";
import { cut, type Special } from "./spans.ts";

export class Writer {
  readonly #specials: readonly Special[];
  readonly #marks: readonly PlacedMark[];

  /** @param marks each at a character that is shown (marks.ts) */
  constructor(specials: readonly Special[], marks: readonly PlacedMark[]) {
    this.#specials = specials;
    this.#marks = marks;
  }

  node(node: Node, key: number): ComponentChild {
    switch (node.kind) {
      case "text":
        return this.pieces(node.pieces);
      case "plain":
        return (
          <div class="plain" key={key}>
            {this.pieces(node.pieces)}
          </div>
        );
      case "formula":
        return (
          <>
            {this.#marksIn(node.at, node.at + 1).map((mark) => (
              <ChangeMark key={mark.token} mark={mark} />
            ))}
            <Formula key={key} tex={node.tex} display={node.display} />
          </>
        );
      case "fence":
        return <Fence key={key} fence={node} write={(pieces) => this.pieces(pieces)} />;
      case "link":
        return (
          <InertLink key={key} address={node.address} picture={node.picture}>
            {this.#all(node.children)}
          </InertLink>
        );
      case "element":
        return this.#element(node, key);
    }
  }

  pieces(pieces: readonly Piece[]): ComponentChild[] {
    return pieces.flatMap((piece) => cut(piece, this.#specials).flatMap((stretch) => this.#split(stretch)));
  }

  /** A stretch, with the moves of sliders within it. */
  #split({ text, at, special }: { text: string; at: number; special: Special | null }): ComponentChild[] {
    const parts: ComponentChild[] = [];
    let from = at;
    for (const mark of this.#marksIn(at, at + text.length)) {
      if (mark.character > from) parts.push(stretch(text.slice(from - at, mark.character - at), from, special));
      parts.push(<ChangeMark key={`mark ${mark.token}`} mark={mark} />);
      from = mark.character;
    }
    parts.push(stretch(text.slice(from - at), from, special));
    return parts;
  }

  #marksIn(from: number, to: number): readonly PlacedMark[] {
    return this.#marks.filter(({ character }) => character >= from && character < to);
  }

  #all(nodes: readonly Node[]): ComponentChild[] {
    return nodes.map((node, i) => this.node(node, i));
  }

  #element(node: Extract<Node, { kind: "element" }>, key: number): ComponentChild {
    const { tag: Tag, children, start, done, align } = node;
    if (Tag === "br" || Tag === "hr") return <Tag key={key} />;
    if (Tag === "table") return this.#table(children, key);
    const task = done === undefined ? null : <input type="checkbox" checked={done} disabled aria-label={done ? "done" : "not done"} />;
    const attributes = {
      ...(start === undefined ? {} : { start }),
      ...(align === undefined ? {} : { "data-align": align }),
      ...(done === undefined ? {} : { "data-task": "" }),
      ...(Tag === "th" ? { scope: "col" as const } : {}),
    };
    return (
      <Tag key={key} dir={DIRECTED.has(Tag) ? "auto" : undefined} {...attributes}>
        {task}
        {this.#all(children)}
      </Tag>
    );
  }

  #table(rows: readonly Node[], key: number): ComponentChild {
    const [head, ...body] = rows;
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within the keyboard's reach
      <section key={key} class="md-table" tabIndex={0} aria-label={`Table, ${body.length} rows`}>
        <table>
          <thead>{head === undefined ? null : this.node(head, 0)}</thead>
          <tbody>{body.map((row, i) => this.node(row, i + 1))}</tbody>
        </table>
      </section>
    );
  }
}

/** What begins a line decides by itself in which direction it runs. */
const DIRECTED = new Set<string>(["p", "li", "h3", "h4", "h5", "h6", "th", "td", "blockquote"]);

function stretch(text: string, at: number, special: Special | null): ComponentChild {
  if (special === null)
    return (
      <span key={at} data-at={at}>
        {text}
      </span>
    );
  const { index, tint, active, marked } = special;
  return (
    <span
      key={at}
      class="tok"
      data-at={at}
      data-i={index}
      data-tint={tint?.sign}
      data-diff={marked ? "" : undefined}
      data-active={active ? "" : undefined}
      style={tint === null ? undefined : { "--t": tint.strength }}
    >
      {text}
    </span>
  );
}
