/** Judging hundreds of texts leaves the daemon its turns, and ends when it is told to. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadJudges } from "../../../daemon/evaluate/judges/index.ts";
import { refuseBlank, scoreEach } from "../../../daemon/evaluate/judges/score-each.ts";
import { REPOSITORY } from "../../support/shared.ts";

const TEXTS = Array.from({ length: 200 }, (_, index) => ({ text: `I am glad, ${index}.`, language: "en" }));

/** How often the event loop turns until `work` is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await work;
  done = true;
  return turns;
}

describe("judging 200 texts", function () {
  // turns are counted, not time
  this.timeout(0);
  for (const judge of loadJudges(join(REPOSITORY, "presets")).values()) {
    it(`lets the event loop turn meanwhile: ${judge.id}`, async () => {
      const scoring = judge.score(TEXTS);
      assert.ok((await turnsDuring(scoring)) >= TEXTS.length / 4);
      assert.equal((await scoring).length, TEXTS.length);
    });

    it(`ends when it is aborted: ${judge.id}`, async () => {
      const control = new AbortController();
      const scoring = judge.score(TEXTS, control.signal);
      setImmediate(() => control.abort(new Error("enough")));
      await assert.rejects(scoring, /enough/);
    });
  }

  it("judges no text after the abort", async () => {
    const control = new AbortController();
    let judged = 0;
    const scoring = scoreEach(TEXTS, control.signal, () => {
      if (++judged === 3) control.abort(new Error("enough"));
      return { judged: true, label: null, values: {} };
    });
    await assert.rejects(scoring, /enough/);
    assert.equal(judged, 3);
  });

  it("knows texts in which nothing can be seen", () => {
    for (const text of ["", " \n", "\u200b\u200c\u200d\u2060\ufeff", "\ud800", "\u0001", "\ufe0f"])
      assert.ok(refuseBlank({ text }) !== null);
    for (const text of ["a", ".", "我", "😀", "1"]) assert.equal(refuseBlank({ text }), null, text);
  });
});
