/** The rack without a browser: names, new sliders, jobs, and the ways back. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Job } from "../../../daemon/protocol/api/library.ts";
import { type Artifact, ArtifactSchema } from "../../../daemon/protocol/artifact.ts";
import { ArtifactIdSchema, type Preset, PresetIdSchema } from "../../../daemon/protocol/preset.ts";
import { idStem } from "../../../daemon/protocol/rules/slug.ts";
import { EMPTY_FORM, requestOf } from "../../../webview-ui/experiments/contrast.ts";
import { endText, shownJobs } from "../../../webview-ui/jobs/job-list.ts";
import { freeName } from "../../../webview-ui/rack/names.ts";
import { controlOf } from "../../../webview-ui/rack/new-control.ts";
import { spokenStrength } from "../../../webview-ui/rack/spoken.ts";
import { INITIAL } from "../../../webview-ui/store/initial.ts";
import type { State } from "../../../webview-ui/store/state.ts";
import { createStore, type Store } from "../../../webview-ui/store/store.ts";
import { foundDirection } from "../../support/artifact.ts";
import { GOOD, receiptOf } from "../../support/receipt.ts";

const PRESET: Preset = {
  tiller: 1,
  name: "Pair",
  description: "Two of them.",
  controls: { a: { use: "direction/a", strength: 1 }, b: { use: "direction/b", strength: 0.5, title: "Bee" } },
  scope: { a: "answer" },
};

function chosen(): Store {
  const store = createStore(INITIAL);
  store.dispatch({ type: "rack/preset", id: "pair", preset: PRESET });
  return store;
}

const names = ({ rack }: State): string[] => rack.controls.map(({ name }) => name);

describe("page: names", () => {
  it("become ids in small letters, in any script", () => {
    assert.deepEqual(
      ["Mine, milder", " Café ", "Größe 2", "v1.5"].map((name) => idStem(name, "preset")),
      ["mine-milder", "cafe", "gro-e-2", "v1.5"],
    );
    assert.match(idStem("日本", "preset")!, /^preset-[0-9a-z]{7}$/);
    assert.equal(idStem("日本", "preset"), idStem("日本 ", "preset"));
    assert.notEqual(idStem("日本", "preset"), idStem("中国", "preset"));
    assert.match(idStem("!!!", "slider")!, /^slider-/);
    assert.match(idStem("CON", "preset")!, /^preset-/);
    assert.equal(idStem("  ", "preset"), null);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (name) => {
        const stem = idStem(name, "preset");
        if (stem === null) return assert.equal(name.trim(), "");
        assert.ok(PresetIdSchema.safeParse(stem).success && ArtifactIdSchema.safeParse(`direction/${stem}`).success, stem);
        assert.match(freeName(`direction/${stem}`, []), /^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/);
      }),
    );
  });

  it("of new sliders need no Latin letter, neither the name nor the words", () => {
    const words = requestOf({ ...EMPTY_FORM, kind: "words", from: "答えは日本語で" }, null);
    assert.ok("request" in words);
    assert.match(words.request.params.id, /^direction\/slider-/);
    assert.equal(words.request.params.title, "答えは日本語で");
    const texts = requestOf({ ...EMPTY_FORM, name: "!!!", texts: "one\ntwo" }, null, true);
    assert.ok("request" in texts);
    assert.deepEqual([texts.request.params.title, texts.request.params.replace], ["!!!", true]);
    assert.deepEqual(requestOf({ ...EMPTY_FORM, texts: "one\ntwo" }, null), { problem: "Give it a name." });
  });
});

describe("page: a new slider's form", () => {
  it("takes each kind's own fields", () => {
    const form = { ...EMPTY_FORM, name: "x", texts: "one\ntwo", withIt: "a\nb", withoutIt: "c\nd" };
    const pairs = requestOf({ ...form, kind: "pairs" }, null);
    assert.ok("request" in pairs && "pairs" in pairs.request.params);
    assert.deepEqual(pairs.request.params.pairs, [
      { positive: "a", negative: "c" },
      { positive: "b", negative: "d" },
    ]);
    const templates = requestOf(form, null);
    assert.ok("request" in templates && "templates" in templates.request.params);
    assert.deepEqual(templates.request.params.templates?.texts, ["one", "two"]);
  });
});

describe("page: an artifact put into the rack", () => {
  const found = foundDirection({ id: "direction/wit", layers: 4, width: 8, title: "Wit" });
  const artifact: Artifact = ArtifactSchema.parse({ ...found.meta, data: { file: "data.safetensors", sha256: "0".repeat(64) } });
  const measured = (low: number, high: number): Artifact =>
    ({ ...artifact, receipt: { usable: { low, high }, control: { mode: "add" } } }) as unknown as Artifact;

  it("keeps its title, and goes as far as its evidence", () => {
    assert.deepEqual(controlOf(artifact), { use: "direction/wit", strength: 0, title: "Wit" });
    assert.deepEqual(controlOf(measured(0, 1.25)).range, [0, 1.25]);
    assert.deepEqual(controlOf(measured(-0.6, 0)).range, [-0.6, 0]);
    assert.equal(controlOf(measured(0, 0)).range, undefined, "nothing was usable");
    const set = controlOf(measured(0, 1), "set");
    assert.deepEqual([set.mode, set.range], ["set", undefined]);
  });

  it("is read out with its strength, and where the evidence ends", () => {
    const receipt = receiptOf({ ...GOOD });
    assert.deepEqual(
      [
        spokenStrength(0.5, true, receipt),
        spokenStrength(-1.5, true, receipt),
        spokenStrength(2, false, receipt),
        spokenStrength(2, true, null),
      ],
      ["0.5", "−1.5, beyond the evidence", "off", "2"],
    );
  });
});

describe("page: jobs", () => {
  const NOW = Date.parse("2026-11-28T12:00:00Z");
  const hours = (ago: number) => new Date(NOW - ago * 3_600_000).toISOString();
  const job = (id: string, state: Job["state"], ago: number, ended: number | null = ago): Job => ({
    ...{
      id,
      kind: "receipt",
      state,
      fraction: 1,
      message: "cancelled",
      about: "spanish",
      eta: null,
      result: "direction/spanish",
      error: null,
    },
    created: hours(ago),
    ended: ended === null ? null : hours(ended),
  });

  it("that ended stay until they are dismissed, for a day, after those that go on", () => {
    const jobs = [job("5", "failed", 1), job("4", "done", 2), job("3", "queued", 3, null), job("2", "done", 50, 1), job("1", "done", 30)];
    const ids = (dismissed: string[]) => shownJobs(jobs, dismissed, NOW).map(({ id }) => id);
    assert.deepEqual(ids([]), ["3", "5", "4", "2"]);
    assert.deepEqual(ids(["5", "3"]), ["3", "4", "2"], "what goes on cannot be dismissed");
    assert.equal(
      shownJobs(
        Array.from({ length: 9 }, (_, i) => job(`${i}`, "done", 1)),
        [],
        NOW,
      ).length,
      4,
    );
  });

  it("say what they worked on and how it ended", () => {
    assert.equal(endText(job("1", "cancelled", 1)), "Measurement of spanish cancelled.");
    assert.equal(endText({ ...job("1", "failed", 1), message: "no pairs" }), "Measurement of spanish failed: no pairs");
    assert.equal(endText(job("1", "done", 1)), "Measured direction/spanish.");
  });

  it("are dismissed for good", () => {
    const store = createStore(INITIAL);
    for (const id of ["a", "b", "a"]) store.dispatch({ type: "library/dismiss", job: id });
    assert.deepEqual(store.get().dismissed, ["b", "a"]);
  });
});

describe("page: the way back", () => {
  it("from another preset to the changed sliders that were left, and forward again", () => {
    const store = chosen();
    store.dispatch({ type: "rack/preset", id: "other", preset: { ...PRESET, name: "Other" } });
    assert.equal(store.get().rackUndo, null, "nothing was lost");
    store.dispatch({ type: "rack/strength", name: "a", strength: -1 });
    const left = store.get().rack;
    store.dispatch({ type: "rack/preset", id: "pair", preset: { ...PRESET, sampling: { temperature: 0 } } });
    store.dispatch({ type: "sampling", values: { temperature: 0 } });
    store.dispatch({ type: "rack/undo" });
    assert.deepEqual(store.get().rack, left);
    assert.equal(store.get().sampling.values.temperature, INITIAL.sampling.values.temperature);
    assert.equal(store.get().rackUndo, null);
    store.dispatch({ type: "rack/clear" });
    store.dispatch({ type: "rack/undo" });
    assert.deepEqual(store.get().rack, left);
  });

  it("of a slider that was removed: as it was, or into a rack that was changed since", () => {
    const store = chosen();
    const whole = store.get().rack;
    store.dispatch({ type: "rack/remove", name: "a" });
    assert.equal(store.get().rack.rest.scope, undefined);
    store.dispatch({ type: "rack/undo" });
    assert.equal(store.get().rack, whole);
    store.dispatch({ type: "rack/remove", name: "a" });
    store.dispatch({ type: "rack/strength", name: "b", strength: 2 });
    store.dispatch({ type: "rack/undo" });
    const { rack } = store.get();
    assert.deepEqual(names(store.get()), ["a", "b"]);
    assert.deepEqual([rack.controls[0]!.control.strength, rack.controls[1]!.control.strength, rack.rest.scope], [1, 2, { a: "answer" }]);
    store.dispatch({ type: "rack/remove", name: "b" });
    store.dispatch({ type: "rack/add", name: "b", control: { use: "direction/c", strength: 0 }, scope: null });
    store.dispatch({ type: "rack/undo" });
    assert.deepEqual(names(store.get()), ["a", "b-2", "b"]);
  });

  it("of a preset that was deleted", () => {
    const store = chosen();
    const { rack } = store.get();
    store.dispatch({ type: "rack/deleted", id: "pair", name: "Pair", text: "…", back: null });
    assert.deepEqual([store.get().rack.preset, names(store.get())], [null, ["a", "b"]]);
    store.dispatch({ type: "rack/undo" });
    assert.deepEqual(store.get().rack, rack);
  });

  it("leaves no description over an empty rack", () => {
    const store = chosen();
    for (const name of ["a", "b"]) store.dispatch({ type: "rack/remove", name });
    assert.equal(store.get().rack.description, "");
    store.dispatch({ type: "rack/undo" });
    assert.deepEqual([store.get().rack.description, names(store.get())], ["Two of them.", ["b"]]);
  });
});
