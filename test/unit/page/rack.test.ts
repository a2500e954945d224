/** The rack without a browser: names, new sliders, jobs, and the ways back. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { experimentEntries, methodEntries } from "../../../daemon/experiments/entries.ts";
import { experimentOf } from "../../../daemon/experiments/index.ts";
import type { ArtifactEntry, Job } from "../../../daemon/protocol/api/library.ts";

import { ArtifactIdSchema, type Preset, PresetIdSchema } from "../../../daemon/protocol/preset.ts";
import { idStem } from "../../../daemon/protocol/rules/slug.ts";
import { requestOf } from "../../../webview-ui/experiments/form.ts";
import type { Values } from "../../../webview-ui/forms/values.ts";
import { endText, shownJobs } from "../../../webview-ui/jobs/job-list.ts";
import { freeName } from "../../../webview-ui/rack/names.ts";
import { controlOf } from "../../../webview-ui/rack/new-control.ts";
import { spokenStrength } from "../../../webview-ui/rack/spoken.ts";
import { INITIAL } from "../../../webview-ui/store/initial.ts";
import type { State } from "../../../webview-ui/store/state.ts";
import { createStore, type Store } from "../../../webview-ui/store/store.ts";
import { foundDirection } from "../../support/artifact.ts";
import { GOOD, receiptOf, SETTINGS } from "../../support/receipt.ts";

const PRESET: Preset = {
  tiller: 2,
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
    const words = request("directions/from-words", { from: "答えは日本語で" });
    assert.match(words.params["id"] as string, /^direction\/slider-/);
    assert.equal(words.params["title"], "答えは日本語で");
    const texts = request("directions/from-pairs", { id: "!!!", ...TEMPLATES }, true);
    assert.deepEqual([texts.params["title"], texts.params["replace"]], ["!!!", true]);
    assert.deepEqual(asked("directions/from-pairs", TEMPLATES), { problem: "Name: is needed." });
  });
});

const EXPERIMENTS = experimentEntries();
const TEMPLATES = { "templates.positive": "happy {}", "templates.negative": "sad {}", "templates.texts": "one\ntwo" };

function asked(id: string, values: Values, replace = false) {
  const experiment = EXPERIMENTS.find((candidate) => candidate.id === id)!;
  return requestOf(experiment, { experiment: id, values: { [id]: values } }, methodEntries(), null, replace);
}

/** What the experiment is sent, and takes. */
function request(id: string, values: Values, replace = false): { readonly params: Readonly<Record<string, unknown>> } {
  const made = asked(id, values, replace);
  assert.ok("request" in made, JSON.stringify(made));
  const params = made.request.params!;
  experimentOf(id).params.parse(params);
  return { params };
}

describe("page: the form of an experiment", () => {
  it("takes the fields of the one that is chosen among those that exclude each other", () => {
    const values = { id: "x", ...TEMPLATES, "pairs.positive": "a\nb", "pairs.negative": "c\nd" };
    const pairs = request("directions/from-pairs", { ...values, "@source": "pairs" });
    assert.deepEqual(pairs.params["pairs"], [
      { positive: "a", negative: "c" },
      { positive: "b", negative: "d" },
    ]);
    assert.equal(pairs.params["templates"], undefined);
    const templates = request("directions/from-pairs", values);
    assert.deepEqual(templates.params["templates"], { positive: "happy {}", negative: "sad {}", texts: ["one", "two"] });
  });

  it("says what is missing or wrong, by the field's own name", () => {
    const problem = (values: Values): string => (asked("directions/from-pairs", values) as { problem: string }).problem;
    assert.equal(
      problem({ id: "x", ...TEMPLATES, "templates.texts": "one" }),
      "Texts for {}, one a line: at least 2 are needed, one a line.",
    );
    assert.match(problem({ id: "x", "@source": "pairs", "pairs.positive": "a\nb", "pairs.negative": "c" }), /2 with and 1 without/);
    assert.match(problem({ id: "x", ...TEMPLATES, layers: "many" }), /^Layers: is a number/);
  });
});

describe("page: an artifact put into the rack", () => {
  const found = foundDirection({ id: "direction/wit", layers: 4, width: 8, title: "Wit" });
  const stored = {
    tiller: 2,
    kind: "direction",
    data: { file: "data.safetensors", sha256: "0".repeat(64) },
    hash: "0".repeat(64),
  } as const;
  const own = { settings: SETTINGS, quality: null, problem: null, shipped: false };
  const artifact: ArtifactEntry = { ...found.meta, ...stored, ...own, receipts: [] };
  const measured = (low: number, high: number): ArtifactEntry => ({
    ...artifact,
    receipts: [{ ...receiptOf(GOOD), usable: { low, high } }],
  });

  it("keeps its title, and goes as far as its evidence", () => {
    assert.deepEqual(controlOf(artifact), { use: "direction/wit", strength: 0, title: "Wit" });
    assert.deepEqual(controlOf(measured(0, 1.25)).range, [0, 1.25]);
    assert.deepEqual(controlOf(measured(-0.6, 0)).range, [-0.6, 0]);
    assert.equal(controlOf(measured(0, 0)).range, undefined, "nothing was usable");
    const set = controlOf(measured(0, 1), { mode: "set" });
    assert.deepEqual([set.with, set.range], [{ mode: "set" }, undefined]);
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
      experiment: "receipt",
      title: "Receipt",
      report: false,
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
    assert.equal(endText(job("1", "cancelled", 1)), "Receipt: spanish cancelled.");
    assert.equal(endText({ ...job("1", "failed", 1), message: "no pairs" }), "Receipt: spanish failed: no pairs");
    assert.equal(endText(job("1", "done", 1)), "Receipt: spanish is done.");
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
