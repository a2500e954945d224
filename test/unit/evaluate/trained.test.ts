/** The trained judges on pinned sentences; without the shared data this is all that can be checked. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emotionJudge, pooled } from "../../../daemon/evaluate/judges/emotion.ts";
import { chunks, features, tokens } from "../../../daemon/evaluate/judges/features.ts";
import { loadJudges, withFluency } from "../../../daemon/evaluate/judges/index.ts";
import { toxicityJudge, withoutEnd } from "../../../daemon/evaluate/judges/toxicity.ts";
import { checkChoice } from "../../../daemon/evaluate/receipts/judging.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { TillerError } from "../../../daemon/protocol/errors.ts";
import { judgeNames, parseJudge } from "../../../daemon/protocol/judge-name.ts";
import { REPOSITORY } from "../../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");

describe("features of the trained judges", () => {
  it("cut text into tokens", () => {
    assert.deepEqual(tokens("I don’t KNOW… [NAME], 42!!! 我很 :)"), ["i", "don't", "know", "...", ",", "00", "!!", "我", "很", ":)"]);
  });

  it("are fixed numbers: a change here needs new weights", () => {
    const { words, chars } = features(["glad", "我", "很"]);
    // three words, four pairs with the ends; <glad> has 4 + 3 + 2 n-grams, 我很 is one more
    assert.deepEqual([words.length, chars.length], [7, 10]);
    assert.equal(words[0], 131570574);
  });

  it("cut a long text at ends of sentences, and lose nothing", () => {
    const text = `${"one two three four five six. ".repeat(30)}end`;
    const pieces = chunks(text);
    assert.deepEqual(pieces.flat(), tokens(text));
    for (const piece of pieces.slice(0, -1)) assert.equal(piece.at(-1), ".");
    assert.ok(pieces.every((piece) => piece.length <= 64));
  });
});

describe("emotion judge", () => {
  const judge = emotionJudge(PRESETS);
  for (const [text, language, label] of [
    ["Thank you so much, this made me really happy!", "en", "joy"],
    ["I am so angry at you, stop lying to me!", "en", "anger"],
    ["I'm so sorry for your loss, how sad.", "en", "sadness"],
    ["I am terrified, that was so scary.", "en", "fear"],
    ["That is disgusting, gross.", "en", "disgust"],
    ["Wow, I did not expect that, what a surprise!", "en", "surprise"],
    ["The meeting is on Tuesday at the town hall.", "en", "neutral"],
    ["The meeting is on Tuesday. It is in the town hall. The doors open at nine. There is a car park behind the house.", "en", "neutral"],
    ["¡Qué alegría! Estoy muy contento de verte.", "es", "joy"],
    ["Мне очень грустно без тебя.", "ru", "sadness"],
  ] as const)
    it(`finds ${label} in ${JSON.stringify(text)}`, async () => {
      const [score] = await judge.score([{ text, language }]);
      assert.ok(score?.judged);
      assert.equal(score.label, label);
    });

  it("pools sentences so that their number alone changes nothing", () => {
    const next = generator(7);
    const gaussian = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const share = (size: number): number => {
      const texts = Array.from(
        { length: 4000 },
        () =>
          pooled(
            Array.from({ length: size }, () => [gaussian() - 2]),
            [-2],
          )[0]!,
      );
      return texts.filter((logit) => logit > -1).length / texts.length;
    };
    const alone = share(1);
    for (const size of [2, 4, 8]) assert.ok(Math.abs(share(size) - alone) < 0.03, `${size} sentences`);
    // what all of them show counts for more than what one shows
    assert.ok(pooled([[0], [0], [0], [0]], [-2])[0]! > pooled([[0]], [-2])[0]!);
    assert.deepEqual(pooled([[0.5, -1]], [-2, 3]), [0.5, -1]);
  });

  it("gives seven probabilities", async () => {
    const scores = await judge.score([{ text: "hello", language: "en" }]);
    assert.deepEqual(
      scores.map((score) => score.judged && Object.keys(score.values).length),
      [7],
    );
    for (const score of scores)
      for (const value of score.judged ? Object.values(score.values) : []) assert.ok(value > 0 && value < 1, String(value));
  });

  it("does not judge what says nothing any more, and judges what a person may write", async () => {
    const broken = [
      "happy happy happy happy happy happy happy",
      "so good so good so good so good so good so good",
      "!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
      `I love the sun. ${"The sun is a great joy for me. ".repeat(6)}`,
      "joy wonderful great smile sunshine laughing bright happiness delight cheerful amazing love sparkle dancing glorious music warm golden morning flowers singing",
    ];
    for (const score of await judge.score(broken.map((text) => ({ text, language: "en" })))) assert.equal(score.judged, false);
    const fine = [
      "No, no, no! I will not go there.",
      "Ha ha ha, that is very, very good!",
      "Wow!!!!! Thank you so much!",
      "You need socks, shirts, trousers, a coat, a hat, gloves, a book, a map, snacks, water, tickets, money, a phone, keys, soap, a towel.",
      "We went to the sea. The water was cold and the wind was strong, but my brother jumped in and laughed, so we all followed him.",
    ];
    for (const [index, score] of (await judge.score(fine.map((text) => ({ text, language: "en" })))).entries())
      assert.equal(score.judged, true, fine[index]);
  });

  it("says why it does not judge a language with few labelled lines, an unknown one, or no text", async () => {
    for (const [language, reason] of [
      ["de", /macro-F1 0\.\d\d on a corpus that it was not trained on, 0\.45 is needed/],
      ["fr", /labels only of projected subtitles/],
      ["ja", /64 labelled lines/],
      ["hi", /no pieces of its script/],
    ] as const) {
      const found = judge.judges(language);
      assert.ok(!found.judged && reason.test(found.reason), language);
    }
    const blank = ["  ", "\u200b\u200b", "\ud800", "\u2060\u200d\ufe0f", "\u0007"].map((text) => ({ text, language: "en" }));
    const scores = await judge.score([{ text: "hello" }, ...blank]);
    assert.ok(scores.every((score) => !score.judged && score.reason.length > 10));
  });
});

describe("toxicity judge", () => {
  const judge = toxicityJudge(PRESETS);
  const labels = async (texts: readonly string[]) =>
    (await judge.score(texts.map((text) => ({ text })))).map((score) => score.judged && score.label);

  it("tells rude from civil wording", async () => {
    assert.deepEqual(await labels(["shut up you stupid idiot", "please be quiet for a moment"]), ["toxic", "civil"]);
  });

  it("gives nothing on the punctuation at the end, nor on punctuation alone", async () => {
    const civil = ["Paris.", "Paris", "Paris .", ".", "!", "...", "It costs 20 euros.", "It costs 20 euros!", "The train leaves at nine ."];
    for (const [index, label] of (await labels(civil)).entries()) assert.equal(label, "civil", civil[index]);
    const values = await judge.score(["Paris", "Paris.", "Paris !", 'Paris."'].map((text) => ({ text })));
    assert.equal(new Set(values.map((score) => score.judged && score.values["toxic"])).size, 1);
    assert.deepEqual(withoutEnd(tokens('Stop it :) ("now".)')), ["stop", "it", ":)", "(", '"', "now"]);
  });

  it("finds an insult behind civil sentences, since the worst piece counts", async () => {
    const civil = "The museum opens at nine and closes at five in the afternoon. ".repeat(6);
    assert.deepEqual(await labels([civil, `${civil}You are a stupid fucking idiot, shut up.`]), ["civil", "toxic"]);
  });

  it("refuses other languages, and texts in which nothing can be seen", async () => {
    const [german, blank] = await judge.score([{ text: "Halt den Mund", language: "de" }, { text: "\u200b" }]);
    assert.ok(german !== undefined && !german.judged && /English alone/.test(german.reason));
    assert.ok(blank !== undefined && !blank.judged && /no word/.test(blank.reason));
  });
});

describe("the judges that come with Tiller", () => {
  it("load, with distinct ids and hashes", () => {
    const judges = withFluency(loadJudges(PRESETS), async () => new Float64Array(), "model");
    assert.deepEqual([...judges.keys()].sort(), ["asks-back", "emotion", "fluency", "language", "length", "repetition", "toxicity"]);
    const hashes = new Set([...judges.values()].map(({ hash }) => hash));
    assert.equal(hashes.size, judges.size);
    for (const hash of hashes) assert.match(hash, /^[0-9a-f]{64}$/);
  });

  it("take at most 28 MB", () => {
    const folder = join(PRESETS, "judges");
    const sizes = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(folder, name)));
    const total = sizes.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    assert.ok(total <= 28e6, `${total} bytes`);
  });

  it("refuse weights other than those that were measured", () => {
    const home = mkdtempSync(join(tmpdir(), "tiller-judges-"));
    try {
      cpSync(join(PRESETS, "judges", "toxicity"), join(home, "judges", "toxicity"), { recursive: true });
      const path = join(home, "judges", "toxicity", "en.safetensors");
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1;
      writeFileSync(path, bytes);
      assert.throws(
        () => toxicityJudge(home),
        (error) => error instanceof TillerError && error.code === "bad-artifact" && /not the file/.test(error.message),
      );
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it("are shown in docs/judges.md as their cards say", () => {
    execFileSync(process.execPath, [join(REPOSITORY, "scripts", "judges-docs.mjs"), "--check"]);
  });
});

describe("names of judges", () => {
  it("are those that the judges give scores by", async () => {
    const text = "I am so glad to see you here today, my friend!";
    for (const judge of loadJudges(PRESETS).values()) {
      const score = (await judge.score([{ text, language: "en" }]))[0]!;
      assert.ok(score.judged, judge.id);
      assert.deepEqual(Object.keys(score.values).toSorted(), [...judge.values].toSorted(), judge.id);
      assert.equal(score.label === null, judge.labels.length === 0, judge.id);
      if (score.label !== null) assert.ok(judge.labels.includes(score.label), judge.id);
      for (const name of judgeNames(judge)) assert.equal(parseJudge(name)?.id, judge.id, name);
    }
  });

  it("are refused where the judge has no such label or figure, with those that it has", () => {
    const judges = loadJudges(PRESETS);
    const check = (name: string) => checkChoice(judges.get(parseJudge(name)!.id)!, parseJudge(name)!, "judge");
    for (const right of ["emotion/joy", "emotion/none", "emotion:joy", "length:words", "language/hi"]) check(right);
    const refused = {
      "emotion/happy": /emotion\/joy/,
      "length/words": /length:words/,
      "emotion:none": /emotion:joy/,
      "language/sv": /language\/hi/,
    };
    for (const [wrong, suggestion] of Object.entries(refused))
      assert.throws(
        () => check(wrong),
        (error) => error instanceof TillerError && error.code === "invalid-params" && suggestion.test(error.detail.suggestion ?? ""),
        wrong,
      );
  });

  it("are read as a label or a figure, or not at all", () => {
    assert.deepEqual(parseJudge(" emotion/joy "), { id: "emotion", label: "joy" });
    assert.deepEqual(parseJudge("length:words"), { id: "length", value: "words" });
    for (const wrong of ["", "joy", "emotion/", "/joy", "emotion joy", "a/b/c"]) assert.equal(parseJudge(wrong), null, wrong);
  });
});
