/** What the page computes without a browser: sentences to read out, tokens of a text, tints, differences of two answers. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Token } from "../../../daemon/protocol/api/generate.ts";
import { align } from "../../../daemon/protocol/rules/align.ts";
import { completeSentences, withoutMarks } from "../../../webview-ui/chat/announce.ts";
import { tokensOfText, visible } from "../../../webview-ui/chat/text.ts";
import { tintOf, tintScale } from "../../../webview-ui/chat/tint.ts";
import { sentence } from "../../../webview-ui/ui/sentence.ts";

const token = (text: string, index = 0, reading?: number): Token => ({
  ...{ index, id: index, text, logprob: -1 },
  ...(reading === undefined ? {} : { probes: [reading] }),
});

describe("page: sentences read out", () => {
  it("reads words out, not marks, and not what was thought before the answer", () => {
    assert.equal(
      withoutMarks("## Title\n\n- **bold** and *soft* `code`, a_name stays, 2 * 3 too"),
      "Title\n\n- bold and soft code, a_name stays, 2 * 3 too",
    );
    assert.equal(withoutMarks("[a link](https://example.org) ![picture](x.png)"), "a link picture");
    assert.equal(withoutMarks("| a | b |\n|---|---|\n| 1 | 2 |"), "a b \n\n 1 2");
    assert.equal(withoutMarks("```js\nlet x;\n```"), "let x;");
    assert.deepEqual(completeSentences("<think>Hm. So.\n", 0, false), { said: "", next: 15 });
    const whole = "<think>Hm. So.</think>\nYes. No";
    assert.deepEqual(completeSentences(whole, 15, false), { said: "Yes.", next: whole.length - 2 });
  });

  it("holds an unfinished sentence back, and says every part once, whatever the pieces", () => {
    assert.deepEqual(completeSentences("One. Two is", 0, false), { said: "One.", next: 5 });
    assert.deepEqual(completeSentences("One. Two is", 5, false), { said: "", next: 5 });
    assert.deepEqual(completeSentences("One. Two is", 5, true), { said: "Two is", next: 11 });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "b", ".", "!", " ", "\n", "…") })), (pieces) => {
        let text = "";
        let next = 0;
        const said: string[] = [];
        for (const [i, piece] of pieces.entries()) {
          text += piece;
          const step = completeSentences(text, next, i === pieces.length - 1);
          next = step.next;
          if (step.said !== "") said.push(step.said);
        }
        assert.equal(said.join("").replaceAll(/\s/g, ""), text.replaceAll(/\s/g, ""));
      }),
    );
  });
});

describe("page: tokens of a text", () => {
  const tokens = ["Once", " upon", " a", "</end>"].map((text, i) => token(text, i));

  it("gives the tokens that spell it, leaves out what was cut off, and refuses others", () => {
    assert.deepEqual(tokensOfText(tokens, "Once upon a"), tokens.slice(0, 3));
    assert.deepEqual(tokensOfText(tokens, "Once up"), tokens.slice(0, 2));
    assert.deepEqual(tokensOfText(tokens, ""), []);
    assert.equal(tokensOfText(tokens, "Twice"), null);
    assert.equal(tokensOfText(tokens.slice(0, 2), "Once upon a time"), null);
  });

  it("shows white space", () => {
    assert.deepEqual([" a b", "\n", "", "x "].map(visible), ["␣a b", "⏎", "(no text)", "x␣"]);
  });
});

describe("page: tints", () => {
  it("centres on the mean or on zero, and one outlier does not bleach the rest", () => {
    const readings = [...Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : 3)), 1000];
    const tokens = readings.map((reading, i) => token("x", i, reading));
    const zero = tintScale(tokens, "zero")!;
    assert.deepEqual([zero.middle, zero.span], [0, 3]);
    assert.deepEqual(tintOf(-3, zero), { sign: "-", strength: 1 });
    assert.deepEqual(tintOf(1.5, zero), { sign: "+", strength: 0.5 });
    assert.deepEqual(tintOf(1000, zero), { sign: "+", strength: 1 });
    const mean = tintScale(tokens.slice(0, 40), "mean")!;
    assert.deepEqual([mean.middle, mean.span], [2, 1]);
    assert.equal(tintScale([token("x")], "mean"), null);
    assert.equal(tintOf(Number.NaN, zero), null);
  });

  it("gives a reading the same tint on both sides when both share a scale", () => {
    const left = [1, 2, 3].map((reading, i) => token("x", i, reading));
    const right = [10, 20, 30].map((reading, i) => token("x", i, reading));
    const shared = tintScale([...left, ...right], "mean")!;
    assert.deepEqual([shared.middle, shared.span], [11, 19]);
    assert.notDeepEqual(tintScale(left, "mean"), tintScale(right, "mean"), "alone they differ");
  });
});

describe("page: the difference of two answers", () => {
  it("keeps common tokens in order, on both sides alike", () => {
    const ids = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(ids, ids, (left, right) => {
        const alignment = align(left, right);
        const kept = (side: number[], only: ReadonlySet<number>) => side.filter((_, i) => !only.has(i));
        assert.deepEqual(kept(left, alignment.left), kept(right, alignment.right));
        assert.equal(alignment.common, kept(left, alignment.left).length);
        assert.equal(alignment.common, longest(left, right));
      }),
    );
  });

  it("names the first token that differs", () => {
    assert.equal(align([1, 2, 3], [1, 2, 4]).first, 2);
    assert.equal(align([1, 2], [1, 2, 4]).first, null);
    assert.equal(align([1, 2], [1, 2]).common, 2);
  });
});

/** Length of the longest common subsequence, by the definition. */
function longest(a: number[], b: number[]): number {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      best[i]![j] = a[i - 1] === b[j - 1] ? best[i - 1]![j - 1]! + 1 : Math.max(best[i - 1]![j]!, best[i]![j - 1]!);
  return best[a.length]![b.length]!;
}

describe("page: error texts", () => {
  it("are sentences; names keep their letters", () => {
    assert.equal(sentence("the daemon is busy"), "The daemon is busy.");
    assert.equal(sentence("controls.joy.layers: layer 40 does not exist"), "controls.joy.layers: layer 40 does not exist.");
    assert.deepEqual(["Done.", "", " really? "].map(sentence), ["Done.", "", "Really?"]);
  });
});
