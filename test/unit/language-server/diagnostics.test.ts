/** What the language server finds wrong, where it marks it, and that its fixes mend it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Range } from "vscode-languageserver";
import { NOTHING_KNOWN } from "../../../language-server/knowledge.ts";
import { type Editor, OTHER_MODEL, shippedKnowledge, shippedKnown, startLanguageServer } from "../../support/language.ts";

const GOOD = `# keep me
tiller: 2
name: Joyful
controls:
  joy: { use: direction/joy, strength: 0.4, range: [0, 1] } # a note
`;

interface Case {
  readonly text: string;
  readonly code: string;
  /** what is marked */
  readonly marked: string;
  readonly message: RegExp;
  /** title of the fix that is tried */
  readonly fix: RegExp;
  /** what the text has afterwards */
  readonly mended: string;
}

const CASES: Readonly<Record<string, Case>> = {
  "a key that is none": {
    text: GOOD.replace("strength", "strenght"),
    code: "bad-preset",
    marked: "strenght",
    message: /unknown key/,
    fix: /Change to 'strength'/,
    mended: GOOD,
  },
  "a key that resembles none": {
    text: GOOD.replace("strength: 0.4,", "strength: 0.4, colour: red,"),
    code: "bad-preset",
    marked: "colour",
    message: /unknown key/,
    fix: /Remove 'colour'/,
    mended: GOOD,
  },
  "a preset without a name": {
    text: GOOD.replace("name: Joyful\n", ""),
    code: "bad-preset",
    marked: "# keep me",
    message: /name/,
    fix: /Add 'name: My preset'/,
    mended: `${GOOD.replace("name: Joyful\n", "").trimEnd()}\nname: My preset\n`,
  },
  "an artifact that is not there": {
    text: GOOD.replace("direction/joy", "direction/joi"),
    code: "not-found",
    marked: "direction/joi",
    message: /no artifact 'direction\/joi'/,
    fix: /Change to 'direction\/joy'/,
    mended: GOOD,
  },
  "a strength outside its range": {
    text: GOOD.replace("strength: 0.4", "strength: 1.5"),
    code: "out-of-range",
    marked: "1.5",
    message: /outside 0 to 1/,
    fix: /Change the strength to 1$/,
    mended: GOOD.replace("strength: 0.4", "strength: 1"),
  },
  "a range that is too narrow": {
    text: GOOD.replace("strength: 0.4", "strength: 1.5"),
    code: "out-of-range",
    marked: "1.5",
    message: /outside 0 to 1/,
    fix: /Widen the range/,
    mended: GOOD.replace("strength: 0.4", "strength: 1.5").replace("[0, 1]", "[ 0, 1.5 ]"),
  },
  "a strength beyond the evidence": {
    text: GOOD.replace("strength: 0.4", "strength: 0.9"),
    code: "beyond-evidence",
    marked: "0.9",
    message: /from 0 to 0.5; at 0.9/,
    fix: /Change to 0.5, where the evidence ends/,
    mended: GOOD.replace("strength: 0.4", "strength: 0.5"),
  },
  "a scope of a control that is none": {
    text: `${GOOD}scope: { joi: answer }\n`,
    code: "unknown-control",
    marked: "joi",
    message: /unknown control 'joi'/,
    fix: /Change to 'joy'/,
    mended: `${GOOD}scope: { joy: answer }\n`,
  },
  "a setting that is none": {
    text: GOOD.replace("range: [0, 1]", "with: { mod: add }"),
    code: "bad-preset",
    marked: "mod",
    message: /no setting 'mod'/,
    fix: /Change to 'mode'/,
    mended: GOOD.replace("range: [0, 1]", "with: { mode: add }"),
  },
  "a word that a setting does not have": {
    text: GOOD.replace("range: [0, 1]", "with: { mode: ad }"),
    code: "bad-preset",
    marked: "ad",
    message: /mode/,
    fix: /Change to 'add'/,
    mended: GOOD.replace("range: [0, 1]", "with: { mode: add }"),
  },
  "layers that the model does not have": {
    text: GOOD.replace("range: [0, 1]", "with: { layers: 3-30 }"),
    code: "out-of-range",
    marked: "3-30",
    message: /layer 8 does not exist; Tiller Mini has layers 0 to 7/,
    fix: /Keep the layers that there are: 3-7/,
    mended: GOOD.replace("range: [0, 1]", "with: { layers: 3-7 }"),
  },
  "some layers of several that the model does not have": {
    text: GOOD.replace("range: [0, 1]", 'with: { layers: "1, 3, 30" }'),
    code: "out-of-range",
    marked: '"1, 3, 30"',
    message: /layer 30 does not exist/,
    fix: /Keep the layers that there are: 1, 3/,
    mended: GOOD.replace("range: [0, 1]", 'with: { layers: "1, 3" }'),
  },
  "a gate on a reading that is not there": {
    text: `${GOOD}when:\n  direction/yoy: "> 0.5"\n`,
    code: "not-found",
    marked: "direction/yoy",
    message: /no artifact/,
    fix: /Change to 'direction\/joy'/,
    mended: `${GOOD}when:\n  direction/joy: "> 0.5"\n`,
  },
  "a model that the preset is not for": {
    text: `${GOOD}model: { fingerprint: ${OTHER_MODEL.fingerprint} }\n`,
    code: "wrong-model",
    marked: OTHER_MODEL.fingerprint,
    message: /for Other; Tiller Mini/,
    fix: /Do not name a model/,
    mended: GOOD,
  },
};

