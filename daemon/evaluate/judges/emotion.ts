/**
 * Which of Ekman's six emotions a text shows, or none of them. A multilingual sentence encoder that was tuned on GoEmotions
 * (Demszky et al. 2020; `encoder/`) is read by heads: in English by its own, joined with regressions over words and character n-grams
 * (their logits are averaged; there each emotion's own regression is joined with a noisy-or over the finer emotions that make it up), in
 * other languages by heads that all of them share (`shared-heads.ts`). A text is judged sentence by sentence (`pooled`).
 * Trainers: training/judges/encoder.py, emotion.py, emotion_shared.py.
 */
import { join } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { TillerError } from "../../protocol/errors.ts";
import { type Judge, type NotJudged, notJudged, type Score } from "../../protocol/judge.ts";
import { BROKEN_VERSION, brokenText } from "./broken.ts";
import { type Card, type CardModel, readCard, readWeights, requireFile } from "./card.ts";
import { type Encoded, type Encoder, encode, readEncoder } from "./encoder/encoder.ts";
import { LABELS, SENTENCE } from "./encoder/layout.ts";
import { settingsHash } from "./hash.ts";
import { classify, type LinearModel, readLinearModel } from "./linear.ts";
import { refuseBlank, scoreEach } from "./score-each.ts";
import { sentencesOf } from "./segments.ts";
import { applySharedHeads, readSharedHeads, type SharedHeads } from "./shared-heads.ts";

