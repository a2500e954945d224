/** The cards' figures, again from the held-out texts: what docs/judges.md says is what the daemon's code does. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Card, readCard } from "../../daemon/evaluate/judges/card.ts";
import { emotionJudge } from "../../daemon/evaluate/judges/emotion.ts";
import { languageJudge } from "../../daemon/evaluate/judges/language.ts";
import { wordsOf } from "../../daemon/evaluate/judges/segments.ts";
import { toxicityJudge } from "../../daemon/evaluate/judges/toxicity.ts";
import type { JudgedText, Score } from "../../daemon/protocol/judge.ts";
import { auroc, corpusLines, isOdd, isTest, macroF1 } from "../support/corpora.ts";
import { REPOSITORY, skip } from "../support/shared.ts";

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
function shown(scores: readonly Score[], texts: readonly JudgedText[], of: Card): Set<string>[] {
  return scores.map((score, index) => {
    // a text without a word shows nothing
    if (!score.judged) return new Set<string>();
    const { thresholds } = of.models[texts[index]!.language!]!;
    return new Set(Object.keys(score.values).filter((name, place) => score.values[name]! >= thresholds[place]!));
  });
}

describe("the judges' figures on held-out text", function () {
  // whole corpora: half a minute each, many times that on a busy machine
  this.timeout(0);

  it("emotion, English: GoEmotions' test split", async function () {
    const lines = corpusLines("goemotions", "goemotions.jsonl.xz");
    if (lines === null) skip(this, "needs the shared test data");
    const of = card("emotion");
    const groups = of["groups"] as Record<string, string[]>;
    const group = new Map(Object.entries(groups).flatMap(([name, members]) => members.map((member) => [member, name])));
    const rows = lines.map((line) => JSON.parse(line)).filter(({ split }) => split === "test");
    const truth = rows.map(({ emotions }) => new Set<string>(emotions.map((name: string) => group.get(name) ?? name)));
    const texts = rows.map(({ text }) => ({ text, language: "en" }));
    const measured = row(of, ({ set }) => set === "GoEmotions test");
    assert.equal(rows.length, measured.n);
    const scores = await emotionJudge(PRESETS).score(texts);
    assert.ok(Math.abs(macroF1(of.labels, shown(scores, texts, of), truth) - measured.value) < TOLERANCE);
    // the one label of a text, which receipts count
    for (const [label, found] of Object.entries(measured.decision!)) {
      const meant = (index: number) =>
        label === "none" ? !of.labels.slice(0, 6).some((name) => truth[index]!.has(name)) : truth[index]!.has(label);
      const given = scores.flatMap((score, index) => (score.judged && score.label === label ? [meant(index)] : []));
      const hits = given.filter(Boolean).length;
      assert.ok(Math.abs(given.length - found.given) <= 0.01 * rows.length, `${label}: given ${given.length} times`);
      assert.ok(Math.abs(hits / given.length - found.precision!) < 0.02, `${label}: precision ${hits / given.length}`);
      assert.ok(Math.abs(hits / found.shown - found.recall!) < 0.02, `${label}: recall ${hits / found.shown}`);
    }
  });

  it("emotion: everyday text is given each label as often whether it has one sentence or eight", async function () {
    const judge = emotionJudge(PRESETS);
    const of = card("emotion");
    for (const language of Object.keys(of.models)) {
      const lines = corpusLines("tatoeba", `${language}.txt.xz`)?.slice(0, 2000);
      if (lines === undefined) skip(this, "needs the shared test data");
      const rates = async (size: number, step: number): Promise<Map<string, number>> => {
        const texts = lines.flatMap((_, at) =>
          at % step === 0 && at + size <= lines.length ? [lines.slice(at, at + size).join(" ")] : [],
        );
        const scores = await judge.score(texts.map((text) => ({ text, language })));
        const share = (label: string) => scores.filter((score) => score.judged && score.label === label).length / scores.length;
        return new Map(judge.labels.map((label) => [label, share(label)]));
      };
      const alone = await rates(1, 1);
      for (const [size, step] of [
        [2, 2],
        [4, 4],
        [8, 4],
      ] as const)
        for (const [label, share] of await rates(size, step))
          assert.ok(
            Math.abs(share - alone.get(label)!) <= 0.05,
            `${language}, ${size} sentences: ${label} ${alone.get(label)} to ${share}`,
          );
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
    const all = pairs.map((line) => JSON.parse(line) as { toxic: string; neutral: string[] });
    const odd = all.filter(({ toxic }) => isOdd(toxic));
    const reserved = new Set(all.filter(({ toxic }) => !isOdd(toxic)).flatMap(({ toxic, neutral }) => [toxic, ...neutral].map(plain)));
    assert.ok(odd.every(({ toxic }) => !reserved.has(plain(toxic))));
    const detoxed = odd
      .filter(({ toxic }) => isTest(toxic))
      .flatMap(({ toxic, neutral }) => [
        { text: toxic, positive: true },
        ...neutral.filter((text) => plain(text) !== plain(toxic)).map((text) => ({ text, positive: false })),
      ])
      .filter(({ text }) => !reserved.has(plain(text)));
    const english = hate.map((line) => JSON.parse(line)).filter(({ lang }) => lang === "en");
    const hateful = english.map(({ text, label }) => ({ text, positive: label === "hateful" }));
    for (const [name, cases] of [
      ["ParaDetox", detoxed],
      ["HateCheck", hateful],
    ] as const) {
      const measured = row(of, ({ set, metric }) => set.startsWith(name) && metric === "AUROC");
      assert.ok(Math.abs(measured.n - cases.length) <= 5, `${name}: ${cases.length} texts instead of ${measured.n}`);
      const value = await score(cases);
      assert.ok(Math.abs(value - measured.value) < TOLERANCE, `${name}: ${value} instead of ${measured.value}`);
    }
  });

  it("toxicity: civil sentences of Tatoeba and Common Voice, as they stand and with another end", async function () {
    const of = card("toxicity");
    const judge = toxicityJudge(PRESETS);
    for (const [name, folder] of [
      ["Tatoeba", "tatoeba"],
      ["Common Voice", "commonvoice"],
    ] as const) {
      const lines = corpusLines(folder, "en.txt.xz")?.slice(0, 1000);
      if (lines === undefined) skip(this, "needs the shared test data");
      const bare = lines.map((line) => line.replace(/[\s.!?…]+$/u, ""));
      for (const [suffix, texts] of [
        ["", lines],
        [", each ending in '.'", bare.map((line) => `${line}.`)],
        [", each ending in '!'", bare.map((line) => `${line}!`)],
      ] as const) {
        const measured = row(of, ({ set }) => set === `${name}, held out${suffix}`);
        const scores = await judge.score(texts.map((text) => ({ text, language: "en" })));
        const share = scores.filter((score) => score.judged && score.label === "toxic").length / scores.length;
        assert.ok(Math.abs(share - measured.value) <= 0.001, `${measured.set}: ${share} instead of ${measured.value}`);
        assert.ok(share <= 0.02, `${measured.set}: ${share} called toxic`);
      }
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
