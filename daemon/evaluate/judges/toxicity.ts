/**
 * How toxic an English text is in ParaDetox's sense: rude, vulgar or insulting wording. Not hate, which can be polite; the
 * card shows both figures. Trainer: training/judges/toxicity.py.
 */
import { join } from "node:path";
import { readCard, readWeights } from "./card.ts";
import { settingsHash } from "./hash.ts";
import { classify, readLinearModel } from "./linear.ts";
import { type Judge, notJudged, type Score } from "./types.ts";

/** @param presets the folder that holds `judges/toxicity`; @throws TillerError when a file is missing or changed */
export function toxicityJudge(presets: string): Judge {
  const folder = join(presets, "judges", "toxicity");
  const card = readCard(folder);
  const { file, labels, thresholds } = card.models["en"]!;
  const model = readLinearModel(readWeights(folder, card, file), labels);
  const refused = (language: string | undefined) =>
    language === undefined || language === "en" ? null : notJudged(`Toxicity is judged in English alone, not in '${language}'.`);
  return {
    id: card.id,
    title: card.title,
    version: card.version,
    hash: settingsHash(card.id, { hashes: card.hashes, thresholds }),
    labels: card.labels,
    values: labels,
    judges: (language) => refused(language) ?? { judged: true },
    score: async (texts): Promise<Score[]> =>
      texts.map(({ text, language }) => {
        const why = refused(language);
        if (why !== null) return why;
        const chances = classify(model, text);
        if (chances === null) return notJudged("The text has no word.");
        return { judged: true, label: chances[0]! >= thresholds[0]! ? "toxic" : "civil", values: { toxic: chances[0]! } };
      }),
  };
}
