/** Tasks in languages: figures against sacreBLEU and SQuAD, items by rule, and files in the shapes of public sets. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { itemsIn } from "../../../daemon/methods/language-neurons/tasks/files.ts";
import { scoreOf, TASKS, type Task, VERDICTS } from "../../../daemon/methods/language-neurons/tasks/items.ts";
import { chrf, exact, f1 } from "../../../daemon/methods/language-neurons/tasks/metrics.ts";
import { OWN_ITEMS, ownItems } from "../../../daemon/methods/language-neurons/tasks/own.ts";
import { PEOPLE, WORDS } from "../../../daemon/methods/language-neurons/tasks/words.ts";

/** sentence_score of CHRF() in sacreBLEU 2.6.0 */
const SACREBLEU: readonly [string, string, number][] = [
  ["abcdefg", "hijklmnop", 0],
  ["", "b", 0],
  ["ab", "ab", 100],
  ["Niemand hat die Absicht, eine Mauer zu errichten", "Niemand hat die Absicht, eine Mauer zu errichten!", 97.96053945301082],
  ["Anna hat gestern einen Hut gekauft.", "Anna hat gestern auf dem Markt einen Hut gekauft.", 68.58191410983811],
  ["Paul found a key at the station.", "Paul hat am Bahnhof einen Schlüssel gefunden.", 14.876700558195962],
  ["他在公园里丢了一把钥匙。", "他昨天在公园丢了钥匙。", 25.186160319150304],
  ["the the the the the the the", "the cat is on the mat", 14.232426848159646],
];

const CODES = Object.keys(WORDS);

describe("language neurons: tasks", () => {
  it("chrF is sacreBLEU's", () => {
    for (const [answer, wanted, score] of SACREBLEU)
      assert.ok(Math.abs(100 * chrf(answer, wanted) - score) < 1e-9, `${answer}: ${100 * chrf(answer, wanted)}, not ${score}`);
  });

  it("exact match and F1 look past case and punctuation, and count a word as often as both have it", () => {
    assert.equal(exact("Une clé !", "une clé"), 1);
    assert.equal(exact("clé", "une clé"), 0);
    assert.equal(f1("une clé", "une clé"), 1);
    // one word of three and of two
    assert.ok(Math.abs(f1("a a hat", "a key") - 2 / 5) < 1e-12);
    assert.equal(f1("nothing", "a key"), 0);
    assert.equal(f1("", "a key"), 0);
  });

  it("there are more than 200 items of each task in six languages, no two alike, and no word is missing", () => {
    assert.equal(CODES.length, 6);
    assert.ok(OWN_ITEMS >= 200);
    for (const words of Object.values(WORDS))
      assert.deepEqual(
        [words.did, words.things, words.places, words.times, words.besides].map((all) => new Set(all).size),
        [3, 12, 6, 3, 3],
      );
    for (const task of Object.keys(TASKS) as Task[])
      for (const code of CODES) {
        const items = ownItems(task, code === "en" ? "de" : "en", code);
        assert.equal(new Set(items.map(({ prompt }) => prompt)).size, OWN_ITEMS, `${task} ${code}`);
        for (const { prompt, wanted, options } of items) {
          assert.doesNotMatch(`${prompt} ${wanted.join()} ${options?.join() ?? ""}`, /[{}]|undefined/);
          if (task === "qa") assert.ok(prompt.includes(` ${wanted[0]} `), "the answer stands in the text");
          if (task === "comprehension") assert.equal(new Set(options).size, 4);
        }
        // whoever always gives the same option, or the same place of it, has no more than chance
        if (task !== "comprehension" && task !== "nli") continue;
        for (const at of Array.from(items[0]!.options!, (_, place) => place)) {
          const share = items.filter(({ options, wanted }) => options![at] === wanted[0]).length / items.length;
          assert.ok(Math.abs(share - items[0]!.chance) < 0.05, `${task} ${code} ${at}: ${share}`);
        }
      }
  });

  it("the verdict of an inference follows from no word of its premise, and every name and every other sentence is used", () => {
    const words = WORDS["en"]!;
    const items = ownItems("nli", "en", "en");
    const premises = items.map(({ prompt }) => prompt.split("\n")[0]!);
    for (const word of [...words.did, ...words.things, ...words.places, ...words.times])
      for (const verdict of VERDICTS) {
        const own = items.filter((_, i) => premises[i]!.includes(word));
        const share = own.filter(({ wanted }) => wanted[0] === verdict).length / own.length;
        assert.ok(Math.abs(share - 1 / 3) < 0.1, `${word}: ${verdict} ${share}`);
      }
    for (const name of PEOPLE)
      for (const verdict of VERDICTS) assert.ok(items.some(({ prompt, wanted }) => prompt.startsWith(name) && wanted[0] === verdict));
    for (const besides of words.besides) assert.ok(items.some(({ prompt }) => prompt.endsWith(besides.replace("{n}", ""))));
  });

  it("an item says the same in each language", () => {
    const first = (code: string) => ownItems("qa", "en", code).map(({ wanted }) => WORDS[code]!.things.indexOf(wanted[0]!));
    for (const code of CODES) assert.deepEqual(first(code), first("en"));
    assert.equal(
      ownItems("translation", "en", "de")[0]!.prompt,
      `Translate into German: ${ownItems("translation", "de", "en")[0]!.wanted[0]}`,
    );
    assert.deepEqual(ownItems("qa", "en", "ja"), []);
  });

  it("reads sentences, SQuAD's JSON, Belebele and XNLI, and names what is wrong", () => {
    const [sentence] = itemsIn("translation", { en: "A dog.\nA cat.\n", es: "Un perro.\nUn gato.\n" }, "en", "es");
    assert.deepEqual([sentence!.prompt, sentence!.wanted], ["Translate into Spanish: A dog.", ["Un perro."]]);
    const squad = { data: [{ paragraphs: [{ context: "Ein Hund.", qas: [{ question: "Wer?", answers: [{ text: "Ein Hund" }] }] }] }] };
    const [question] = itemsIn("qa", { de: JSON.stringify(squad) }, "en", "de");
    assert.match(question!.prompt, /^Ein Hund\.\n\n.*Wer\?$/);
    assert.deepEqual(scoreOf("qa", question!, "ein Hund."), { value: 1, exact: 1 });
    const answers = { mc_answer1: "a", mc_answer2: "b", mc_answer3: "c", mc_answer4: "d" };
    const row = { flores_passage: "Text", question: "What?", ...answers, correct_answer_num: "3" };
    const [choice] = itemsIn("comprehension", { en: JSON.stringify(row) }, "en", "en");
    assert.deepEqual([choice!.wanted, choice!.chance], [["c"], 0.25]);
    const pairs = [
      { premise: "p", hypothesis: "h", label: 2 },
      { sentence1: "p", sentence2: "h", gold_label: "neutral" },
    ];
    const verdicts = itemsIn("nli", { en: pairs.map((pair) => JSON.stringify(pair)).join("\n") }, "en", "en");
    assert.deepEqual(
      verdicts.map(({ wanted }) => wanted[0]),
      [VERDICTS[2], VERDICTS[1]],
    );
    assert.throws(() => itemsIn("nli", { en: `${JSON.stringify(pairs[0])}\n{"premise":1}` }, "en", "en"), /files\.en: line 2: /);
    assert.throws(() => itemsIn("qa", { en: "Text" }, "en", "en"), /files\.en: the file is not JSON/);
    assert.throws(() => itemsIn("translation", { en: "A.\nB.", es: "A." }, "en", "es"), /1 lines, the one in 'en' has 2/);
  });
});
