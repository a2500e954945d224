/** The asks-back judge on pinned replies: its rule, and what it leaves to its words. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { asksBackJudge } from "../../../daemon/evaluate/judges/asks-back.ts";
import { ruleAsksBack } from "../../../daemon/evaluate/judges/asks-back-rule.ts";
import { REPOSITORY } from "../../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");

describe("asks-back judge", () => {
  const judge = asksBackJudge(PRESETS);
  for (const [text, language, label] of [
    ["Which Paris do you mean?", "en", "asks"],
    ["It depends. Where do you live?", "en", "asks"],
    ["would you like to know about the history of the town", "en", "asks"],
    ["Paris is the capital of France.", "en", "answers"],
    ["It costs 20 euros. Can I help you with anything else?", "en", "answers"],
    ["¿Qué ciudad?", "es", "asks"],
    ["أي مدينة تقصد؟", "ar", "asks"],
    ["どの町のことですか。", "ja", "asks"],
    ["我住在北京。", "zh", "answers"],
  ] as const)
    it(`takes ${JSON.stringify(text)} for one that ${label}`, async () => {
      const [score] = await judge.score([{ text, language }]);
      assert.ok(score?.judged);
      assert.equal(score.label, label);
    });
  it("counts options and short offers behind a question as part of it", () => {
    for (const text of [
      "Which one do you mean?\n\n- A\n- B",
      "There are several. Which one do you mean?\n1. The film\n2. The book\n3. The play",
      "Which one do you mean? I can help with either. Let me know.",
      "Which one do you mean?\n\n* A\n* B\n\nLet me know!",
    ])
      assert.equal(ruleAsksBack(text, "en"), "asks", text);
    assert.equal(ruleAsksBack("Welche meinst du?\n- Rot\n- Blau\nSag mir einfach Bescheid.", "de"), "asks");
  });

  it("takes no list of facts and no offer for a question", () => {
    for (const text of [
      "Here are the steps:\n- Open the lid.\n- Fill in water.",
      "Why is it cold? The sun is low in winter, and the days are short. Here is what helps:\n- A coat.\n- A hat.",
      "It costs 20 euros. Can I help you with anything else? Let me know.",
      "I can help with that. Let me know.",
    ])
      assert.notEqual(ruleAsksBack(text, "en"), "asks", text);
  });

  it("knows か as a particle from words that end in it", () => {
    assert.notEqual(ruleAsksBack("静かな町だ。確か", "ja"), "asks");
    assert.notEqual(ruleAsksBack("理由は明らか。", "ja"), "asks");
    assert.equal(ruleAsksBack("それは本当か。", "ja"), "asks");
    assert.equal(ruleAsksBack("どこへ行きますか", "ja"), "asks");
  });

  it("refuses languages that it was not made for", async () => {
    const swedish = judge.judges("sv");
    assert.ok(!swedish.judged && /'sv'/.test(swedish.reason));
    const [score, unknown] = await judge.score([{ text: "Vilken stad menar du?", language: "sv" }, { text: "Which one?" }]);
    assert.equal(score?.judged, false);
    assert.equal(unknown?.judged, true);
  });

  it("leaves a reply without any end mark to the words", () => {
    assert.equal(ruleAsksBack("i think so", "en"), "unmarked");
    assert.equal(ruleAsksBack("Why? Because it is cold.", "en"), "answers");
  });
});
