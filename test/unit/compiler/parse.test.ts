import assert from "node:assert/strict";
import { parsePreset, stringifyPreset } from "../../../daemon/compiler/parse.ts";

const GOOD = `tiller: 1
name: Cheerful
controls:
  joy: { use: direction/joy, strength: 0.8, range: [0, 2] }
scope: { joy: answer }
sampling: { temperature: 0.7, seed: 7 }
`;

function problems(text: string) {
  const parsed = parsePreset(text);
  assert.ok("problems" in parsed, "it was accepted");
  return parsed.problems;
}

describe("preset text", () => {
  it("parses and writes back the same preset", () => {
    const parsed = parsePreset(GOOD);
    assert.ok("preset" in parsed);
    assert.equal(parsed.preset.controls["joy"]!.strength, 0.8);
    assert.deepEqual(parsePreset(stringifyPreset(parsed.preset)), parsed);
  });

  it("points at the line and column of a mistake", () => {
    const cases: [string, number, number, string][] = [
      [GOOD.replace("strength: 0.8", "strength: high"), 4, 31, "controls.joy.strength"],
      [GOOD.replace("strength", "strenght"), 4, 31, "controls.joy.strenght"],
      [GOOD.replace("range: [0, 2]", "range: [2, 0]"), 4, 46, "controls.joy.range"],
      [GOOD.replace("strength: 0.8", "strength: .nan"), 4, 31, "controls.joy.strength"],
      [GOOD.replace("name: Cheerful\n", ""), 1, 1, "name"],
    ];
    for (const [text, line, column, field] of cases) {
      const [first] = problems(text);
      assert.equal(first!.field, field, first!.message);
      assert.equal(first!.line, line, field);
      assert.ok(Math.abs(first!.column - column) <= 10, `${field}: column ${first!.column}, expected about ${column}`);
    }
  });

  it("refuses YAML that is not YAML, is not a mapping, or tries to be clever", () => {
    for (const text of ["{", "- 1", "", "tiller: 1\ntiller: 1", "tiller: 1\nname: &a x\ndescription: *a", "a: !!js/function 'x'"])
      assert.ok(problems(text).length > 0, text);
  });

  it("refuses nesting, keys and sizes that no preset has, whatever they would cost the parser", () => {
    const many = Array.from({ length: 300 }, (_, i) => `  c${i}: { use: direction/a }\n`).join("");
    const cases: [string, RegExp][] = [
      ["{".repeat(4000), /nested/],
      ["[".repeat(4000), /nested/],
      ["[".repeat(100_000), /parts/],
      ["a: ".concat("{a: ".repeat(500)), /nested/],
      ["? ".repeat(400), /nested/],
      ["- ".repeat(400), /nested/],
      [Array.from({ length: 400 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""), /nested/],
      ["tiller: 1\nname: x\n? [a, b]\n: 1\n", /plain name/],
      ["tiller: 1\nname: x\ncontrols:\n  __proto__: { use: direction/a }\n", /__proto__/],
      [`tiller: 1\nname: x\ncontrols:\n${many}  c7: { use: direction/a }\n`, /'c7' is given twice/],
      [`a: ${"*a ".repeat(300_000)}`, /more than 5000 parts/],
      ["a: &a ".repeat(150_000), /more than 5000 parts/],
    ];
    for (const [text, wanted] of cases) assert.match(problems(text)[0]?.message ?? "none", wanted, text.slice(0, 40));
    assert.equal(problems("tiller: 1\nname: x\nname: y\n")[0]!.line, 3);
    assert.deepEqual(problems("{".repeat(40))[0], { message: "nested more than 32 deep", line: 1, column: 33, field: "" });
  });

  it("migrates the draft format and refuses one from the future", () => {
    const old = parsePreset("name: Old\ncontrols:\n  joy: { use: direction/joy, value: 0.5 }\n");
    assert.ok("preset" in old);
    assert.equal(old.preset.controls["joy"]!.strength, 0.5);
    assert.equal(old.preset.tiller, 2);
    assert.match(problems(GOOD.replace("tiller: 1", "tiller: 3"))[0]!.message, /newer/);
  });
});
