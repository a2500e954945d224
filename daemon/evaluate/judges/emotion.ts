/**
 * Which of Ekman's six emotions a text shows, or none of them. A multilingual sentence encoder that was tuned on GoEmotions
 * (Demszky et al. 2020; `encoder/`) is joined with words and character n-grams: in languages other than English one logistic
 * regression per emotion reads both; in English, where there are labelled texts enough, the encoder's own heads and the
 * regressions over n-grams each decide, and their logits are averaged. There each emotion's own regression is joined with a
 * noisy-or over the finer emotions that make it up. Trainers: training/judges/encoder.py, then emotion.py.
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

export interface Mixture {
  /** weight of an emotion's own regression, in logits */
  readonly direct: number;
  /** emotion → the finer ones that make it up */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

const FINE = "fine:";
const MOST = Math.log((1 - 1e-4) / 1e-4);
/** what the encoder's heads were tuned on */
const HEADS_LANGUAGE = "en";
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
  if (!Number.isFinite(share) || !Number.isFinite(mixture.direct))
    throw new TillerError("bad-artifact", `${folder}: the card lacks 'encoderShare' or 'direct'`, {
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
    hash: settingsHash(card.id, { hashes: card.hashes, thresholds: card.models, share, ...mixture, broken: BROKEN_VERSION }),
    labels: [...card.labels, NONE],
    values: card.labels,
    judges: (language) => refuse(language) ?? { judged: true },
    score: async (texts, signal): Promise<Score[]> => {
      const { models, encoder } = await weights();
      return scoreEach(texts, signal, ({ text, language }) => {
        const refused = refuse(language) ?? refuseBlank({ text }) ?? brokenText(text, language);
        if (refused !== null) return refused;
        const encoded = encode(encoder, text);
        const dense = encoded === null || language === HEADS_LANGUAGE ? [] : [...encoded.sentence, ...encoded.logits.map(clamped)];
        const chances = encoded === null ? null : classify(models.get(language!)!, text, dense);
        if (chances === null) return notJudged("The text has no word.");
        const mixed = mixEmotions(card.models[language!]!.labels, chances, mixture);
        return decide(card.models[language!]!, language === HEADS_LANGUAGE ? withHeads(mixed, encoded!, share) : mixed);
      });
    },
  };
}

interface Weights {
  readonly models: ReadonlyMap<string, LinearModel>;
  readonly encoder: Encoder;
}

/** Read when something is judged for the first time, file by file, so that others have their turns. @throws TillerError where a file was changed */
async function readAll(folder: string, card: Card): Promise<Weights> {
  const models = new Map<string, LinearModel>();
  for (const [language, { file, labels }] of Object.entries(card.models)) {
    models.set(language, readLinearModel(readWeights(folder, card, file), labels, language === HEADS_LANGUAGE ? 0 : DENSE));
    await immediate();
  }
  return { models, encoder: readEncoder(readWeights(folder, card, ENCODER)) };
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

/** The heads' first logits are the emotions, in the order of the card. */
function withHeads(chances: ReadonlyMap<string, number>, { logits }: Encoded, share: number): Map<string, number> {
  return new Map(
    [...chances].map(([name, chance], index) => [name, sigmoid((1 - share) * logit(chance) + share * clamped(logits[index]!))]),
  );
}

function decide({ thresholds }: CardModel, chances: ReadonlyMap<string, number>): Score {
  let label = NONE;
  let furthest = 0;
  const values: Record<string, number> = {};
  for (const [index, [name, chance]] of [...chances].entries()) {
    values[name] = chance;
    const margin = logit(chance) - logit(thresholds[index]!);
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
