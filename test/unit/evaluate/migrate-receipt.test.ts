import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ReceiptSchema } from "../../../daemon/protocol/receipt.ts";
import { migrateReceipt } from "../../../daemon/store/migrate-artifacts.ts";
import { GOOD, receiptOf } from "../../support/receipt.ts";

const BESIDE = { hash: "a".repeat(64), data: { sha256: "b".repeat(64) } };

/** As version 3 had it. @param margin of every strength but 0 */
function version3(verdict: string, margin: { value: number; low: number; high: number } | null, label = true): Record<string, unknown> {
  const {
    statistics: _,
    less: __,
    slope: ___,
    relevant: ____,
    kinds: _____,
    also: ______,
    quick: _______,
    human: ________,
    ...old
  } = receiptOf(GOOD);
  const points = old.points.map((point) => ({ ...point, margin: point.strength === 0 ? null : margin }));
  const judge = label ? old.judge : { ...old.judge, choice: { id: "length", value: "words" } };
  return { ...old, version: 3, points, judge, verdict, summary: "no effect beyond random directions: joy" };
}

describe("store: receipts of version 3", () => {
  const read = (old: unknown) => ReceiptSchema.parse(migrateReceipt(old, BESIDE));

  it("keep their figures and say that they were reckoned in the first way", () => {
    const old = version3("effect", { value: 0.4, low: 0.3, high: 0.5 });
    const now = read(old);
    assert.deepEqual([now.verdict, now.statistics, now.slope], ["works", 1, null]);
    assert.deepEqual(now.points, old["points"]);
    assert.match(now.summary, /^works: joy \+0\.4/);
  });

  it("never say 'no effect': what their margins support is said, or that there were too few answers", () => {
    const near = read(version3("no effect", { value: 0.02, low: -0.08, high: 0.12 }));
    // the side that is meant to lower counts, too: −0.08 there
    assert.deepEqual([near.verdict, near.less], ["does less", 0.12]);
    assert.match(near.summary, /^does less than \+0\.12 of answers beyond random directions: joy/);
    const far = read(version3("no effect", { value: 0.1, low: -0.2, high: 0.4 }));
    assert.deepEqual([far.verdict, far.less], ["too few answers", null]);
    assert.match(far.summary, /^too few answers to tell: joy/);
    // no scale is known of a figure, so nothing is called little
    assert.equal(read(version3("no effect", { value: 0.02, low: -0.08, high: 0.12 }, false)).verdict, "too few answers");
    assert.equal(read(version3("no effect", null)).verdict, "too few answers");
    assert.equal(read({ ...version3("no effect", null), best: null }).verdict, "no usable strength");
  });
});
