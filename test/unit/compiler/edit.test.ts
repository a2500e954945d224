/** Changes of a preset's text that leave everything else as it is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { applyEdits, removeAt, setAt } from "../../../daemon/compiler/edit.ts";
import { stringifyPreset } from "../../../daemon/compiler/parse.ts";
import { readYaml } from "../../../daemon/compiler/yaml.ts";

const TEXT = `# a preset
tiller: 2
name: Two # its name

controls:
  # the first
  joy: { use: direction/joy, strength: 0.4, range: [0, 1] } # flow
  long: # lines
    use: direction/long
    strength: -0.2 # a little

    with:
      mode: add
scope: { joy: answer }
`;

function set(text: string, path: readonly string[], value: unknown): string {
  const edit = setAt(text, readYaml(text).document.contents, path, value);
  assert.ok(edit !== null);
  return applyEdits(text, [edit]);
}

function remove(text: string, path: readonly string[]): string {
  const edit = removeAt(text, readYaml(text).document.contents, path);
  assert.ok(edit !== null);
  return applyEdits(text, [edit]);
}

/** Lines that differ. */
function changed(before: string, after: string): number {
  const [a, b] = [before.split("\n"), after.split("\n")];
  return a.length === b.length ? a.filter((line, i) => line !== b[i]).length : Number.NaN;
}

describe("preset text: edits", () => {
  it("changes a value in its own line and nothing else", () => {
    const cases: [string[], unknown, string, string][] = [
      [["controls", "joy", "strength"], 0.5, "strength: 0.4", "strength: 0.5"],
      [["controls", "long", "strength"], 0, "-0.2 # a little", "0 # a little"],
      [["name"], "Three: a # colon", "Two # its", '"Three: a # colon" # its'],
      [["controls", "joy", "range"], [0, 2], "[0, 1]", "[ 0, 2 ]"],
      [["scope", "joy"], "prompt", "joy: answer", "joy: prompt"],
    ];
    for (const [path, value, from, to] of cases) {
      const after = set(TEXT, path, value);
      assert.equal(after, TEXT.replace(from, to));
      assert.equal(changed(TEXT, after), 1);
    }
  });

  it("adds an entry in the style of its mapping, and the mappings above it where they are missing", () => {
    const cases: [string[], unknown, string, string][] = [
      [["controls", "joy", "title"], "Joy, much", "[0, 1] }", '[0, 1], title: "Joy, much" }'],
      [["controls", "long", "title"], "Long", "      mode: add\n", "      mode: add\n    title: Long\n"],
      [["controls", "long", "with", "layers"], "2-3", "      mode: add\n", "      mode: add\n      layers: 2-3\n"],
      [["controls", "joy", "with", "mode"], "set", "[0, 1] }", "[0, 1], with: { mode: set } }"],
      [["scope", "long"], "prompt", "joy: answer }", "joy: answer, long: prompt }"],
      [["system"], "Be brief.", "joy: answer }\n", "joy: answer }\nsystem: Be brief.\n"],
    ];
    for (const [path, value, from, to] of cases) assert.equal(set(TEXT, path, value), TEXT.replace(from, to));
    assert.equal(
      set("tiller: 2\ncontrols:\nname: x\n", ["controls", "a", "use"], "direction/a"),
      "tiller: 2\ncontrols: { a: { use: direction/a } }\nname: x\n",
    );
    assert.equal(set("controls: {}\n", ["controls", "a"], 1), "controls: { a: 1 }\n");
  });

  it("takes an entry out with its comma or its lines, and a mapping that would be empty", () => {
    const cases: [string[], string, string][] = [
      [["controls", "joy", "range"], ", range: [0, 1]", ""],
      [["controls", "joy", "use"], "use: direction/joy, ", ""],
      [["controls", "long", "strength"], "    strength: -0.2 # a little\n", ""],
      [["controls", "long", "with", "mode"], "    with:\n      mode: add\n", ""],
      [["scope"], "scope: { joy: answer }\n", ""],
      [["scope", "joy"], "scope: { joy: answer }\n", ""],
    ];
    for (const [path, from, to] of cases) assert.equal(remove(TEXT, path), TEXT.replace(from, to));
  });

  it("says of any preset what the same change of the tree says", () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    const control = fc.record(
      {
        use: name.map((one) => `direction/${one}`),
        strength: fc.double({ min: -9, max: 9, noNaN: true }),
        title: fc.string({ maxLength: 20 }),
      },
      { requiredKeys: ["use", "strength"] },
    );
    const preset = fc.record({
      tiller: fc.constant(2 as const),
      name: fc.string({ minLength: 1, maxLength: 20 }),
      controls: fc.dictionary(name, control, { minKeys: 1 }),
    });
    fc.assert(
      fc.property(preset, fc.string({ maxLength: 30 }), fc.double({ min: -9, max: 9, noNaN: true }), (given, title, strength) => {
        const text = stringifyPreset(given as never);
        const [first] = Object.keys(given.controls);
        const after = set(set(text, ["controls", first!, "strength"], strength), ["controls", first!, "title"], title);
        const expected = structuredClone(given) as { controls: Record<string, object> };
        Object.assign(expected.controls[first!]!, { strength: Object.is(strength, -0) ? 0 : strength, title });
        const read = readYaml(after);
        assert.deepEqual(read.problems, []);
        assert.deepEqual(JSON.parse(JSON.stringify(read.document.toJS())), JSON.parse(JSON.stringify(expected)));
      }),
    );
  });
});
