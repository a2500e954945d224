import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeChoice } from "../../../daemon/cli/commands/vector-from.ts";
import { questionSpec, splitQuestions } from "../../../daemon/evaluate/receipts/question-spec.ts";
import { systemTurns, writePairs } from "../../../daemon/methods/directions/self-pairs.ts";

const QUESTIONS = Array.from({ length: 9 }, (_, i) => ({ language: "en", text: `question ${i}` }));

describe("evaluate: a slider from words", () => {
  it("puts a word into templates, and takes a sentence as it stands", () => {
    assert.ok(systemTurns("sarcasm", undefined).positive.every((turn) => turn.includes("sarcasm")));
    assert.ok(systemTurns("sarcasm", undefined).negative.includes("Answer without sarcasm."));
    assert.deepEqual(systemTurns("Answer like a pirate.", undefined).positive, ["Answer like a pirate."]);
    assert.deepEqual(systemTurns("joy", "Be sad.").negative, ["Be sad."]);
    assert.ok(systemTurns("joy", "sadness").negative.every((turn) => turn.includes("sadness")));
  });

  /** @param kept of how many in a hundred pairs the judge says that the first answer shows more */
  const written = async (kept: number) => {
    const asked: number[] = [];
    const result = writePairs(
      { from: "joy", judge: { id: "emotion", label: "joy" }, seed: 1 },
      {
        questions: () => Array.from({ length: 50 }, (_, i) => ({ language: "en", text: `question ${i}` })),
        study: async ({ answers }) => {
          asked.push(answers.length / 2);
          return { answers: answers.map(({ seed }, i) => ({ text: `${i} ${seed}`, tokens: [], ended: true })), texts: [] };
        },
        scores: async (_, texts) => texts.map((_, i) => (i < texts.length / 2 && i % 100 < kept ? 1 : 0)),
        progress: () => undefined,
      },
    );
    return { ...(await result.catch((error: Error) => ({ error: error.message }))), rounds: asked.length };
  };

  it("writes more pairs where the judge keeps under a third, up to a limit, and none where it keeps hardly any", async () => {
    const counts = async (kept: number) => {
      const result = await written(kept);
      return "pairs" in result ? [result.rounds, result.pairs.length, result.written, result.scarce] : [result.rounds, result.error];
    };
    assert.deepEqual(await counts(90), [1, 90, 100, false]);
    assert.deepEqual(await counts(20), [2, 40, 200, true]);
    assert.deepEqual(await counts(6), [3, 18, 300, true]);
    assert.deepEqual(await counts(2), [1, "the model hardly shows this: only 2 of 100 pairs of answers differ as asked, 10 are needed"]);
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
