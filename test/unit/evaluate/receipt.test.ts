import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { cellsOf } from "../../../daemon/evaluate/receipts/arms.ts";
import { bestStrength, makeReceipt } from "../../../daemon/evaluate/receipts/receipt.ts";
import { summaryOf } from "../../../daemon/evaluate/receipts/summary.ts";
import { beatsControl, evidenceRange, readingAt } from "../../../daemon/protocol/evidence.ts";
import type { Scope, With } from "../../../daemon/protocol/preset.ts";
import { STATISTICS_VERSION } from "../../../daemon/protocol/receipt.ts";
import { actingOf } from "../../../daemon/protocol/rules/control.ts";
import {
  measuredOtherwise,
  noteAt,
  rangeOnSlider,
  readingText,
  settingsOf,
  strengthsOf,
  towardsZero,
} from "../../../webview-ui/evidence/fit.ts";
import { chartOf, HEIGHT, WIDTH } from "../../../webview-ui/evidence/layout.ts";
import { roundStep, scaleOf } from "../../../webview-ui/evidence/scale.ts";
import { ABOUT, arm, GOOD, receiptOf, SETTINGS, SPEC } from "../../support/receipt.ts";

describe("evaluate: receipts", () => {
  const receipt = receiptOf({ ...GOOD });
  const at = (strength: number) => receipt.points.find((point) => point.strength === strength)!;

  it("states effect, control, prompt and damage as differences from the plain model", () => {
    assert.equal(at(1).n, 200);
    assert.equal(at(1).effect.value, 0.4);
    assert.equal(at(1).random?.value, 0);
    assert.equal(at(1).margin?.value, 0.4);
    assert.equal(at(1).damage.bitsPerByte, 0.08);
    assert.equal(at(1).randomBitsPerByte, 0.1);
    assert.equal(receipt.prompt.effect.value, 0.5);
    assert.equal(receipt.plain.score, 0.2);
    assert.deepEqual([at(0).effect.value, at(0).random, at(0).margin, at(0).damage.bitsPerByte], [0, null, null, 0]);
  });

  it("ends the evidence where the damage passes its bound, and takes the best strength before that", () => {
    assert.deepEqual(receipt.usable, { low: -1, high: 1 });
    assert.equal(at(2).usable, false);
    assert.equal(receipt.best, 1);
    assert.equal(receipt.verdict, "works");
    assert.equal(receipt.statistics, STATISTICS_VERSION);
    assert.equal(
      receipt.summary,
      "works: joy +0.4 of answers [0.4, 0.4] at 1 (N 200), random control 0, prompt +0.5; damage +0.08 bits per byte of text, 0 of answers; evidence from −1 to 1",
    );
  });

  it("says how little it does where random directions do as much and where it goes the wrong way, and when only damage pays for it", () => {
    const same = receiptOf({ ...GOOD, "random 1": [0.6, 1.6], "random -1": [0.1, 1.6] });
    assert.equal(same.verdict, "does less");
    assert.ok(same.less! < same.relevant! && same.relevant === 0.2, `${same.less}`);
    assert.match(
      same.summary,
      /^does (?:nothing that way|less than \+0\.[01]\d?) (?:of answers )?beyond random directions: joy \+0\.4 of answers \[0\.4, 0\.4\] at 1 \(N 200\), random control \+0\.4, difference 0 \[.*\], prompt .*; within the damage bounds from −1 to 1$/,
    );
    const wrong = receiptOf({ ...GOOD, "steered 1": [0, 1.5], "steered -1": [0.5, 1.5], "steered 2": [0, 1.5] });
    assert.equal(wrong.verdict, "does less");
    const costly = receiptOf({ ...GOOD, "steered 1": [0.9, 3], "steered -1": [0, 3] });
    assert.equal(costly.verdict, "no usable strength");
    assert.deepEqual(costly.usable, { low: 0, high: 0 });
    assert.match(costly.summary, /^no usable strength: joy/);
  });

  it("calls evidence only what beats random directions, on each side of 0 by itself", () => {
    const up = receiptOf({ ...GOOD, "random -1": [0.1, 1.6] });
    assert.equal(up.verdict, "works");
    assert.deepEqual(up.usable, { low: -1, high: 1 });
    assert.deepEqual(evidenceRange(up), { low: 0, high: 1 });
    assert.match(up.summary, /; evidence to 1$/);
    const figure = receiptOf({ ...GOOD }, { ...SPEC, judge: { id: "length", value: "words" } });
    assert.doesNotMatch(summaryOf({ ...figure, judge: { ...figure.judge, choice: { id: "length", value: "words" } } }), /0\.4 of answers/);
  });

  it("reads its figures at any strength that lies among the measured ones", () => {
    assert.deepEqual(readingAt(receipt, 1), { effect: 0.4, low: 0.4, high: 0.4, bitsPerByte: 0.08, measured: true });
    const between = readingAt(receipt, 0.5)!;
    assert.equal(between.measured, false);
    assert.ok(Math.abs(between.effect - 0.2) < 1e-9 && Math.abs(between.bitsPerByte - 0.04) < 1e-9);
    assert.ok(Math.abs(readingAt(receipt, 1.5)!.effect - 0.55) < 1e-9);
    assert.equal(readingAt(receipt, 2.1), null);
    assert.equal(readingAt(receipt, -1.1), null);
  });

  it("turns round for a control that is meant to lower its score", () => {
    const margin = { value: -0.3, low: -0.4, high: -0.2 };
    const effect = margin;
    assert.equal(beatsControl({ strength: 1, usable: true, margin, effect }, "down"), true);
    assert.equal(beatsControl({ strength: 1, usable: true, margin, effect }, "up"), false);
    assert.equal(beatsControl({ strength: -1, usable: true, margin, effect }, "up"), true);
    assert.equal(beatsControl({ strength: 1, usable: false, margin, effect }, "down"), false);
    // more than random directions, which pull it the wrong way, but no effect of its own
    const none = { value: -0.1, low: -0.3, high: 0.1 };
    assert.equal(beatsControl({ strength: 1, usable: true, margin, effect: none }, "down"), false);
    const point = (strength: number, value: number) => ({
      strength,
      usable: true,
      margin: null,
      random: { value: 0, low: 0, high: 0 },
      effect: { value, low: value, high: value },
    });
    assert.equal(bestStrength([point(-1, 3), point(1, -2), point(2, -1)], "down")?.strength, 1);
  });

  it("has a hash over all but the date", () => {
    assert.equal(receiptOf({ ...GOOD }).hash, receipt.hash);
    assert.notEqual(receiptOf({ ...GOOD, "steered 1": [0.7, 1.58] }).hash, receipt.hash);
  });

  it("refuses to speak of answers that the judge could not judge", () => {
    const cells = cellsOf(SPEC, 10, 7);
    const arms = new Map(
      Object.entries(GOOD).map(([key, [share, bits]]) => [key, { ...arm(cells, share, bits), scores: cells.map(() => null) }]),
    );
    const input = {
      spec: SPEC,
      cells,
      seeds: 10,
      seed: 7,
      arms,
      calibration: null,
      others: [],
      about: ABOUT,
    };
    assert.throws(() => makeReceipt(input), { code: "not-supported", message: /could judge .* to 0 of 20 prompts only/ });
  });

  it("counts answers that cannot be judged as damage, and leaves out a strength at which there is nothing else", () => {
    const cells = cellsOf(SPEC, 10, 7);
    const silent = (share: number, of: readonly [number, number]) => {
      const made = arm(cells, ...of);
      return { ...made, scores: made.scores.map((score, i) => ((i % 10) / 10 < share ? null : score)) };
    };
    const arms = new Map(Object.entries(GOOD).map(([key, [share, bits]]) => [key, arm(cells, share, bits)]));
    arms.set("steered 1", silent(0.3, GOOD["steered 1"])).set("steered 2", silent(1, GOOD["steered 2"]));
    const found = makeReceipt({ spec: SPEC, cells, seeds: 10, seed: 7, arms, calibration: null, others: [], about: ABOUT });
    assert.deepEqual(found.unjudged, [2]);
    assert.deepEqual(
      found.points.map(({ strength, n, unjudged, usable }) => [strength, n, unjudged, usable]),
      [
        [-1, 200, 0, true],
        [0, 200, 0, true],
        [1, 200, 0.3, false],
      ],
    );
    assert.deepEqual(found.usable, { low: -1, high: 0 });
  });

  it("gives no verdict on few answers", () => {
    const spec = { ...SPEC, prompts: SPEC.prompts.slice(0, 2), strengths: [1] };
    const cells = cellsOf(spec, 2, 7);
    const arms = new Map(Object.entries(GOOD).map(([key, [share, bits]]) => [key, arm(cells, share, bits)]));
    const few = makeReceipt({ spec, cells, seeds: 2, seed: 7, arms, calibration: null, others: [], about: ABOUT });
    assert.equal(few.verdict, "too few answers");
    assert.match(few.summary, /^too few answers to tell: joy/);
    assert.ok(few.points.every(({ margin }) => margin === null));
  });

  it("names the strength with its sign in the summary of a lowering side", () => {
    assert.match(summaryOf({ ...receipt, best: -1 }), /joy −0\.1 of answers \[−0\.1, −0\.1\] at −1/);
  });
});

