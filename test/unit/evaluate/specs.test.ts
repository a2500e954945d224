import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parsePreset } from "../../../daemon/compiler/parse.ts";
import { parseEvaluation } from "../../../daemon/evaluate/receipts/parse.ts";
import { rackOfControl } from "../../../daemon/evaluate/receipts/plans.ts";
import type { Preset } from "../../../daemon/protocol/preset.ts";
import { EvaluationStore } from "../../../daemon/store/evaluations.ts";
import { makeFolders, storePaths } from "../../../daemon/store/paths.ts";
import { PresetStore } from "../../../daemon/store/presets.ts";

const TEXT = `tiller: 1
title: words
judge: { id: length, value: words }
strengths: [1]
prompts:
  - { language: en, text: "Hello" }
  - { language: de, text: "Hallo" }
baseline: { en: "At length.", de: "Ausführlich." }
`;

function preset(text: string): Preset {
  const parsed = parsePreset(text);
  assert.ok("preset" in parsed, JSON.stringify(parsed));
  return parsed.preset;
}

describe("evaluate: specifications", () => {
  const home = mkdtempSync(join(tmpdir(), "tiller-eval-"));
  const paths = storePaths(home);
  const store = new EvaluationStore(paths);
  before(() => makeFolders(paths));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("are kept for every shipped preset, fit it, and ask for at least 200 answers", () => {
    const presets = new PresetStore(paths).list();
    assert.ok(presets.length >= 3);
    for (const { id, text } of presets) {
      const spec = store.get(id);
      assert.ok(spec, `${id} has no evaluation`);
      const { control, rack } = rackOfControl(preset(text), spec.control);
      assert.equal(rack.controls[control]!.use, spec.artifact);
      assert.ok(spec.prompts.length * spec.seeds >= 200, id);
      assert.equal(new Set(spec.prompts.map(({ text: prompt }) => prompt)).size, spec.prompts.length, id);
      assert.deepEqual(store.forArtifact(spec.artifact!), spec);
    }
  });

  it("that cannot be read are passed over with a warning, unless they are the one that is asked for", () => {
    const warned: string[] = [];
    const own = new EvaluationStore(paths, (message) => warned.push(message));
    const write = (id: string, text: string): void => writeFileSync(join(paths.evaluations, `${id}.eval.yaml`), text);
    const gone = (id: string): void => rmSync(join(paths.evaluations, `${id}.eval.yaml`));
    const shipped = store.forArtifact("direction/spanish");
    write("aaa", "tiller: 1\ntitle: [\n");
    assert.deepEqual(own.forArtifact("direction/spanish"), shipped);
    assert.equal(warned.length, 1);
    assert.match(warned[0]!, /^an evaluation is passed over: aaa\.eval\.yaml, line \d+: /);
    assert.equal(own.forArtifact("direction/nowhere"), null);
    assert.throws(() => own.get("aaa"), /aaa\.eval\.yaml/);
    write("aaa", 'artifact: "direction/spanish"\ntitle: [\n');
    assert.throws(() => own.forArtifact("direction/spanish"), /aaa\.eval\.yaml/);
    gone("aaa");
    write("spanish", "title: [\n");
    assert.throws(() => own.forArtifact("direction/spanish"), /spanish\.eval\.yaml/);
    gone("spanish");
  });

  it("measure damage on 40 minimal pairs and plain text in four languages", () => {
    const { texts, choices } = store.materials();
    assert.equal(choices.length, 40);
    for (const language of ["en", "de", "fr", "es"]) {
      assert.equal(choices.filter((pair) => pair.language === language).length, 10);
      assert.ok(texts.filter((text) => text.language === language).length >= 16);
    }
    for (const { good, bad } of choices) assert.notEqual(good, bad);
    assert.equal(new Set(texts.map(({ text }) => text)).size, texts.length);
  });

  it("are read with their defaults", () => {
    const { seeds, draws, direction, bounds, sampling } = parseEvaluation(TEXT, "x.eval.yaml");
    assert.deepEqual(
      { seeds, draws, direction, bounds, sampling },
      {
        seeds: 5,
        draws: 10,
        direction: "up",
        bounds: { bitsPerByte: 0.25, repetition: 0.1, fluency: 0.5 },
        sampling: { temperature: 0.8, maxTokens: 64 },
      },
    );
  });

  it("that are wrong are refused with the field or the line", () => {
    const refuse = (text: string, pattern: RegExp): void => {
      assert.throws(() => parseEvaluation(text, "x.eval.yaml"), { code: "bad-preset", message: pattern });
    };
    refuse(`${TEXT}colour: red\n`, /x\.eval\.yaml: colour: unknown key/);
    refuse(TEXT.replace("[1]", "[0]"), /strengths: must name a strength other than 0/);
    refuse(TEXT.replace("[1]", "[1, 1]"), /strengths: must not name a strength twice/);
    refuse(TEXT.replace("value: words", "value: words, label: es"), /judge: give exactly one of label and value/);
    refuse(TEXT.replace(', de: "Ausführlich."', ""), /prompts\.1\.language: baseline has no system turn for 'de'/);
    refuse(TEXT.replace("title: words", "title: [words"), /line \d+/);
    refuse("", /./);
  });

  it("of the user's own come before the shipped ones", () => {
    writeFileSync(join(paths.evaluations, "spanish.eval.yaml"), TEXT);
    assert.equal(store.get("spanish")?.title, "words");
    assert.equal(store.get("none"), null);
    assert.equal(store.forArtifact("direction/none"), null);
  });

  it("name their control where a preset has several, and no held one", () => {
    const two = preset(
      "tiller: 1\nname: two\ncontrols:\n  a: { use: direction/a, range: [-1, 1] }\n  b: { use: direction/b }\nscope: { b: answer }\n",
    );
    assert.throws(() => rackOfControl(two, undefined), { code: "invalid-params", message: /2 controls/ });
    assert.throws(() => rackOfControl(two, "c"), { code: "unknown-control" });
    assert.deepEqual(rackOfControl(two, "b").rack.scope, { b: "answer" });
    // Measured alone, at any strength.
    assert.deepEqual(rackOfControl(two, "a").rack.controls, { a: { use: "direction/a", strength: 0 } });
    const held = preset(
      "tiller: 1\nname: held\ncontrols:\n  a: { use: direction/a }\nhold: { a: { probe: direction/a, at: 1, by: floor } }\n",
    );
    assert.throws(() => rackOfControl(held, undefined), { code: "not-supported", message: /hold\.a/ });
  });
});
