/**
 * Does a reply ask the user back (a question that it wants answered), or does it answer? A rule over sentences
 * (`asks-back-rule.ts`), and for English without question marks a small classifier trained on Qulac's clarifying questions
 * (training/judges/asks_back.py).
 */
import { join } from "node:path";
import { type Judge, type NotJudged, notJudged, type Score } from "../../protocol/judge.ts";
import { LAST_SENTENCES, ruleAsksBack } from "./asks-back-rule.ts";
import { readCard, readWeights } from "./card.ts";
import { settingsHash } from "./hash.ts";
import { isLanguage, LANGUAGES } from "./language.ts";
import { classify, readLinearModel } from "./linear.ts";
import { scoreEach } from "./score-each.ts";
import { sentencesOf } from "./segments.ts";

/** @param presets the folder that holds `judges/asks-back`; @throws TillerError when a file is missing or changed */
export function asksBackJudge(presets: string): Judge {
  const folder = join(presets, "judges", "asks-back");
  const card = readCard(folder);
  const { file, labels, thresholds } = card.models["en"]!;
  const model = readLinearModel(readWeights(folder, card, file), labels);
  const refused = (language: string | undefined): NotJudged | null =>
    language === undefined || isLanguage(language)
      ? null
      : notJudged(`Whether a reply asks back is not judged in '${language}', only in ${LANGUAGES.join(", ")}.`);
  return {
    id: card.id,
    title: card.title,
    version: card.version,
    hash: settingsHash(card.id, { hashes: card.hashes, thresholds, last: LAST_SENTENCES, rule: 2 }),
    labels: card.labels,
    values: labels,
    judges: (language) => refused(language) ?? { judged: true },
    score: (texts, signal): Promise<Score[]> =>
      scoreEach(texts, signal, ({ text, language }) => {
        const why = refused(language);
        if (why !== null) return why;
        const last = sentencesOf(text, language).at(-1);
        if (last === undefined) return notJudged("The text has no word.");
        const ruling = ruleAsksBack(text, language);
        const english = language === undefined || language === "en";
        // an end mark that is no question mark is the writer's own word for it
        if (ruling !== "unmarked" || !english || /[.!。！।]["'”’)]*$/u.test(last))
          return { judged: true, label: ruling === "asks" ? "asks" : "answers", values: { asks: ruling === "asks" ? 1 : 0 } };
        const chance = classify(model, last)?.[0] ?? 0;
        return { judged: true, label: chance >= thresholds[0]! ? "asks" : "answers", values: { asks: chance } };
      }),
  };
}