describe("page: the evidence chart", () => {
  const receipt = receiptOf({ ...GOOD });
  const chart = chartOf(receipt, 1);

  it("puts every point where its figures say, the usable range behind them", () => {
    const zero = chart.effect.dots[1]!;
    assert.equal(zero.y, chart.effect.zero);
    assert.ok(chart.effect.dots[2]!.y < zero.y && chart.effect.dots[0]!.y > zero.y);
    assert.ok(chart.effect.dots[3]!.y < chart.effect.prompt);
    assert.deepEqual(
      chart.effect.dots.map(({ usable }) => usable),
      [true, true, true, false],
    );
    assert.deepEqual([chart.usable?.from, chart.usable?.to], [chart.effect.dots[0]!.x, chart.effect.dots[2]!.x]);
    assert.ok(chart.damage.dots[3]!.y < chart.damage.bound && chart.damage.dots[2]!.y > chart.damage.bound);
    assert.equal(chart.thumb, chart.effect.dots[2]!.x);
    assert.equal(chartOf(receipt, 7).thumb, null);
    assert.equal(chart.damage.line.match(/[ML]/g)?.length, receipt.points.length);
    assert.match(chart.effect.band, /^M.*Z$/);
    for (const { x, y } of [...chart.effect.dots, ...chart.damage.dots]) assert.ok(x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT);
  });

  it("has round ticks", () => {
    assert.equal(roundStep(0.13), 0.2);
    assert.equal(roundStep(7), 10);
    assert.deepEqual(scaleOf([-0.3, 0.5], 0, 80).ticks, [-0.4, -0.2, 0, 0.2, 0.4, 0.6]);
    assert.equal(scaleOf([0, 1], 10, 20).at(0.5), 15);
    assert.equal(scaleOf([0, 0], 0, 10).ticks.length > 1, true);
  });

  it("says when a slider is not what was measured, or stands beyond it", () => {
    const entry = { settings: SETTINGS };
    const other = (settings: With, scope: Scope | null = null) => measuredOtherwise(receipt, actingOf({ with: settings }, scope, entry));
    assert.equal(other({}), null);
    assert.equal(other({ layers: "1-2" }), null);
    assert.match(other({ layers: "1-3" })!, /other settings: at layers 1–2$/);
    assert.match(other({ mode: "set" })!, /other settings/);
    assert.match(other({}, "answer")!, /other settings/);
    assert.deepEqual(rangeOnSlider(receipt, [-0.5, 2]), { low: -0.5, high: 1 });
    assert.equal(rangeOnSlider(receiptOf({ ...GOOD, "steered 1": [0.9, 3], "steered -1": [0, 3] }), [-1, 1]), null);
  });

  it("says of each strength why the summary does not hold for it", () => {
    assert.equal(noteAt(receipt, 1), null);
    assert.equal(noteAt(receipt, 0.3), null);
    assert.match(noteAt(receipt, 2)!, /^Over the damage bounds: held-out text loses \+0\.40 of at most \+0\.25 bits per byte/);
    assert.match(noteAt(receipt, 1.7)!, /^Over the damage bounds: at 2 held-out text loses/);
    assert.match(noteAt(receipt, 2.5)!, /^Beyond what was measured \(−1 to 2\)/);
    assert.match(
      noteAt(receiptOf({ ...GOOD, "random -1": [0.1, 1.6] }), -1)!,
      /^Below 0 it is not shown to do more than random directions/,
    );
    assert.equal(readingText(receipt, 1), null);
    assert.equal(readingText(receipt, 0), null);
    assert.equal(readingText(receipt, 2), "At 2: joy +0.70 of answers [0.70, 0.70], damage +0.40 bits per byte of text");
    assert.equal(readingText(receipt, 0.5), "At 0.5: joy about +0.20 of answers [0.20, 0.20], damage +0.04 bits per byte of text");
    assert.deepEqual([towardsZero(1.469), towardsZero(-0.675)], ["1.46", "−0.67"]);
  });

  it("measures a slider where it goes, as it is set", () => {
    assert.deepEqual(strengthsOf([0, 1]), [0.25, 0.5, 0.75, 1]);
    assert.deepEqual(strengthsOf([-2, 2]), [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]);
    assert.equal(settingsOf({ use: "direction/joy", strength: 1 }, null), null);
    assert.deepEqual(settingsOf({ use: "direction/joy", strength: 1, with: { layers: "1-3" } }, "answer"), {
      with: { layers: "1-3" },
      scope: "answer",
    });
  });
});
