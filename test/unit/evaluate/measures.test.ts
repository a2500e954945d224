/** Judges without weights: length, repetition and fluency against figures worked out by hand. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { bitsPerByte, fluencyJudge } from "../../../daemon/evaluate/judges/fluency.ts";
import { lengthJudge, measureLength } from "../../../daemon/evaluate/judges/length.ts";
import { longestRepeat, measureRepetition, repetitionJudge } from "../../../daemon/evaluate/judges/repetition.ts";

describe("length judge", () => {
  const cases: [string, string | undefined, number, number, number][] = [
    ["Hello there. How are you?", "en", 25, 5, 2],
    ["  Don't stop!  ", "en", 11, 2, 1],
    ["我有时间。你呢？", "zh", 8, 4, 2],
    ["नमस्ते दुनिया", "hi", 7, 2, 1],
    ["👩‍👩‍👧 ok", undefined, 4, 1, 1],
    ["", "en", 0, 0, 0],
  ];
  for (const [text, language, characters, words, sentences] of cases)
    it(`measures ${JSON.stringify(text)}`, () => assert.deepEqual(measureLength({ text, language }), { characters, words, sentences }));

  it("keeps the order of the texts", async () => {
    const scores = await lengthJudge.score([{ text: "one" }, { text: "one two" }]);
    assert.deepEqual(
      scores.map((score) => score.judged && score.values["words"]),
      [1, 2],
    );
  });
});

describe("repetition judge", () => {
  it("finds no repetition in different words", () => {
    const found = measureRepetition({ text: "the quick brown fox jumps over a lazy dog" });
    assert.deepEqual(found, {
      distinct1: 1,
      distinct2: 1,
      distinct3: 1,
      repetition4: 0,
      rep16: 0,
      rep128: 0,
      longestRepeat: 0,
    });
  });

  it("counts n-grams, earlier words and the longest run, whatever the case", () => {
    // 8 words: a b c d a b c d
    const found = measureRepetition({ text: "One two three four, one two three four." })!;
    assert.equal(found["distinct1"], 4 / 8);
    assert.equal(found["distinct2"], 4 / 7);
    assert.equal(found["distinct3"], 4 / 6);
    assert.equal(found["repetition4"], 1 - 4 / 5);
    assert.equal(found["rep16"], 4 / 8);
    assert.equal(found["longestRepeat"], 4 / 8);
  });

  it("looks back 16 words for rep16 and 128 for rep128", () => {
    const fill = Array.from({ length: 16 }, (_, index) => `w${index}`).join(" ");
    const found = measureRepetition({ text: `again ${fill} again` })!;
    assert.equal(found["rep16"], 0);
    assert.equal(found["rep128"], 1 / 18);
  });

  it("agrees with a search by brute force on the longest repeated run", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 24 }), (words) => {
        let best = 0;
        for (let i = 0; i < words.length; i++)
          for (let j = i + 1; j < words.length; j++) {
            let size = 0;
            while (i + size < j && j + size < words.length && words[i + size] === words[j + size]) size++;
            best = Math.max(best, size);
          }
        assert.equal(longestRepeat(words), best);
      }),
    );
  });

  it("refuses a text too short to repeat itself", async () => {
    const [score] = await repetitionJudge.score([{ text: "yes yes" }]);
    assert.ok(score !== undefined && !score.judged && /at least 4 words/.test(score.reason));
  });
});

describe("fluency judge", () => {
  it("is the sum of the bits over the bytes", () => {
    // four tokens at probability 1/2 over "日本" (6 bytes)
    assert.equal(bitsPerByte("日本", new Float64Array(4).fill(-Math.LN2)), 4 / 6);
  });

  it("refuses figures that are no log-probabilities", () => {
    assert.throws(() => bitsPerByte("a", Float64Array.of(0.5)), RangeError);
    assert.throws(() => bitsPerByte("a", Float64Array.of(Number.NaN)), RangeError);
  });

  it("asks for each text once and hashes the model in", async () => {
    const asked: string[] = [];
    const logprobs = async (text: string) => {
      asked.push(text);
      return new Float64Array(text.length).fill(-2 * Math.LN2);
    };
    const judge = fluencyJudge(logprobs, "model-a");
    const scores = await judge.score([{ text: "abc" }, { text: "" }, { text: "d" }]);
    assert.deepEqual(asked, ["abc", "d"]);
    assert.deepEqual(
      scores.map((score) => (score.judged ? score.values["bitsPerByte"] : null)),
      [2, null, 2],
    );
    assert.notEqual(judge.hash, fluencyJudge(logprobs, "model-b").hash);
  });
});
