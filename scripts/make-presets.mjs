/**
 * Makes the shipped contrast pairs and the shipped directions, on the embedded model itself:
 *   node scripts/make-presets.mjs            pairs, directions, artifacts under presets/
 *   node scripts/make-presets.mjs --pairs    pairs only
 * The texts are written for this project (CC0). Run it again after the embedded model changed: artifacts are bound to it.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const THINGS = {
  en: [
    "the dog",
    "the cat",
    "the garden",
    "the sea",
    "the rain",
    "the sun",
    "winter",
    "the city",
    "the train",
    "bread",
    "coffee",
    "music",
    "the book",
    "school",
    "the house",
    "the moon",
    "the forest",
    "the market",
    "the night",
    "the snow",
    "the mountain",
    "summer",
    "work",
    "the river",
    "soup",
  ],
  de: [
    "den Hund",
    "die Katze",
    "den Garten",
    "das Meer",
    "den Regen",
    "die Sonne",
    "den Winter",
    "die Stadt",
    "den Zug",
    "das Brot",
    "den Kaffee",
    "die Musik",
    "das Buch",
    "die Schule",
    "das Haus",
  ],
  fr: [
    "le chien",
    "le chat",
    "le jardin",
    "la mer",
    "la pluie",
    "le soleil",
    "la ville",
    "le train",
    "le pain",
    "le café",
    "la musique",
    "le livre",
    "l'école",
    "la maison",
    "la lune",
  ],
  es: [
    "el perro",
    "el gato",
    "el jardín",
    "el mar",
    "la lluvia",
    "el sol",
    "la ciudad",
    "el tren",
    "el pan",
    "el café",
    "la música",
    "el libro",
    "la escuela",
    "la casa",
    "la luna",
  ],
};
const ASK = {
  en: ["Tell me about {}.", "What do you know about {}?", "Say something about {}.", "Describe {}.", "How do you feel about {}?"],
  de: ["Sag etwas über {}.", "Was denkst du über {}?", "Beschreibe {}."],
  fr: ["Dis quelque chose sur {}.", "Décris {}.", "Écris quelques mots sur {}."],
  es: ["Di algo sobre {}.", "Describe {}.", "Escribe unas palabras sobre {}."],
};

/** positive and negative system turns per language of the question, paired by position */
const CONTRASTS = {
  joy: {
    en: [
      ["Answer joyfully.", "Answer sadly."],
      ["You are very happy.", "You are very sad."],
      ["Sound happy.", "Sound sad."],
    ],
    de: [
      ["Antworte fröhlich.", "Antworte traurig."],
      ["Sprich mit Freude.", "Sprich mit Trauer."],
    ],
    fr: [
      ["Réponds avec joie.", "Réponds avec tristesse."],
      ["Tu es très heureux.", "Tu es très triste."],
    ],
    es: [
      ["Responde con alegría.", "Responde con tristeza."],
      ["Eres muy feliz.", "Estás muy triste."],
    ],
  },
  spanish: {
    en: [
      ["Answer in Spanish.", "Answer in English."],
      ["Speak Spanish.", "Speak English."],
      ["Reply in Spanish, please.", "Reply in English, please."],
    ],
    de: [
      ["Antworte auf Spanisch.", "Antworte auf Englisch."],
      ["Sprich Spanisch.", "Sprich Englisch."],
    ],
    fr: [
      ["Réponds en espagnol.", "Réponds en anglais."],
      ["Parle espagnol.", "Parle anglais."],
    ],
  },
  long: {
    en: [
      ["Answer at length.", "Answer briefly."],
      ["Give a long answer.", "Answer in one short sentence."],
      ["Use many words.", "Use few words."],
    ],
    de: [
      ["Antworte ausführlich.", "Antworte kurz."],
      ["Benutze viele Worte.", "Benutze wenige Worte."],
    ],
    fr: [
      ["Réponds longuement.", "Réponds brièvement."],
      ["Donne une longue réponse.", "Réponds en une phrase courte."],
    ],
    es: [
      ["Responde con detalle.", "Responde brevemente."],
      ["Da una respuesta larga.", "Responde con una frase corta."],
    ],
  },
};
/** how many layers a control uses. Joy: 3, 5, 6 and 7 measured on questions.jsonl, whose things its receipt does not name. */
const LAYERS = { joy: 7, spanish: 2, long: 2 };
/**
 * Joy and Spanish are made from words: the model's own answers, read over all of their tokens, of which the judge keeps the pairs
 * that it tells apart. Directions of the system turns alone (contrast/*.jsonl) separate as well, but that of joy has no effect, and
 * that of Spanish does more damage for the same effect. For length it is the other way round.
 */
const FROM = {
  joy: ["--from", "Answer joyfully.", "--judge", "emotion/joy"],
  spanish: ["--from", "Answer in Spanish.", "--judge", "language/es"],
};
const TITLES = { joy: "Joy", spanish: "Spanish", long: "Length" };

/** Questions in turn, so that pairs cover things, wordings, instructions and languages evenly. */
function pairsOf(contrast) {
  const pairs = [];
  for (const [language, instructions] of Object.entries(contrast)) {
    let turn = 0;
    for (const thing of THINGS[language]) {
      for (const ask of ASK[language]) {
        const [positive, negative] = instructions[turn++ % instructions.length];
        const user = { role: "user", content: ask.replace("{}", thing) };
        pairs.push({ positive: [{ role: "system", content: positive }, user], negative: [{ role: "system", content: negative }, user] });
      }
    }
  }
  return pairs;
}

const folder = join(root, "presets", "contrast");
mkdirSync(folder, { recursive: true });
for (const [name, contrast] of Object.entries(CONTRASTS)) {
  writeFileSync(
    join(folder, `${name}.jsonl`),
    `${pairsOf(contrast)
      .map((pair) => JSON.stringify(pair))
      .join("\n")}\n`,
  );
}
if (process.argv.includes("--pairs")) process.exit(0);

const home = mkdtempSync(join(tmpdir(), "tiller-presets-"));
const tiller = (...args) => {
  const done = spawnSync(process.execPath, [join(root, "bin", "tiller.mjs"), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TILLER_HOME: home },
  });
  if (done.status !== 0) throw new Error(`tiller ${args.join(" ")} ended with ${done.status}`);
};
try {
  const target = join(root, "presets", "artifacts", "direction");
  rmSync(target, { recursive: true, force: true });
  for (const name of Object.keys(CONTRASTS)) {
    tiller(
      "vector",
      "make",
      `direction/${name}`,
      ...(FROM[name] ?? ["--pairs", join(folder, `${name}.jsonl`), "--licence", "CC0-1.0"]),
      "--title",
      TITLES[name],
      "--layers",
      String(LAYERS[name]),
    );
  }
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(join(home, "artifacts", "direction")))
    cpSync(join(home, "artifacts", "direction", name), join(target, name), { recursive: true });
} finally {
  spawnSync(process.execPath, [join(root, "bin", "tiller.mjs"), "stop"], { env: { ...process.env, TILLER_HOME: home }, stdio: "ignore" });
  rmSync(home, { recursive: true, force: true });
}
