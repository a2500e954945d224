/** The language judge on pinned sentences, and on held-out sentences where the shared data are present. */
import assert from "node:assert/strict";
import { languageJudge } from "../../../daemon/evaluate/judges/language.ts";

const PINNED: [string, string][] = [
  ["en", "I would like to know when the next train leaves for the coast."],
  ["de", "Ich möchte gerne wissen, wann der nächste Zug an die Küste fährt."],
  ["fr", "Je voudrais savoir à quelle heure part le prochain train pour la côte."],
  ["es", "Quisiera saber a qué hora sale el próximo tren hacia la costa."],
  ["it", "Vorrei sapere a che ora parte il prossimo treno per la costa."],
  ["pt", "Gostaria de saber a que horas sai o próximo comboio para a costa."],
  ["nl", "Ik zou graag willen weten hoe laat de volgende trein naar de kust vertrekt."],
  ["ru", "Я хотел бы узнать, когда отправляется следующий поезд к морю."],
  ["zh", "我想知道下一班去海边的火车什么时候开。"],
  ["ja", "海岸行きの次の電車が何時に出るか知りたいのですが。"],
  ["ar", "أود أن أعرف متى يغادر القطار التالي إلى الساحل."],
  ["hi", "मैं जानना चाहता हूँ कि तट के लिए अगली ट्रेन कब जाती है।"],
];

describe("language judge", () => {
  for (const [language, text] of PINNED)
    it(`knows ${language}`, async () => {
      const [score] = await languageJudge.score([{ text }]);
      assert.ok(score?.judged);
      assert.equal(score.label, language);
      assert.equal(Math.max(...Object.values(score.values)), score.values[language]);
    });

  it("refuses texts of fewer than four words, and says so", async () => {
    const [score] = await languageJudge.score([{ text: "Oh, non!" }]);
    assert.ok(score !== undefined && !score.judged);
    assert.match(score.reason, /2 words; its language is judged from 4/);
  });

  it("refuses numbers and scripts of none of the twelve", async () => {
    const scores = await languageJudge.score([{ text: "1 2 3 4 5" }, { text: "Καλημέρα σας και καλή όρεξη" }]);
    for (const score of scores) assert.equal(score.judged, false);
  });

  it("says which languages it tells apart", () => {
    assert.equal(languageJudge.judges("nl").judged, true);
    const swedish = languageJudge.judges("sv");
    assert.ok(!swedish.judged && /'sv' is not one of/.test(swedish.reason));
  });
});
