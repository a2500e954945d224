/** Answers as Markdown: what is read, where each piece stands in the text, and that a text that grows does not change its mind. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as code from "../../../webview-ui/rendered/code/main.ts";
import { coloured, piecesFrom, stretchesOn } from "../../../webview-ui/rendered/coloured.ts";
import { open } from "../../../webview-ui/rendered/markdown/main.ts";
import { marksByBlock, placed, snapped } from "../../../webview-ui/rendered/marks.ts";
import type { Block, Node, Piece, Rendered } from "../../../webview-ui/rendered/node.ts";
import { cut, placesOf, specialsIn, tokenAt } from "../../../webview-ui/rendered/spans.ts";

const read = (text: string): Rendered => open().read(text, false);
const nodes = (text: string): Node[] => read(text).blocks.map(({ node }) => node);

function piecesIn(node: Node): readonly Piece[] {
  if (node.kind === "formula") return [];
  if (node.kind === "element" || node.kind === "link") return node.children.flatMap(piecesIn);
  return node.pieces;
}

function find(blocks: readonly Node[], wanted: (node: Node) => boolean): Node | undefined {
  for (const node of blocks) {
    if (wanted(node)) return node;
    const within = node.kind === "element" || node.kind === "link" ? find(node.children, wanted) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

/** As many times as long as plain words of that length may take: what grows with the square takes hundreds of times. */
const MOST = 60;

const words = (blocks: readonly Block[]): string => blocks.flatMap(({ node }) => piecesIn(node).map(({ text }) => text)).join("");

const SAMPLE = [
  "# A title & more\n\n",
  'Some *em*, **strong**, `code`, ~~gone~~ and [a link](https://example.org "t").\nA second line.\n\n',
  "> quoted **words**\n> on two lines\n\n",
  "1. one\n2. two\n   - nested `x`\n   - again\n\n- [x] done\n- [ ] not\n\n",
  "| a | b |\n|---|:-:|\n| 1 \\| 2 | **3** |\n| &lt;4 | 5 |\n\n",
  "```js\nconst x = 1; // *no emphasis*\n\nlet y = `z`;\n```\n\n",
  "Formula \\(a^2\\) and $b_1$, money $5 and $10.\n\n\\[\n\\frac{1}{2}\n\\]\n\n$$\nx = y\n$$\n\n",
  "Escaped \\*stars\\* &amp; entities. <b>tag</b>\n",
].join("");

describe("page: an answer as Markdown", () => {
  it("every piece stands in the text where it says", () => {
    let exact = 0;
    for (const { node } of read(SAMPLE).blocks)
      for (const { text, at } of piecesIn(node)) {
        const written = SAMPLE.slice(at, at + text.length);
        // A reference stands for what it means.
        if (written !== text) assert.match(SAMPLE.slice(at), /^&(lt|amp);/, `${JSON.stringify(text)} at ${at}`);
        else exact++;
      }
    assert.ok(exact > 40, String(exact));
  });

  it("names what there is: emphasis, lists, tables, code, links, formulas; money is none, and a tag is text", () => {
    const all = nodes(SAMPLE);
    const element = (tag: string) => find(all, (node) => node.kind === "element" && node.tag === tag);
    for (const tag of ["h3", "em", "strong", "del", "code", "blockquote", "ol", "ul", "table", "th", "td"]) assert.ok(element(tag), tag);
    const link = find(all, ({ kind }) => kind === "link");
    assert.ok(link?.kind === "link" && link.address === "https://example.org");
    const fence = find(all, ({ kind }) => kind === "fence");
    assert.ok(fence?.kind === "fence" && fence.language === "js");
    assert.equal(
      piecesIn(fence)
        .map(({ text }) => text)
        .join(""),
      "const x = 1; // *no emphasis*\n\nlet y = `z`;",
    );
    const formulas: string[] = [];
    const walk = (node: Node): void => {
      if (node.kind === "formula") formulas.push(`${node.tex.trim()}${node.display ? " (display)" : ""}`);
      else if (node.kind === "element" || node.kind === "link") node.children.forEach(walk);
    };
    all.forEach(walk);
    assert.deepEqual(formulas, ["a^2", "b_1", "\\frac{1}{2} (display)", "x = y (display)"]);
    assert.match(words(read(SAMPLE).blocks), /money \$5 and \$10\./);
    assert.match(words(read(SAMPLE).blocks), /Escaped \*stars\* & entities\. <b>tag<\/b>/);
  });

  it("read as it grows, letter by letter, it ends as it is when it is read at once, and its beginning stays as it was", () => {
    const growing = open();
    let before: readonly Block[] = [];
    let kept = 0;
    for (let length = 1; length <= SAMPLE.length; length++) {
      const { blocks } = growing.read(SAMPLE.slice(0, length), true);
      // Whatever is not the last block is not touched any more.
      for (let i = 0; i + 2 < before.length; i++) {
        assert.equal(blocks[i], before[i], `block ${i} at ${length}`);
        kept++;
      }
      before = blocks;
    }
    assert.ok(kept > SAMPLE.length);
    assert.deepEqual(growing.read(SAMPLE, false), read(SAMPLE));
  });

  it("what is unfinished does not flicker: no heading of a list's dash, no bars of a table's head, no stars of bold words", () => {
    const growing = open();
    const text = "A line\n- **bold words** and `code` here\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    for (let length = 1; length <= text.length; length++) {
      const { blocks } = growing.read(text.slice(0, length), true);
      assert.equal(
        find(
          blocks.map(({ node }) => node),
          (node) => node.kind === "element" && /^h\d$/.test(node.tag),
        ),
        undefined,
        text.slice(0, length),
      );
      assert.doesNotMatch(words(blocks), /[*`|]/, text.slice(0, length));
    }
  });

  it("addresses are named, whatever they are; nothing is made of pictures and references but names", () => {
    const [first] = nodes("[x](javascript:alert(1)) ![p](https://example.org/p.png) [ref]\n\n[ref]: data:text/html,x");
    const links: string[] = [];
    const walk = (node: Node): void => {
      if (node.kind === "link") links.push(`${node.picture ? "picture " : ""}${node.address}`);
      if (node.kind === "element" || node.kind === "link") node.children.forEach(walk);
    };
    walk(first!);
    assert.deepEqual(links, ["javascript:alert(1)", "picture https://example.org/p.png", "data:text/html,x"]);
  });

  it("what was thought before the answer is told apart, also where the opening mark stands in the prompt", () => {
    const { thinking, blocks } = read("<think>\nHm, *well*.\n</think>\n\nThe answer.");
    assert.equal(words(thinking!.blocks), "Hm, well.");
    assert.equal(words(blocks), "The answer.");
    assert.equal(words(read("Hm.\n</think>\nYes.").blocks), "Yes.");
    assert.equal(read("In code: `</think>` closes it.").thinking, null);
    const growing = open();
    assert.equal(growing.read("<thi", true).blocks.length, 0);
    const partly = growing.read("<think>Hm </thi", true);
    assert.equal(partly.thinking?.open, true);
    assert.equal(words(partly.thinking!.blocks), "Hm");
    assert.equal(words(read("<thi").blocks), "<thi");
  });

  it("long lines and hostile texts are read in time that does not explode", () => {
    const large: readonly [string, string][] = [
      ["words", "word ".repeat(20_000)],
      ["stars", "*a ".repeat(33_000)],
      ["open stars", "**a".repeat(33_000)],
      ["brackets", "[".repeat(100_000)],
      ["links", "[a](".repeat(25_000)],
      ["code marks", "`a``b```c".repeat(11_000)],
      ["dollars", "$a ".repeat(33_000)],
      ["quotes", `${"> ".repeat(500)}deep`],
      ["lists", `${"- ".repeat(300)}deep`],
      ["rows", `| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(3000)}`],
      ["lines of stars", "*a **b _c\n".repeat(3000)],
      ["fence", `\`\`\`\n${"x".repeat(100_000)}`],
      ["marks at the end", `${"*".repeat(100_000)}a`],
      ["pipes", `${"|a\n".repeat(10_000)}`],
      ["references", "&amp;".repeat(20_000)],
    ];
    const cost = (text: string, running: boolean): number => {
      const { user, system } = process.cpuUsage();
      open().read(text, running);
      const end = process.cpuUsage();
      return (end.user + end.system - user - system) / 1000;
    };
    const plain = [cost("word ".repeat(20_000), true), cost("Some words here.\n\n".repeat(5_000), false)];
    const most = MOST * Math.max(...plain);
    const slow = large.flatMap(([name, text]) =>
      [true, false].flatMap((running) => {
        const took = cost(text, running);
        return took > most ? [`${name}${running ? ", running" : ""}: ${took} ms, plain text of this length ${plain} ms`] : [];
      }),
    );
    assert.deepEqual(slow, []);
  });
});

