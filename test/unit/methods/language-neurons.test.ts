/** Language neurons against the formulas of their papers, written down plainly here, and against masks that were published. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { readTerms } from "../../../daemon/methods/language-neurons/arithmetic.ts";
import { readMasks, setsOf } from "../../../daemon/methods/language-neurons/experiments/masks.ts";
import { lape } from "../../../daemon/methods/language-neurons/lape.ts";
import { byLayer, clustered, jaccard, quarters, suggestedTokens } from "../../../daemon/methods/language-neurons/sets.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { plainLape } from "../../support/lape.ts";
import { sharedPath, skip } from "../../support/shared.ts";

/** Firing rates of n neurons in K languages: most alike in all, some of one or two, some dead. */
function rates(n: number, K: number, seed: number): Float64Array[] {
  const next = generator(seed);
  const out = Array.from({ length: K }, () => new Float64Array(n));
  for (let j = 0; j < n; j++) {
    const kind = next();
    const base = next() * 0.3;
    for (let k = 0; k < K; k++)
      out[k]![j] = kind < 0.1 ? 0 : kind < 0.3 && next() < 1 - 1.5 / K ? base * 0.01 : base * (0.8 + 0.4 * next());
  }
  return out;
}

describe("methods: language neurons", () => {
  for (const [n, K, rate] of [
    [480, 2, 0.05],
    [4096, 6, 0.01],
    [1530, 12, 0.03],
  ] as const)
    it(`LAPE of ${n} neurons in ${K} languages takes and gives away what the formulas say`, () => {
      const p = rates(n, K, n);
      const settings = { rate, filter: 0.95, bar: 0.95 };
      const got = lape(p, settings);
      const wanted = plainLape(
        p.map((one) => [...one]),
        settings,
      );
      assert.deepEqual([...got.taken], wanted.taken);
      assert.deepEqual(
        got.owned.map((owned) => [...owned]),
        wanted.owned,
      );
      assert.ok(wanted.owned.some((owned) => owned.length > 0));
      // dead neurons would have the best entropy of all
      for (const j of got.taken) assert.ok(p.some((one) => one[j]! > 0));
    });

  it("sums of languages are read as they are written, and nothing else is", () => {
    assert.deepEqual(readTerms("es - en + 0.3 pt"), [
      { code: "es", weight: 1 },
      { code: "en", weight: -1 },
      { code: "pt", weight: 0.3 },
    ]);
    assert.deepEqual(readTerms("-en"), [{ code: "en", weight: -1 }]);
    assert.deepEqual(readTerms("2·es − zh-tw"), [
      { code: "es", weight: 2 },
      { code: "zh-tw", weight: -1 },
    ]);
    for (const wrong of ["", "es en", "es + es", "es -", "Spanish", "es * en", "0.3"]) assert.equal(readTerms(wrong), null, wrong);
  });

  it("sets: overlap, depth, and what more text would change", () => {
    assert.equal(jaccard([1, 2, 3], [2, 3, 4]), 0.5);
    assert.equal(jaccard([], []), 1);
    assert.deepEqual(byLayer([0, 1, 3, 9], [2, 4, 4]), [2, 1, 1]);
    assert.deepEqual(quarters([1, 0, 0, 0, 0, 0, 0, 3]), [0.25, 0, 0, 0.75]);
    assert.equal(suggestedTokens(1000, 0.6, 0.8), 2000);
    assert.equal(suggestedTokens(1000, 0.8, 0.95), 1000);
    assert.equal(suggestedTokens(1000, 0.8, 0.7), null);
    const near = [
      [0, 1],
      [2, 3],
    ];
    const order = clustered(4, (a, b) => (near.some((pair) => pair.includes(a) && pair.includes(b)) ? 1 : 0.1));
    assert.ok(Math.abs(order.indexOf(0) - order.indexOf(1)) === 1 && Math.abs(order.indexOf(2) - order.indexOf(3)) === 1);
  });

  /** Anchors of the method card, computed from the authors' released files. */
  it("published masks of Llama 3.1 8B give the published figures", function () {
    const path = sharedPath("data", "methods", "lape-masks-clas", "llama-3.1-8b-instruct_top1.json");
    if (path === null) skip(this, "needs the shared data");
    const sets = setsOf(readMasks(readFileSync(path, "utf8")));
    const owned = (code: string) => sets.owned[sets.codes.indexOf(code)]!;
    assert.equal(sets.codes.length, 32);
    const union = [...new Set(sets.owned.flatMap((set) => [...set]))];
    assert.equal(union.length, 4588);
    // the card's whole percents were rounded from tenths
    assert.deepEqual(
      quarters(byLayer(union, sets.widths)).map((share) => Math.round(Number((share * 100).toFixed(1)))),
      [7, 6, 43, 45],
    );
    assert.deepEqual(
      ["en", "bo", "sw", "hi", "zh", "ja"].map((code) => owned(code).length),
      [78, 1099, 691, 640, 562, 554],
    );
    const sizes = sets.owned.map(({ length }) => length);
    assert.deepEqual([Math.min(...sizes), Math.max(...sizes)], [78, 1099]);
    const figures = "da–no .75, ru–uk .72, cs–sk .70, ko–ja .52, es–pt .51, de–nl .41, zh–ja .31, en–zh .02, bo–en .01";
    for (const figure of figures.split(", ")) {
      const [, a, b, value] = /^(..)–(..) (\.\d\d)$/.exec(figure)!;
      // rounded from thousandths, as the shares above are from tenths
      assert.equal(Math.round(Number((jaccard(owned(a!), owned(b!)) * 1000).toFixed(0)) / 10), Number(value) * 100, figure);
    }
  });
});