export interface Mixture {
  /** weight of an emotion's own regression, in logits */
  readonly direct: number;
  /** emotion → the finer ones that make it up */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

const FINE = "fine:";
const MOST = Math.log((1 - 1e-4) / 1e-4);
/** what the encoder's own heads were tuned on; other languages have the shared ones */
const ENGLISH = "en";
const ENCODER = "encoder.safetensors";
/** the encoder's sentence and its heads' logits */
const DENSE = SENTENCE + LABELS;

/** the decision where no emotion reaches its threshold */
const NONE = "none";

/** @param presets the folder that holds `judges/emotion`; @throws TillerError when a file is missing or changed */
export function emotionJudge(presets: string): Judge {
  const folder = join(presets, "judges", "emotion");
  const card = readCard(folder);
  const mixture: Mixture = { direct: Number(card["direct"]), groups: card["groups"] as Mixture["groups"] };
  /** of the encoder's heads against the n-grams, in English */
  const share = Number(card["encoderShare"] ?? Number.NaN);
  const everyday = Object.values(card.models).every((model) => model.everyday !== undefined);
  if (!Number.isFinite(share) || !Number.isFinite(mixture.direct) || !everyday)
    throw new TillerError("bad-artifact", `${folder}: the card lacks 'encoderShare', 'direct' or 'everyday'`, {
      suggestion: "Install Tiller again, or train the judge again with the card's command.",
    });
  for (const file of [ENCODER, ...Object.values(card.models).map((model) => model.file)]) requireFile(folder, file);
  let read: Promise<Weights> | null = null;
  const weights = (): Promise<Weights> => {
    read ??= readAll(folder, card);
    return read;
  };

  const refuse = (language: string | undefined): NotJudged | null => {
    if (language === undefined) return notJudged("The text's language is not known, and emotion is judged language by language.");
    if (Object.hasOwn(card.models, language)) return null;
    const why = card.refused[language] ?? "no labelled lines";
    return notJudged(`Emotion is not judged in '${language}': ${why}.`);
  };
  return {
    id: card.id,
    title: card.title,
    version: card.version,
    hash: settingsHash(card.id, {
      hashes: card.hashes,
      thresholds: card.models,
      share,
      ...mixture,
      broken: BROKEN_VERSION,
      pooled: "root",
    }),
    labels: [...card.labels, NONE],
    values: card.labels,
    judges: (language) => refuse(language) ?? { judged: true },
    score: async (texts, signal): Promise<Score[]> => {
      const { english, shared, encoder } = await weights();
      /** Logits of one sentence. */
      const logitsOf = (part: string, language: string): number[] | null => {
        const encoded = encode(encoder, part);
        if (encoded === null) return null;
        if (language !== ENGLISH) return [...applySharedHeads(shared!, [...encoded.sentence, ...encoded.logits.map(clamped)])];
        const chances = classify(english, part);
        if (chances === null) return null;
        return withHeads(mixEmotions(card.models[ENGLISH]!.labels, chances, mixture), encoded, share);
      };
      return scoreEach(texts, signal, ({ text, language }) => {
        const refused = refuse(language) ?? refuseBlank({ text }) ?? brokenText(text, language);
        if (refused !== null) return refused;
        const model = card.models[language!]!;
        const sentences = sentencesOf(text, language);
        const parts = (sentences.length > 1 ? sentences : [text]).map((part) => logitsOf(part, language!)).filter((part) => part !== null);
        return parts.length === 0 ? notJudged("The text has no word.") : decide(model, pooled(parts, model.everyday!));
      });
    },
  };
}

interface Weights {
  readonly english: LinearModel;
  /** null where no other language is judged */
  readonly shared: SharedHeads | null;
  readonly encoder: Encoder;
}

/** Read when something is judged for the first time, file by file, so that others have their turns. @throws TillerError where a file was changed */
async function readAll(folder: string, card: Card): Promise<Weights> {
  const { [ENGLISH]: own, ...others } = card.models;
  if (own === undefined) throw new TillerError("bad-artifact", `${folder}: the card has no model for '${ENGLISH}'`, { field: "models" });
  const english = readLinearModel(readWeights(folder, card, own.file), own.labels);
  await immediate();
  const [other] = Object.values(others);
  const shared = other === undefined ? null : readSharedHeads(readWeights(folder, card, other.file), DENSE, other.labels.length);
  return { english, shared, encoder: readEncoder(readWeights(folder, card, ENCODER)) };
}

/**
 * Logits of a text from those of its sentences: how far they are, together, from everyday sentences, in the spread that a single one has
 * (a sum of n independent deviations spreads √n times as far). So text without feeling is given each emotion as often whether it has one
 * sentence or eight, where a mean goes to the commonest label and a maximum to the loudest (figures: training/judges/README.md).
 * @param everyday each emotion's mean logit over everyday sentences
 */
export function pooled(sentences: readonly (readonly number[])[], everyday: readonly number[]): number[] {
  const root = Math.sqrt(sentences.length);
  return sentences[0]!.map((_, label) => {
    const middle = everyday[label]!;
    return middle + sentences.reduce((sum, logits) => sum + logits[label]! - middle, 0) / root;
  });
}

/** Probabilities of the emotions from those of the file's columns. */
export function mixEmotions(columns: readonly string[], chances: Float64Array, { direct, groups }: Mixture): Map<string, number> {
  const byName = new Map(columns.map((name, index) => [name, chances[index]!]));
  const mixed = new Map<string, number>();
  for (const [name, chance] of byName) {
    if (name.startsWith(FINE)) continue;
    const parts = (groups[name] ?? []).map((part) => byName.get(FINE + part)).filter((part) => part !== undefined);
    const none = parts.reduce((product, part) => product * (1 - part), 1);
    mixed.set(name, parts.length === 0 ? chance : sigmoid(direct * logit(chance) + (1 - direct) * logit(1 - none)));
  }
  return mixed;
}

/** Logits; the heads' first are the emotions, in the order of the card. */
function withHeads(chances: ReadonlyMap<string, number>, { logits }: Encoded, share: number): number[] {
  return [...chances.values()].map((chance, index) => (1 - share) * logit(chance) + share * clamped(logits[index]!));
}

function decide({ labels, thresholds }: CardModel, logits: readonly number[]): Score {
  let label = NONE;
  let furthest = 0;
  const values: Record<string, number> = {};
  for (const [index, own] of logits.entries()) {
    const name = labels[index]!;
    values[name] = sigmoid(clamped(own));
    const margin = clamped(own) - logit(thresholds[index]!);
    if (margin >= furthest) {
      furthest = margin;
      label = name;
    }
  }
  return { judged: true, label, values };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** As the trainers saw them: logits of chances between 0.0001 and 0.9999. */
function clamped(value: number): number {
  return Math.min(Math.max(value, -MOST), MOST);
}

function logit(chance: number): number {
  const kept = Math.min(Math.max(chance, 1e-4), 1 - 1e-4);
  return Math.log(kept / (1 - kept));
}
