/** The scenarios that emotion circuits are found and measured with: their shape, and what must not be in them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { groupsOf, scenarios, VALENCES } from "../../../daemon/methods/emotion-circuits/scenarios.ts";
import { REPOSITORY } from "../../support/shared.ts";

/** Beginnings of words that name a feeling or say that somebody has one. */
const FEELINGS =
  /\b(ang(er|ry|rily)|furi|rage|outrag|mad\b|annoy|irritat|hate|hatred|resent|sad(ly|ness|der)?\b|sorrow|grie[fv]|mourn|unhapp|depress|miserabl|lonel|cry(ing)?\b|cried|tear(s|ful)\b|weep|wept|sob|happ(y|ily|iness)|joy|glad|delight|cheerful|thrill|elat|bliss|fear|afraid|scare|terr(or|if)|dread|panic|anxi|worr(y|ied)|nervous|fright|horr(or|if)|surpris|astonish|amaz|astound|stunn|shock|startl|disgust|revolt|revuls|nause|loath|repuls|proud|pride|asham|shame|guilt|embarrass|jealous|env(y|ious)|upset|excit|emotion|feel(ing|s)?\b|felt\b)/i;

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+(?:'[a-z]+)?/g) ?? [];
const grams = (text: string, size: number): string[] => {
  const all = words(text);
  return Array.from({ length: Math.max(0, all.length - size + 1) }, (_, i) => all.slice(i, i + size).join(" "));
};
const SMALL = new Set(
  "a an the and or of in on at to for with by from it its is are was were be has have had you your he she they his her their as that this one not no into out up off all before after behind".split(
    " ",
  ),
);
const content = (text: string): Set<string> => new Set(words(text).filter((word) => !SMALL.has(word)));

describe("scenarios of emotion circuits", () => {
  const sets = { train: scenarios("train"), held: scenarios("held") };
  const all = [...sets.train, ...sets.held];
  const texts = all.flatMap(({ text, events }) => [text, ...VALENCES.map((valence) => events[valence])]);

  for (const set of ["train", "held"] as const)
    it(`${set}: eight themes of twenty, each with three events`, () => {
      const themes = new Map<string, number>();
      for (const { theme, text, events } of sets[set]) {
        themes.set(theme, (themes.get(theme) ?? 0) + 1);
        for (const part of [text, ...VALENCES.map((valence) => events[valence])]) assert.match(part, /^[A-Z].{10,180}[.]$/, part);
      }
      assert.deepEqual([...themes.values()], new Array(8).fill(20));
      assert.equal(groupsOf(set, 160).length, 480);
    });

  it("a part of a set has the shape of the whole", () => {
    const part = groupsOf("train", 16);
    assert.equal(part.length, 48);
    for (const valence of VALENCES) assert.equal(part.filter((group) => group.valence === valence).length, 16);
    assert.equal(new Set(part.map(({ theme }) => theme)).size, 8);
    assert.match(part[0]!.prompt, /^[^\n]+\n[^\n]+$/);
  });

  it("no word names a feeling", () => {
    for (const text of texts) assert.doesNotMatch(text, FEELINGS);
  });

  it("nothing is there twice, and no skeleton is in both sets", () => {
    assert.equal(new Set(texts.map((text) => text.toLowerCase())).size, texts.length);
    assert.equal(new Set(all.map(({ skeleton }) => skeleton)).size, all.length);
  });

  it("no held-out situation is told by the words of another one", () => {
    for (const [i, { text, skeleton }] of all.entries()) {
      const own = content(text);
      for (const other of all.slice(i + 1)) {
        const theirs = content(other.text);
        const shared = [...own].filter((word) => theirs.has(word)).length;
        assert.ok(shared / Math.min(own.size, theirs.size) < 0.7, `${skeleton} and ${other.skeleton}`);
      }
    }
  });

  it("none shares six words in a row with what the embedded model was trained on", () => {
    const folder = join(REPOSITORY, "training", "tiller_train", "behaviours");
    const files = [
      ...readdirSync(folder).map((name) => join(folder, name)),
      ...readdirSync(join(folder, "data")).map((name) => join(folder, "data", name)),
    ];
    const known = new Set(
      files
        .filter((path) => /\.(py|json)$/.test(path))
        .flatMap((path) =>
          readFileSync(path, "utf8")
            .split("\n")
            .flatMap((line) => grams(line, 6)),
        ),
    );
    assert.ok(known.size > 1000);
    for (const text of texts) for (const gram of grams(text, 6)) assert.ok(!known.has(gram), `“${gram}” in “${text}”`);
  });
});
