/**
 * Measures the whole asks-back judge, as the daemon runs it, and adds the figures to its card. Needs a build and the shared
 * data (TILLER_SHARED); asks_back.py calls it. Argument: the folder that holds judges/asks-back.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { asksBackJudge } from "../../out/daemon/evaluate/judges/asks-back.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const data = join(process.env.TILLER_SHARED ?? join(root, "..", "shared"), "data");
const LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ar", "hi"];
// lines that nobody looked at while writing the rule; the first 2,000 were looked at
const PAIRS = [2000, 8000];

const home = process.argv[2];
const judge = asksBackJudge(home);
const lines = (text) => text.trim().split("\n");

async function accuracy(set, language, cases, note) {
  const scores = await judge.score(cases);
  const right = scores.filter((score, index) => score.judged && score.label === cases[index].label).length;
  const value = Number((right / cases.length).toFixed(4));
  for (const [index, score] of scores.entries())
    if (cases.length < 100 && score.label !== cases[index].label) console.log(`  wrong: ${JSON.stringify(cases[index])}`);
  console.log(set, language, value, cases.length);
  return { set, language, metric: "accuracy", value, n: cases.length, ...note, baselines: [] };
}

const written = lines(readFileSync(join(here, "data", "asks_back.jsonl"), "utf8")).map((line) => JSON.parse(line));
const questions = lines(readFileSync(join(data, "methods", "ambiguity_length_matched", "pairs.jsonl"), "utf8")).map((line) => ({
  text: JSON.parse(line).question,
  language: "en",
  label: "asks",
}));
const pairs = lines(execFileSync("xzcat", [join(data, "tatoeba", "pairs.tsv.xz")], { maxBuffer: 2 ** 30, encoding: "utf8" }));

const measured = [
  await accuracy("Project-written replies (asks_back.jsonl)", "en", written.filter(({ language }) => language === "en")),
  await accuracy("Project-written replies (asks_back.jsonl)", "seven others", written.filter(({ language }) => language !== "en")),
  await accuracy("ambiguity_length_matched: 78 questions, all to be found", "en", questions),
];
for (const wanted of LANGUAGES) {
  // the label comes from the English side's end mark, the judge reads the other side
  const cases = [];
  for (const line of pairs.slice(...PAIRS)) {
    const [a, b, left, right] = line.split("\t");
    if (!((a === "en" && b === wanted) || (b === "en" && a === wanted))) continue;
    const [english, text] = a === "en" ? [left, right] : [right, left];
    cases.push({ text, language: wanted, label: /\?["']?$/.test(english) ? "asks" : "answers" });
  }
  if (cases.length >= 20) measured.push(await accuracy("Tatoeba pairs 2,001 to 8,000, label from the English side", wanted, cases));
}
const path = join(home, "judges", "asks-back", "card.json");
const card = JSON.parse(readFileSync(path, "utf8"));
card.measured.push(...measured);
writeFileSync(path, `${JSON.stringify(card, null, 2)}\n`);