describe("page: tokens and moves in a rendered answer", () => {
  const tokens = ["**bo", "ld** te", "", "xt\n\n", "- it", "em"].map((text, index) => ({
    index,
    id: index,
    text,
    logprob: 0,
    probes: [index - 2],
  }));
  const places = placesOf(tokens as never);
  const text = tokens.map((token) => token.text).join("");

  it("a character belongs to one token, and what is special of it is cut out of its piece", () => {
    assert.deepEqual(
      [0, 3, 4, 10, 11, 19, 21].map((at) => tokenAt(places, at)),
      [0, 0, 1, 1, 3, 5, null],
    );
    const look = { scale: { middle: 0, span: 2 }, marked: new Set([5]), active: 1 };
    const specials = specialsIn(places, look, 0, text.length);
    assert.deepEqual(
      specials.map(({ index }) => index),
      [0, 1, 3, 4, 5],
    );
    const stretches = cut({ text: "bold", at: 2 }, specials);
    assert.deepEqual(
      stretches.map(({ text, at, special }) => [text, at, special?.index]),
      [
        ["bo", 2, 0],
        ["ld", 4, 1],
      ],
    );
  });

  it("a move stands before the next thing that is shown, in one block only", () => {
    const { blocks } = read(text);
    const lists = marksByBlock(
      placed(
        [
          { at: 0, token: 0, controls: { a: 1 } },
          { at: 3, token: 3, controls: { a: 2 } },
        ],
        places,
      ),
      blocks,
    );
    assert.deepEqual(
      lists.map((list) => list.map(({ token }) => token)),
      [[0, 3], []],
    );
    const { marks, rest } = snapped(lists[0]!, blocks[0]!.node);
    assert.deepEqual(
      marks.map(({ character }) => character),
      [2, 11],
    );
    assert.deepEqual(rest, []);
  });

  it("colours add up to the code, on the pieces that it stands in", () => {
    const source = "const x = 'a'; // b\n";
    const stretches = coloured(code, source, "JS")!;
    assert.equal(stretches.map(([part]) => part).join(""), source);
    assert.ok(stretches.some(([part, kind]) => part === "const" && kind === "hljs-keyword"));
    const on = stretchesOn(
      [
        { text: source.slice(0, 8), at: 100 },
        { text: source.slice(8), at: 110 },
      ],
      stretches,
    );
    assert.equal(on.flatMap(({ pieces }) => pieces.map(({ text }) => text)).join(""), source);
    assert.equal(coloured(code, source, "no such language"), null);
    assert.deepEqual(piecesFrom([{ text: "abc", at: 5 }], 2), [{ text: "c", at: 7 }]);
  });
});