interface Found {
  readonly uri: string;
  readonly marked: string;
  readonly message: string;
  readonly range: Range;
}

/** The first of the code, or the one that marks these words. */
async function found(editor: Editor, text: string, code: string, words?: string): Promise<Found> {
  const { uri } = await editor.open(text);
  const all = await editor.diagnostics(uri);
  const lines = editor.text(uri).split("\n");
  const marks = all.map(({ range, message, code: own }) => {
    const { start, end } = range;
    const marked = start.line === end.line ? lines[start.line]!.slice(start.character, end.character) : `${start.line}-${end.line}`;
    return { uri, marked, message: String(message), range, code: own };
  });
  const one = marks.find((mark) => mark.code === code && (words === undefined || mark.marked === words));
  assert.ok(
    one !== undefined,
    `${code} at '${words}' is not among ${JSON.stringify(marks.map((mark) => [mark.code, mark.marked, mark.message]))}`,
  );
  return one;
}

describe("language server: what is wrong", () => {
  it("finds nothing in a good preset, and in the shipped ones", async () => {
    const editor = startLanguageServer();
    await editor.begin();
    assert.deepEqual(await editor.diagnostics((await editor.open(GOOD)).uri), []);
    editor.dispose();
  });

  for (const [name, { text, code, marked, message, fix, mended }] of Object.entries(CASES)) {
    it(`marks ${name}, and mends it`, async () => {
      const editor = startLanguageServer();
      await editor.begin();
      const { uri, range, ...one } = await found(editor, text, code, marked);
      assert.match(one.message, message);
      const fixes = await editor.fixes(uri, range);
      const chosen = fixes.find(({ title }) => fix.test(title));
      assert.ok(chosen !== undefined, `no fix like ${fix} among ${fixes.map(({ title }) => title).join("; ")}`);
      await editor.apply(chosen);
      assert.equal(editor.text(uri), mended);
      const left = await editor.diagnostics(uri);
      assert.deepEqual(
        left.filter((diagnostic) => diagnostic.code === code && diagnostic.severity === 1),
        [],
      );
      editor.dispose();
    });
  }

  it("marks an artifact of another model than the one that is loaded", async () => {
    const known = shippedKnown();
    const models = known.models.map((model) => ({
      ...model,
      state: model.id === OTHER_MODEL.id ? ("loaded" as const) : ("available" as const),
    }));
    const editor = startLanguageServer(shippedKnowledge({ ...known, models, defaultModel: OTHER_MODEL.id }));
    await editor.begin();
    const { message, marked, uri, range } = await found(editor, GOOD, "wrong-model");
    assert.equal(marked, "direction/joy");
    assert.match(message, /found in Tiller Mini, and Other is the model that answers/);
    const fixes = await editor.fixes(uri, range);
    await editor.apply(fixes.find(({ title }) => /for Tiller Mini/.test(title))!);
    const left = await editor.diagnostics(uri);
    assert.deepEqual(
      left.map(({ code, severity }) => [code, severity]),
      [["wrong-model", 3]],
      "only that the preset is for another model than the default is still said",
    );
    editor.dispose();
  });

  it("passes on what the compiler says, where it says it, once", async () => {
    const message = "a and b both constrain the same direction";
    const check = async (text: string) =>
      text.includes("b: {")
        ? [{ code: "conflict", message, line: 1, column: 1, field: "controls.b", suggestion: "Turn one of them off." }]
        : [];
    const editor = startLanguageServer(shippedKnowledge(shippedKnown(), check));
    await editor.begin();
    const text = `tiller: 2\nname: Two\ncontrols:\n  a: { use: direction/joy, strength: 0.1 }\n  b: { use: direction/joy, strength: 0.2 }\n`;
    const { uri } = await editor.open(text);
    const all = await editor.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    assert.deepEqual(
      all.map(({ code, range }) => [code, range.start.line]),
      [["conflict", 4]],
    );
    const fixes = await editor.fixes(uri, all[0]!.range);
    await editor.apply(fixes.find(({ title }) => title === "Turn 'b' off")!);
    assert.match(editor.text(uri), /b: \{ use: direction\/joy, strength: 0 \}/);
    editor.dispose();
  });

  it("without anything known checks the language, and accuses no artifact", async () => {
    const editor = startLanguageServer(NOTHING_KNOWN);
    await editor.begin();
    assert.deepEqual(await editor.diagnostics((await editor.open(GOOD.replace("joy,", "nobody-knows,"))).uri), []);
    const all = await editor.diagnostics((await editor.open(GOOD.replace("strength", "strenght"))).uri);
    assert.deepEqual(
      all.map(({ code }) => code),
      ["bad-preset"],
    );
    editor.dispose();
  });

  it("marks a mistake of YAML itself, and stays alive over texts that nobody could mean", async () => {
    const editor = startLanguageServer();
    await editor.begin();
    for (const text of [
      "{",
      "[".repeat(4000),
      "- 1",
      "",
      "a: &x 1\nb: *x\n",
      "controls:\n  - joy\n",
      "controls: 7\nscope: [1]\nwhen: x\nhold: { joy: 3 }\n",
      "tiller: 9\nname: x\n",
    ]) {
      const all = await editor.diagnostics((await editor.open(text)).uri);
      assert.ok(all.length > 0, text.slice(0, 30));
    }
    editor.dispose();
  });
});
