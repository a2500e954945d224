import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeChoice } from "../../../daemon/cli/commands/vector-from.ts";
import { questionSpec, splitQuestions } from "../../../daemon/evaluate/receipts/question-spec.ts";
import { systemTurns } from "../../../daemon/methods/directions/self-pairs.ts";

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
    const { free, held } = splitQuestions(QUESTIONS);
    assert.equal(free.length + held.length, QUESTIONS.length);
    assert.ok(held.every((question) => !free.includes(question)));
    const [asked] = systemTurns("joy", undefined).positive;
    const spec = questionSpec({ artifact: "direction/joy", judge: { id: "emotion", label: "joy" }, asked: asked! }, held);
    assert.deepEqual(spec.prompts, held);
    assert.ok(spec.prompts.length * spec.seeds >= 200);
    assert.deepEqual(spec.baseline, { en: "Answer with joy." });
  });

  it("reads a judge as a label or a figure", () => {
    assert.deepEqual(judgeChoice("emotion/joy"), { id: "emotion", label: "joy" });
    assert.deepEqual(judgeChoice("length:words"), { id: "length", value: "words" });
    for (const text of ["joy", "emotion/", "a/b/c", "Emotion/joy"]) assert.throws(() => judgeChoice(text), { code: "invalid-params" });
  });
});
