import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeChoice } from "../../../daemon/cli/commands/vector-from.ts";
import { systemTurns } from "../../../daemon/evaluate/words/self-pairs.ts";
import { sliderSpec, splitQuestions } from "../../../daemon/evaluate/words/slider.ts";
import { SliderParamsSchema } from "../../../daemon/protocol/slider.ts";

const QUESTIONS = Array.from({ length: 9 }, (_, i) => ({ language: "en", text: `question ${i}` }));

describe("evaluate: a slider from words", () => {
  it("puts a word into templates, and takes a sentence as it stands", () => {
    assert.ok(systemTurns("sarcasm", undefined).positive.every((turn) => turn.includes("sarcasm")));
    assert.ok(systemTurns("sarcasm", undefined).negative.includes("Answer without sarcasm."));
    assert.deepEqual(systemTurns("Answer like a pirate.", undefined).positive, ["Answer like a pirate."]);
    assert.deepEqual(systemTurns("joy", "Be sad.").negative, ["Be sad."]);
    assert.ok(systemTurns("joy", "sadness").negative.every((turn) => turn.includes("sadness")));
  });

  it("measures on questions that no pair was written for", () => {
    const { pairs, held } = splitQuestions(QUESTIONS);
    assert.equal(pairs.length + held.length, QUESTIONS.length);
    assert.ok(held.every((question) => !pairs.includes(question)));
    const params = SliderParamsSchema.parse({ id: "direction/joy", from: "joy", judge: { id: "emotion", label: "joy" } });
    const spec = sliderSpec(params, QUESTIONS)!;
    assert.deepEqual(spec.prompts, held);
    assert.ok(spec.prompts.length * spec.seeds >= 200);
    assert.deepEqual(spec.baseline, { en: "Answer with joy." });
    assert.equal(sliderSpec({ ...params, judge: undefined }, QUESTIONS), null);
  });

  it("reads a judge as a label or a figure", () => {
    assert.deepEqual(judgeChoice("emotion/joy"), { id: "emotion", label: "joy" });
    assert.deepEqual(judgeChoice("length:words"), { id: "length", value: "words" });
    for (const text of ["joy", "emotion/", "a/b/c", "Emotion/joy"]) assert.throws(() => judgeChoice(text), { code: "invalid-params" });
  });
});
