/**
 * Measures the language judge on held-out sentences and writes its card: Tatoeba's and Common Voice's first 2,000 lines and
 * FLORES-200 devtest, over twelve languages. A word is a word-like segment of Intl.Segmenter in the sentence's language; in
 * Chinese and Japanese that is ICU's dictionary segmentation.
 *
 *   node training/judges/language.mjs [--peers FOLDER]
 *
 * FOLDER holds a node_modules with the identifiers that are compared (npm i --prefix FOLDER --ignore-scripts tinyld@1.3.4
 * franc@6.2.0 cld3-asm@4.0.0 lande@1.0.10); without it the card's comparison stays as it is.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { languageIdentifier, LANGUAGES, languageJudge } from "../../out/daemon/evaluate/judges/language.js";
import { wordsOf } from "../../out/daemon/evaluate/judges/segments.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const data = join(process.env.TILLER_SHARED ?? join(root, "..", "shared"), "data");
const path = join(root, "presets", "judges", "language", "card.json");
const HELD_OUT = 2000;
const BANDS = { "8 words or more": (n) => n >= 8, "4 to 7 words": (n) => n >= 4 && n < 8, "1 to 3 words": (n) => n >= 1 && n < 4 };

const unpack = (...parts) => execFileSync("xzcat", [join(data, ...parts)], { maxBuffer: 2 ** 30, encoding: "utf8" }).trim().split("\n");
const sentences = [];
for (const language of LANGUAGES)
  for (const set of ["tatoeba", "commonvoice"])
    for (const text of unpack(set, `${language}.txt.xz`).slice(0, HELD_OUT)) sentences.push({ language, text: text.trim() });
for (const line of unpack("flores200", "devtest.jsonl.xz")) {
  const row = JSON.parse(line);
  for (const language of LANGUAGES) sentences.push({ language, text: row[language].trim() });
}
for (const sentence of sentences) sentence.words = wordsOf(sentence.text, sentence.language).length;

/** Right answers per band and language. */
async function measure(identify) {
  const tally = {};
  for (const { language, text, words } of sentences) {
    const right = (await identify(text)) === language;
    for (const [band, fits] of Object.entries(BANDS)) {
      if (!fits(words)) continue;
      for (const key of [`${band}|all`, `${band}|${language}`]) {
        tally[key] ??= { right: 0, n: 0 };
        tally[key].n++;
        if (right) tally[key].right++;
      }
    }
  }
  return tally;
}

const round = (value) => Number(value.toFixed(4));
const share = ({ right, n }) => round(right / n);

async function peers(folder) {
  const require = createRequire(pathToFileURL(join(resolve(folder), "x.js")));
  const load = async (name) => await import(pathToFileURL(require.resolve(name)).href);
  const three = { en: "eng", de: "deu", fr: "fra", es: "spa", it: "ita", pt: "por", nl: "nld", ru: "rus", zh: "cmn", ja: "jpn", ar: "arb", hi: "hin" };
  const two = Object.fromEntries(Object.entries(three).map(([short, long]) => [long, short]));
  const { detect } = await load("tinyld");
  const { franc } = await import(pathToFileURL(join(resolve(folder), "node_modules", "franc", "index.js")).href);
  const { loadModule } = await load("cld3-asm");
  const cld3 = (await loadModule()).create(0, 1000);
  return [
    ["tinyld 1.3.4 (MIT), twelve languages", (text) => detect(text, { only: [...LANGUAGES] })],
    ["franc 6.2.0 (MIT), twelve languages", (text) => two[franc(text, { only: Object.values(three), minLength: 1 })]],
    ["cld3-asm 4.0.0 (MIT), all its languages", (text) => cld3.findLanguage(text).language.split("-")[0]],
  ];
}

const identify = await languageIdentifier();
const own = await measure((text) => identify(text)?.language);
const index = process.argv.indexOf("--peers");
const before = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).peers : [];
const compared = index < 0 ? before : [];
for (const [name, identify] of index < 0 ? [] : await peers(process.argv[index + 1])) {
  const tally = await measure(identify);
  compared.push({ name, ...Object.fromEntries(Object.keys(BANDS).map((band) => [band, share(tally[`${band}|all`])])) });
  console.log(compared.at(-1));
}
compared.sort((a, b) => (a.name < b.name ? -1 : 1));

const set = "Tatoeba, Common Voice (held out), FLORES-200";
const measured = [];
for (const band of Object.keys(BANDS)) {
  for (const language of ["all", ...LANGUAGES]) {
    if (language !== "all" && band !== "8 words or more") continue;
    const found = own[`${band}|${language}`];
    const baselines = language === "all" ? compared.map((peer) => ({ name: peer.name, value: peer[band], difference: round(share(found) - peer[band]) })) : [];
    measured.push({ set: `${set}: ${band}`, language, metric: "accuracy", value: share(found), n: found.n, baselines });
  }
}
console.log(measured.slice(0, 1));
const card = {
  id: languageJudge.id,
  title: languageJudge.title,
  version: languageJudge.version,
  labels: [...LANGUAGES],
  measures: "The language of a text, one of twelve, with ELD's score per language (0 to 1, not probabilities).",
  models: {},
  refused: {},
  hashes: {},
  measured,
  peers: compared,
  data: [
    { name: "eld 2.1.0, small table", licence: "Apache-2.0", attribution: "Nito T.M., github.com/nitotm", use: "the identifier, as published on npm" },
    { name: "Tatoeba", licence: "CC BY 2.0 FR", attribution: "Tatoeba contributors, tatoeba.org", use: "test only" },
    { name: "Common Voice", licence: "CC0", attribution: "Mozilla Common Voice contributors", use: "test only" },
    { name: "FLORES-200", licence: "CC BY-SA 4.0", attribution: "NLLB Team 2022", use: "test only" },
  ],
  limits: [
    "A text in a language outside the twelve is given the nearest of them, unless none shares its script.",
    "Texts of one to three words are refused; the figure for them says what the identifier alone would do.",
    "ELD reads the first 1,000 characters.",
  ],
  command: "node training/judges/language.mjs",
};
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify(card, null, 2)}\n`);
