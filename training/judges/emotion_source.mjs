/**
 * Measures the emotion judge, as the daemon runs it, on a source that it was not trained on (BRIGHTER's train split, Muhammad et al. 2025),
 * and puts the figures on its card: what it is worth outside its own corpus. Needs a build and the shared data (TILLER_SHARED); run it
 * after emotion.py or emotion_figures.py: node training/judges/emotion_source.mjs
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emotionJudge } from "../../out/daemon/evaluate/judges/emotion.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const data = join(process.env.TILLER_SHARED ?? join(root, "..", "shared"), "data");
const path = join(root, "presets", "judges", "emotion", "card.json");
const SET = "BRIGHTER, a source that it was not trained on";
const BINS = 10;

const card = JSON.parse(readFileSync(path, "utf8"));
const judge = emotionJudge(join(root, "presets"));
const unpacked = execFileSync("xzcat", [join(data, "brighter_train", "brighter_train.jsonl.xz")], { maxBuffer: 2 ** 30, encoding: "utf8" });
const lines = unpacked.trim().split("\n").map((line) => JSON.parse(line));
const round = (value) => Number(value.toFixed(4));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const f1 = (hits, given, shown) => (2 * hits) / Math.max(1, given + shown);

/** Of one emotion: F1 at its threshold, F1 of the one label, and the error of its probabilities over bins of equal width. */
function figures(emotion, threshold, own, scores) {
  const bins = Array.from({ length: BINS }, () => ({ chance: 0, shown: 0 }));
  const count = { shown: 0, given: 0, hits: 0, label: 0, labelHits: 0 };
  for (const [index, score] of scores.entries()) {
    if (!score.judged) continue;
    const shown = own[index].emotions.includes(emotion) ? 1 : 0;
    const given = score.values[emotion] >= threshold ? 1 : 0;
    const label = score.label === emotion ? 1 : 0;
    count.shown += shown;
    count.given += given;
    count.hits += given * shown;
    count.label += label;
    count.labelHits += label * shown;
    const bin = bins[Math.min(BINS - 1, Math.floor(score.values[emotion] * BINS))];
    bin.chance += score.values[emotion];
    bin.shown += shown;
  }
  const error = bins.reduce((sum, { chance, shown }) => sum + Math.abs(chance - shown), 0) / scores.length;
  return { f1: f1(count.hits, count.given, count.shown), label: f1(count.labelHits, count.label, count.shown), error };
}

card.measured = card.measured.filter(({ set }) => set !== SET);
for (const [language, { labels, thresholds }] of Object.entries(card.models)) {
  const own = lines.filter(({ lang }) => lang === language);
  if (own.length === 0) continue;
  const scores = await judge.score(own.map(({ text }) => ({ text, language })));
  const asked = labels.flatMap((name, index) => (own[0].asked.includes(name) ? [[name, thresholds[index]]] : []));
  const found = asked.map(([name, threshold]) => [name, figures(name, threshold, own, scores)]);
  const entry = {
    set: SET,
    language,
    metric: "macro-F1",
    value: round(mean(found.map(([, one]) => one.f1))),
    n: own.length,
    perLabel: Object.fromEntries(found.map(([name, one]) => [name, round(one.f1)])),
    oneLabel: round(mean(found.map(([, one]) => one.label))),
    calibrationError: round(mean(found.map(([, one]) => one.error))),
    baselines: [],
  };
  console.log(entry);
  card.measured.push(entry);
}
writeFileSync(path, `${JSON.stringify(card, null, 2)}\n`);
