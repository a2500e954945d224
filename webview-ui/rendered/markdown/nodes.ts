/** Markdown's own tree (mdast) → what is shown. No HTML is made: tags in the text are text. Pure. */
import type { Definition, Nodes, Root, RootContent } from "mdast";
import type { Block, Node, Tag } from "../node.ts";
import { piecesOf } from "./pieces.ts";

type Formula = { type: "math" | "inlineMath"; value: string; position?: { start: { offset?: number }; end: { offset?: number } } };
type Any = Nodes | Formula;

/** @param source what the tree was read from; @param base its place in the answer; @param length how much of it is the answer's own */
export function blocksOf(root: Root, source: string, base: number, length: number): Block[] {
  const reader = new Reader(source, base, length, definitionsOf(root));
  return root.children.flatMap((child) => {
    const node = reader.block(child);
    return node === null ? [] : [{ node, from: base + startOf(child), to: base + Math.min(length, endOf(child)) }];
  });
}

export function startOf({ position }: { position?: Any["position"] }): number {
  return position?.start.offset ?? 0;
}

function endOf({ position }: { position?: Any["position"] }): number {
  return position?.end.offset ?? 0;
}

function definitionsOf(root: Root): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (node: Nodes): void => {
    if (node.type === "definition" && !found.has(node.identifier)) found.set(node.identifier, (node as Definition).url);
    if ("children" in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return found;
}

class Reader {
  readonly #source: string;
  readonly #base: number;
  readonly #length: number;
  readonly #definitions: ReadonlyMap<string, string>;

  constructor(source: string, base: number, length: number, definitions: ReadonlyMap<string, string>) {
    this.#source = source;
    this.#base = base;
    this.#length = length;
    this.#definitions = definitions;
  }

  block(node: RootContent | Formula): Node | null {
    return this.#read(node as Any)[0] ?? null;
  }

  #read(node: Any): Node[] {
    switch (node.type) {
      case "text":
      case "html":
        return node.type === "html" && /^<br\s*\/?>$/i.test(node.value) ? [element("br")] : [this.#text(node.value, node)];
      case "paragraph":
        return [element("p", this.#all(node.children))];
      case "heading":
        // below the conversation's own heading
        return [element(`h${Math.min(6, node.depth + 2)}` as Tag, this.#all(node.children))];
      case "blockquote":
        return [element("blockquote", this.#all(node.children))];
      case "thematicBreak":
        return [element("hr")];
      case "break":
        return [element("br")];
      case "emphasis":
        return [element("em", this.#all(node.children))];
      case "strong":
        return [element("strong", this.#all(node.children))];
      case "delete":
        return [element("del", this.#all(node.children))];
      case "inlineCode":
        return [element("code", [this.#text(node.value, node)])];
      case "code":
        return [
          {
            kind: "fence",
            language: node.lang ?? "",
            pieces: this.#pieces(node.value, node),
            open: endOf(node) >= this.#length && !this.#closed(node),
          },
        ];
      case "list": {
        const items = node.children.map((item): Node => {
          const done = typeof item.checked === "boolean" ? { done: item.checked } : {};
          // Items without empty lines between them are lines, not paragraphs.
          const children = item.children.flatMap((child) =>
            child.type === "paragraph" && node.spread !== true && item.spread !== true ? this.#all(child.children) : this.#read(child),
          );
          return { kind: "element", tag: "li", children, ...done };
        });
        const start = node.ordered === true && typeof node.start === "number" && node.start !== 1 ? { start: node.start } : {};
        return [{ kind: "element", tag: node.ordered === true ? "ol" : "ul", children: items, ...start }];
      }
      case "table":
        return [
          element(
            "table",
            node.children.map((row, i) =>
              element(
                "tr",
                row.children.map((cell, column): Node => {
                  const align = node.align?.[column];
                  return {
                    kind: "element",
                    tag: i === 0 ? "th" : "td",
                    children: this.#all(cell.children),
                    ...(align == null ? {} : { align }),
                  };
                }),
              ),
            ),
          ),
        ];
      case "link":
        return this.#link(node.url, this.#all(node.children));
      case "linkReference":
        return this.#link(this.#definitions.get(node.identifier), this.#all(node.children));
      case "image":
        return [{ kind: "link", address: node.url, picture: true, children: [this.#text(node.alt ?? "", node)] }];
      case "imageReference":
        return [
          {
            kind: "link",
            address: this.#definitions.get(node.identifier) ?? "",
            picture: true,
            children: [this.#text(node.alt ?? "", node)],
          },
        ];
      case "footnoteReference":
        return [element("sup", [this.#text(node.label ?? node.identifier, node)])];
      case "footnoteDefinition":
        return [element("blockquote", [element("sup", [this.#text(node.label ?? node.identifier, node)]), ...this.#all(node.children)])];
      case "math":
      case "inlineMath":
        return [this.#formula(node as Formula)];
      default:
        // a definition shows nothing by itself
        return [];
    }
  }

  #all(nodes: readonly Nodes[]): Node[] {
    return nodes.flatMap((node) => this.#read(node));
  }

  #text(value: string, node: Any): Node {
    return { kind: "text", pieces: this.#pieces(value, node) };
  }

  #pieces(value: string, node: Any) {
    return piecesOf(value, this.#source, startOf(node), endOf(node), this.#base);
  }

  /** What was made up to close an unfinished link leads nowhere. */
  #link(address: string | undefined, children: readonly Node[]): Node[] {
    if (address === undefined || address.startsWith("streamdown:")) return [...children];
    return [{ kind: "link", address, picture: false, children }];
  }

  /** One that has not come to its end yet is shown as it is written. */
  #formula(node: Formula): Node {
    const written = this.#source.slice(startOf(node), Math.min(this.#length, endOf(node))).trimEnd();
    const at = this.#base + startOf(node);
    if (node.type === "math" && (written.length <= 4 || !written.endsWith("$$"))) return { kind: "plain", pieces: [{ text: written, at }] };
    return { kind: "formula", tex: node.value, display: node.type === "math" || /^(?:\$\$|\\\[)/.test(written), at };
  }

  /** Whether a block of code ended by its own mark. */
  #closed(node: Any): boolean {
    const written = this.#source.slice(startOf(node), endOf(node));
    return /\n[ \t>]*(`{3,}|~{3,})[ \t]*$/.test(written) || !/^[`~]/.test(written);
  }
}

function element(tag: Tag, children: readonly Node[] = []): Node {
  return { kind: "element", tag, children };
}
