/** The cards' figures, again from the held-out texts: what docs/judges.md says is what the daemon's code does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Card, readCard } from "../../../daemon/evaluate/judges/card.ts";
import { emotionJudge } from "../../../daemon/evaluate/judges/emotion.ts";
import { languageJudge } from "../../../daemon/evaluate/judges/language.ts";
import { wordsOf } from "../../../daemon/evaluate/judges/segments.ts";
import { toxicityJudge } from "../../../daemon/evaluate/judges/toxicity.ts";
import type { Judge, JudgedText } from "../../../daemon/evaluate/judges/types.ts";
import { auroc, corpusLines, isTest, macroF1 } from "../../support/corpora.ts";
import { REPOSITORY, skip } from "../../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");
/** Python's and JavaScript's Unicode tables put a few lines in different splits; weights are the same. */
const TOLERANCE = 0.006;

const card = (id: string): Card => readCard(join(PRESETS, "judges", id));
const row = (of: Card, match: (entry: Card["measured"][number]) => boolean): Card["measured"][number] => {
  const found = of.measured.find(match);
  assert.ok(found !== undefined);
  return found;
};

/** Emotions at or above their thresholds, per text. */
async function shown(judge: Judge, texts: readonly JudgedText[], of: Card): Promise<Set<string>[]> {
  const scores = await judge.score(texts);
  return scores.map((score, index) => {
    // a text without a word shows nothing
    if (!score.judged) return new Set<string>();
    const { thresholds } = of.models[texts[index]!.language!]!;
    return new Set(Object.keys(score.values).filter((name, place) => score.values[name]! >= thresholds[place]!));
  });
}

describe("the judges' figures on held-out text", () => {
  it("emotion, English: GoEmotions' test split", async function () {
    const lines = corpusLines("goemotions", "goemotions.jsonl.xz");
    if (lines === null) skip(this, "needs the shared test data");
    const of = card("emotion");
    const groups = of["groups"] as Record<string, string[]>;
    const group = new Map(Object.entries(groups).flatMap(([name, members]) => members.map((member) => [member, name])));
    const rows = lines.map((line) => JSON.parse(line)).filter(({ split }) => split === "test");
    const truth = rows.map(({ emotions }) => new Set<string>(emotions.map((name: string) => group.get(name) ?? name)));
    const texts = rows.map(({ text }) => ({ text, language: "en" }));
    const measured = row(of, ({ language }) => language === "en");
    assert.equal(rows.length, measured.n);
    assert.ok(Math.abs(macroF1(of.labels, await shown(emotionJudge(PRESETS), texts, of), truth) - measured.value) < TOLERANCE);
  });

  it("emotion, other languages: XED's first fold, which the shipped weights have not seen", async function () {
    const lines = corpusLines("xed", "xed.jsonl.xz");
    if (lines === null) skip(this, "needs the shared test data");
    const of = card("emotion");
    const judge = emotionJudge(PRESETS);
    const folds = JSON.parse(readFileSync(join(REPOSITORY, "training", "judges", "data", "xed_folds.json"), "utf8"));
    const rows = lines.map((line) => JSON.parse(line));
    for (const language of Object.keys(of.models).filter((name) => name !== "en")) {
      const all = rows.filter(({ lang }) => lang === language);
      assert.equal(folds[language].length, all.length);
      const own = all.filter((_, index) => folds[language][index] === "0");
      const six = of.models[language]!.labels;
      const texts = own.map(({ text }) => ({ text, language }));
      const value = macroF1(
        six,
        await shown(judge, texts, of),
        own.map(({ emotions }) => new Set<string>(emotions)),
      );
      const shipped = row(of, (entry) => entry.language === language)["shipped"] as { n: number; value: number };
      assert.equal(own.length, shipped.n);
      assert.ok(Math.abs(value - shipped.value) < TOLERANCE, `${language}: ${value} instead of ${shipped.value}`);
    }
  });

  it("toxicity: ParaDetox's held-out fifth and HateCheck", async function () {
    const pairs = corpusLines("paradetox", "paradetox.jsonl.xz");
    const hate = corpusLines("hatecheck", "hatecheck.jsonl.xz");
    if (pairs === null || hate === null) skip(this, "needs the shared test data");
    const of = card("toxicity");
    const judge = toxicityJudge(PRESETS);
    const score = async (cases: readonly { text: string; positive: boolean }[]) =>
      auroc(
        (await judge.score(cases)).map((one) => (one.judged ? one.values["toxic"]! : 0)),
        cases.map(({ positive }) => positive),
      );
    const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, "");
    const odd = pairs.filter((_, index) => index % 2 === 0).map((line) => JSON.parse(line) as { toxic: string; neutral: string[] });
    const detoxed = odd
      .filter(({ toxic }) => isTest(toxic))
      .flatMap(({ toxic, neutral }) => [
        { text: toxic, positive: true },
        ...neutral.filter((text) => plain(text) !== plain(toxic)).map((text) => ({ text, positive: false })),
      ]);
    const english = hate.map((line) => JSON.parse(line)).filter(({ lang }) => lang === "en");
    const hateful = english.map(({ text, label }) => ({ text, positive: label === "hateful" }));
    for (const [name, cases] of [
      ["ParaDetox", detoxed],
      ["HateCheck", hateful],
    ] as const) {
      const measured = row(of, ({ set, metric }) => set.startsWith(name) && metric === "AUROC");
      const value = await score(cases);
      assert.ok(Math.abs(value - measured.value) < TOLERANCE, `${name}: ${value} instead of ${measured.value}`);
    }
  });

  it("language: 300 held-out sentences of eight words or more in each language", async function () {
    const of = card("language");
    for (const language of of.labels) {
      const lines = corpusLines("commonvoice", `${language}.txt.xz`);
      if (lines === null) skip(this, "needs the shared test data");
      const texts = lines
        .slice(0, 2000)
        .filter((text) => wordsOf(text, language).length >= 8)
        .slice(0, 300)
        .map((text) => ({ text }));
      const scores = await languageJudge.score(texts);
      const right = scores.filter((score) => score.judged && score.label === language).length / scores.length;
      const measured = row(of, (entry) => entry.language === language);
      assert.ok(right >= 0.98 && right >= measured.value - 0.015, `${language}: ${right}, the card says ${measured.value}`);
    }
  });
});
