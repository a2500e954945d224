/** Completion, hover, names, formatting and the rest of what an editor asks of the language server, over real streams. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it } from "mocha";
import type {
  CodeLens,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  MarkupContent,
  SemanticTokens,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parsePreset } from "../../../daemon/compiler/parse.ts";
import { type Editor, type Opened, startLanguageServer } from "../../support/language.ts";
import { shippedReceipt } from "../../support/receipt.ts";

const TEXT = `tiller: 2
name: Two
controls:
  joy: { use: direction/joy, strength: 0.4, range: [0, 0.5] }
  length:
    use: direction/long
    strength: 0.2
    with:
      mode: add
scope: { joy: answer }
hold:
  joy: { probe: direction/joy, at: 1, by: ceil }
when:
  direction/joy: "> 0.6"
`;

describe("language server: what it offers", () => {
  let editor: Editor;
  beforeEach(async () => {
    editor = startLanguageServer();
    await editor.begin();
  });
  afterEach(() => editor.dispose());

  const labels = async (marked: string): Promise<string[]> => (await editor.complete(await editor.open(marked))).map(({ label }) => label);
  const hoverText = async (marked: string): Promise<string> => {
    const hover = await editor.ask<Hover | null>("textDocument/hover", await editor.open(marked));
    return hover === null ? "" : (hover.contents as MarkupContent).value;
  };

  it("completes keys where keys are, without those that are there", async () => {
    assert.deepEqual((await labels("tiller: 2\n‸")).filter((label) => ["tiller", "name", "controls", "scope"].includes(label)).sort(), [
      "controls",
      "name",
      "scope",
    ]);
    const inFlow = await labels("tiller: 2\ncontrols:\n  joy: { use: direction/joy, str‸ }\n");
    assert.ok(inFlow.includes("strength") && !inFlow.includes("use"), inFlow.join());
    assert.ok((await labels("tiller: 2\ncontrols:\n  joy:\n    use: direction/joy\n    ‸\n")).includes("range"));
    assert.deepEqual(await labels("tiller: 2\ncontrols:\n  joy:\n    use: direction/joy\n    with:\n      ‸\n"), [
      "mode",
      "layers",
      "site",
    ]);
    assert.ok((await labels("sampling: { temp‸ }")).includes("temperature"));
    assert.deepEqual(await labels("# a com‸ment\n"), []);
  });

  it("completes artifacts, controls, words, layers of the model and strengths that were measured", async () => {
    assert.deepEqual(await labels("tiller: 2\ncontrols:\n  joy:\n    use: ‸\n"), ["direction/joy", "direction/long", "direction/spanish"]);
    assert.deepEqual(await labels("tiller: 2\ncontrols:\n  joy: { use: direction/‸ }\n"), [
      "direction/joy",
      "direction/long",
      "direction/spanish",
    ]);
    assert.deepEqual(await labels("tiller: 2\ncontrols:\n  joy: { use: direction/joy }\nscope:\n  ‸\n"), ["joy"]);
    assert.deepEqual(await labels("tiller: 2\ncontrols:\n  joy: { use: direction/joy }\nscope: { joy: ‸ }\n"), [
      "prompt",
      "answer",
      "writing",
      "all",
    ]);
    const layers = await labels("tiller: 2\ncontrols:\n  joy: { use: direction/joy, with: { layers: ‸ } }\n");
    assert.ok(
      layers.includes("0-7") && layers.includes('"7"') && !layers.includes('"8"') && layers.includes("[1, 2, 3, 4, 5, 6, 7]"),
      layers.join(),
    );
    assert.ok((await labels("tiller: 2\ncontrols:\n  joy: { use: direction/joy, with: { mode: ‸ } }\n")).includes("ablate"));
    assert.ok((await labels("tiller: 2\ncontrols:\n  joy: { use: direction/joy, strength: ‸ }\n")).includes("0.5"));
  });

  it("offers a whole control for a name, and what it writes is a preset", async () => {
    const opened = await editor.open("tiller: 2\nname: Mine\ncontrols:\n  ‸\n");
    const offers = await editor.complete(opened);
    for (const { label, textEdit } of offers) {
      const { range, newText } = textEdit as TextEdit;
      const plain = newText.replaceAll(/\$\{\d+:([^}]*)\}/g, "$1").replaceAll(/\$\d/g, "");
      const document = TextDocument.create(opened.uri, "tiller-preset", 1, editor.text(opened.uri));
      const parsed = parsePreset(TextDocument.applyEdits(document, [{ range, newText: plain }]));
      assert.ok("preset" in parsed, `${label}: ${JSON.stringify(parsed)}`);
      assert.ok(parsed.preset.controls[label]!.strength !== 0);
    }
    assert.deepEqual(offers.map(({ label }) => label).sort(), ["joy", "long", "spanish"]);
  });

  it("shows on hovering what a thing is, where it comes from and what was measured", async () => {
    assert.match(await hoverText(TEXT.replace("strength: 0.4", "strength: 0.‸4")), /Measured with other settings than these/);
    const plain = TEXT.replace("scope: { joy: answer }\n", "");
    const artifact = await hoverText(plain.replace("direction/joy, strength", "direction/j‸oy, strength"));
    assert.match(artifact, /\*\*Joy\*\*/);
    assert.match(artifact, /Found by directions\/mean\\-difference in Tiller Mini/);
    assert.match(artifact, /evidence goes from 0 to 0\.5/);
    const at = (strength: number) => {
      const { value, low, high } = shippedReceipt("joy").points.find((point) => point.strength === strength)!.effect;
      return [value, low, high].map((one) => `\\+${one.toFixed(2).replace(".", "\\.")}`);
    };
    const [measured, ...ends] = at(0.5);
    assert.match(artifact, new RegExp(`0\\.5 +█+ +${measured} \\[${ends.join(", ")}\\]`));
    assert.match(await hoverText(plain.replace("strength: 0.4", "strength: 0.‸4")), new RegExp(`At 0\\.4: joy ${at(0.4)[0]}`));
    assert.match(await hoverText(TEXT.replace("mode: add", "mode: a‸dd")), /adds the direction/);
    assert.match(await hoverText(TEXT.replace("mode", "mo‸de")), /ablate/);
    assert.match(await hoverText(TEXT.replace("hold", "ho‸ld")), /reading that is held/);
  });

  it("finds a name's definition and its uses, and renames it everywhere", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tiller-language-"));
    try {
      const file = (name: string): string => pathToFileURL(join(folder, name)).href;
      writeFileSync(join(folder, "two.eval.yaml"), "tiller: 1\ntitle: joy\ncontrol: joy # swept\n");
      writeFileSync(join(folder, "other.eval.yaml"), "control: joy\n");
      writeFileSync(join(folder, "other.steer.yaml"), "tiller: 2\nname: O\ncontrols: { happy: { use: direction/joy } }\n");
      const own = startLanguageServer();
      await own.begin([pathToFileURL(folder).href]);
      const opened = await own.open(TEXT.replace("scope: { joy", "scope: { j‸oy"), file("two.steer.yaml"));
      const definition = await own.ask<Location>("textDocument/definition", opened);
      assert.deepEqual(definition.range.start, { line: 3, character: 2 });
      const edit = await own.ask<WorkspaceEdit>("textDocument/rename", opened, { newName: "happiness" });
      assert.deepEqual(Object.keys(edit.changes!).sort(), [file("two.eval.yaml"), file("two.steer.yaml")].sort());
      await own.change(opened.uri, edit.changes![opened.uri]!);
      assert.equal(own.text(opened.uri), TEXT.replaceAll("joy:", "happiness:").replace("direction/happiness:", "direction/joy:"));
      await assert.rejects(own.ask("textDocument/rename", opened, { newName: "length" }), /has a control 'length' already/);
      await assert.rejects(own.ask("textDocument/rename", opened, { newName: "7" }), /must start with a letter/);
      const artifact: Opened = { uri: opened.uri, cursor: { line: 3, character: 26 } };
      const uses = await own.ask<Location[]>("textDocument/references", artifact, { context: { includeDeclaration: true } });
      assert.equal(uses.length, 4);
      assert.equal(uses.filter(({ uri }) => uri === file("other.steer.yaml")).length, 1);
      own.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("formats to one style that says the same, once", async () => {
    const opened = await editor.open(
      "tiller:   2\nname:  Two\n\n# first\ncontrols:\n     joy:    {use: direction/joy,strength:   0.4}   # note\n",
    );
    const options = { options: { tabSize: 2, insertSpaces: true } };
    await editor.change(opened.uri, await editor.ask<TextEdit[]>("textDocument/formatting", opened, options));
    assert.equal(
      editor.text(opened.uri),
      "tiller: 2\nname: Two\n\n# first\ncontrols:\n  joy: { use: direction/joy, strength: 0.4 } # note\n",
    );
    assert.deepEqual(await editor.ask("textDocument/formatting", opened, options), []);
    assert.deepEqual(await editor.ask("textDocument/formatting", await editor.open("a: [\n"), options), []);
  });

  it("gives symbols, folds, colours, hints and lenses", async () => {
    const opened = await editor.open(TEXT);
    const symbols = await editor.ask<DocumentSymbol[]>("textDocument/documentSymbol", opened);
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ["tiller", "name", "controls", "scope", "hold", "when"],
    );
    assert.deepEqual(
      symbols[2]!.children!.map(({ name, detail }) => [name, detail]),
      [
        ["joy", "direction/joy 0.4"],
        ["length", "direction/long 0.2"],
      ],
    );
    const folds = await editor.ask<FoldingRange[]>("textDocument/foldingRange", opened);
    assert.deepEqual(
      folds.map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [2, 8],
        [4, 8],
        [7, 8],
        [10, 11],
        [12, 13],
      ],
    );
    const { data } = await editor.ask<SemanticTokens>("textDocument/semanticTokens/full", opened);
    assert.equal(data.length % 5, 0);
    assert.ok(data.length / 5 >= 10, `${data.length / 5} tokens`);
    const range = { range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } };
    const hints = await editor.ask<InlayHint[]>("textDocument/inlayHint", opened, range);
    assert.deepEqual(
      hints.map(({ label }) => label),
      ["words +6.84"],
    );
    const lenses = await editor.ask<CodeLens[]>("textDocument/codeLens", opened);
    assert.deepEqual(
      lenses.map(({ command }) => command!.command),
      ["tiller.applyText", "tiller.compareText", "tiller.evaluate", "tiller.evaluate"],
    );
  });

  it("answers within what typing needs on a preset of 500 lines", async () => {
    const controls = Array.from(
      { length: 60 },
      (_, i) =>
        `  c${i}:\n    use: direction/joy\n    strength: 0.1\n    range: [0, 0.5]\n    title: T${i}\n    description: D\n    with:\n      mode: add\n`,
    );
    const opened = await editor.open(`tiller: 2\nname: Long\ncontrols:\n${controls.join("")}  last: { use: direction/joy, str‸ }\n`);
    assert.ok((await editor.complete(opened)).some(({ label }) => label === "strength"));
    assert.ok((await editor.diagnostics(opened.uri)).length > 0);
  });
});
