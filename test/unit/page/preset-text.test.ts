/** "Copy as preset": whatever rack the page holds, the daemon's parser reads back what the page wrote. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { parsePreset, stringifyPreset } from "../../../daemon/compiler/parse.ts";
import { methodEntries } from "../../../daemon/experiments/entries.ts";
import { type Preset, PresetSchema, SCOPES } from "../../../daemon/protocol/preset.ts";
import { layersProblem, layersText, parseLayers } from "../../../webview-ui/rack/layers.ts";
import { beyondRange, clampStrength, isOnStep, rangeOf, rangeProblem, stepOf } from "../../../webview-ui/rack/range.ts";

const METHODS = methodEntries();

const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,12}$/);
const use = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}\/[a-z0-9][a-z0-9._-]{0,12}$/);
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
const strength = fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const control = fc.record(
  {
    use,
    strength,
    with: fc.record(
      {
        mode: fc.constantFrom("add", "set"),
        layers: fc.oneof(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 5 }), fc.constantFrom("3-6", "2", "10")),
        deep: fc.record({ a: strength, b: text }, { noNullPrototype: true }),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    range: fc.constant([-1.5, 2] as [number, number]),
    title: text,
    description: text,
  },
  { requiredKeys: ["use", "strength"] },
);
const preset = fc
  .record(
    {
      tiller: fc.constant(2 as const),
      name: text,
      description: text,
      controls: fc.dictionary(name, control, { maxKeys: 4, noNullPrototype: true }),
      scope: fc.dictionary(name, fc.constantFrom(...SCOPES), { maxKeys: 2, noNullPrototype: true }),
      when: fc.dictionary(use, fc.constantFrom("> 0.6", "<= -1"), { maxKeys: 2, noNullPrototype: true }),
      system: text,
      sampling: fc.record({ temperature: fc.constant(0.7), topK: fc.constant(40) }),
    },
    { requiredKeys: ["tiller", "name", "controls"] },
  )
  .filter((candidate) => PresetSchema.safeParse(candidate).success);

describe("page: a preset as text", () => {
  it("reads back as it was, for any names, numbers and texts", () => {
    fc.assert(
      fc.property(preset, (wanted) => {
        const parsed = parsePreset(stringifyPreset(wanted as Preset));
        assert.ok("preset" in parsed, JSON.stringify(parsed));
        assert.deepEqual(parsed.preset, PresetSchema.parse(wanted));
      }),
      { numRuns: 300 },
    );
  });

  it("quotes what YAML would read as something else", () => {
    const tricky = ["no", "Yes", "null", "1.5", "0x10", "# not a comment", "a: b", "- a", "é\u2028", "'", '"', "~", "2026-11-24", ""];
    for (const description of tricky.filter((entry) => entry !== "")) {
      const parsed = parsePreset(stringifyPreset({ tiller: 2, name: "N", description, controls: {} }));
      assert.ok("preset" in parsed, description);
      assert.equal(parsed.preset.description, description);
    }
  });
});

describe("page: a slider's numbers", () => {
  it("has a hundred steps or more, and the clamp keeps every value inside", () => {
    fc.assert(
      fc.property(strength, fc.double({ min: 0.01, max: 500, noNaN: true }), fc.double(), (low, width, value) => {
        const range = [low, low + width] as const;
        const steps = width / stepOf(range);
        assert.ok(steps >= 60 && steps <= 1001, `${steps} steps`);
        const clamped = clampStrength(value, range);
        assert.ok(clamped >= low - 1e-6 && clamped <= low + width + 1e-6);
      }),
    );
    const use = "direction/joy";
    assert.deepEqual(rangeOf({ use, strength: 5 }, METHODS), [-2, 5]);
    assert.deepEqual(rangeOf({ use, strength: 0.5, with: { mode: "ablate" } }, METHODS), [0, 1]);
    assert.deepEqual(rangeOf({ use, strength: 9, range: [-1, 1] }, METHODS), [-1, 1]);
  });

  it("can stand at the preset's strength, at both ends and at those of its evidence", () => {
    assert.equal(stepOf([0, 1], [0.6]), 0.01);
    assert.equal(stepOf([0, 2], []), 0.02);
    assert.equal(stepOf([0, 2], [1.25, 0, 1.25]), 0.01, "Spanish");
    assert.equal(stepOf([-0.6, 0.8], [0.6, -0.6, 0.6]), 0.01, "Length");
    assert.equal(stepOf([-2, 2], [0, -0.125, 1.375]), 0.005);
    assert.equal(stepOf([0, 1], [1 / 3]), 0.01, "no step of a thousandth or more comes to a third");
    assert.equal(stepOf([0, 1], [0.25, 1 / 3]), 0.01, "the preset's strength counts before the evidence");
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 0 }), fc.integer({ min: 1, max: 1000 }), fc.nat(1000), (low, high, part) => {
        const range = [low / 100, high / 100] as const;
        const mark = Math.round(low + ((high - low) * part) / 1000) / 100;
        const step = stepOf(range, [mark]);
        // Hundredths fit where they are no finer than a thousandth of the range.
        if (high - low <= 1000) for (const value of [...range, mark]) assert.ok(isOnStep(value, range[0], step), `${value} by ${step}`);
      }),
    );
  });

  it("says what is wrong with what was typed", () => {
    assert.equal(beyondRange("Joy", 3, [0, 1]), "Joy goes from 0 to 1; wider in its settings.");
    assert.equal(beyondRange("Joy", 1, [0, 1]), null);
    assert.equal(rangeProblem(5, 1), "“From” must be below “To”.");
    assert.match(rangeProblem(-2000, 1)!, /between −1000 and 1000/);
    assert.match(rangeProblem(Number.NaN, 1)!, /numbers/);
    assert.equal(rangeProblem(-1, 1), null);
    assert.equal(layersProblem("99", 8), "There is no layer 99: the model has layers 0 to 7.");
    assert.equal(layersProblem("5-9", 8), "There is no layer 9: the model has layers 0 to 7.");
    assert.match(layersProblem("a", 8)!, /like 3-6/);
    assert.deepEqual(
      ["0-7", "7", "", "1, 2"].map((typed) => layersProblem(typed, 8)),
      [null, null, null, null],
    );
    assert.equal(layersProblem("99", undefined), null, "the model is not known");
  });

  it("reads layers as people write them", () => {
    assert.deepEqual([" 3 – 6 ", "2, 5", "5 2 2", "", "7"].map(parseLayers), ["3-6", [2, 5], [2, 5], undefined, [7]]);
    assert.deepEqual(["6-3", "a", "1-", "2000"].map(parseLayers), [null, null, null, null]);
    assert.deepEqual([undefined, "3-6", [2, 5]].map(layersText as (layers: unknown) => string), ["", "3-6", "2, 5"]);
  });
});
