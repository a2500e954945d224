/**
 * Which language a text is in, by ELD (npm `eld`, Apache-2.0: byte n-grams, no training of ours), its small table, with
 * the choice cut down to the languages of this project. docs/judges.md shows it beside the identifiers that lost.
 */

import { type Judge, notJudged, type Score } from "../../protocol/judge.ts";
import { settingsHash } from "./hash.ts";
import { scoreEach } from "./score-each.ts";
import { wordsOf } from "./segments.ts";

export const LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ar", "hi"] as const;

export function isLanguage(code: string): boolean {
  return (LANGUAGES as readonly string[]).includes(code);
}

/** Shorter texts are refused: at one to three words one answer in twenty would be wrong. */
export const FEWEST_WORDS = 4;

/** The language, or null when the text has no letter in a script of the twelve languages. */
export type Identify = (text: string) => { language: string; scores: Record<string, number> } | null;

let loading: Promise<Identify> | null = null;

/** Its table takes a third of a second to load, so that is done when it is first needed and not when the daemon starts. */
export function languageIdentifier(): Promise<Identify> {
  loading ??= import("eld/small").then(({ eld }) => {
    // an instance of our own: ELD's settings are per instance, and nobody else's may change ours
    const identifier = eld.newInstance();
    identifier.setLanguageSubset([...LANGUAGES]);
    return (text) => {
      const found = identifier.detect(text);
      return found.language === "" ? null : { language: found.language, scores: found.getScores() };
    };
  });
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

export const languageJudge: Judge = {
  id: "language",
  title: "Language",
  version: "1",
  hash: settingsHash("language", { package: "eld", release: "2.1.0", table: "small", languages: LANGUAGES, fewest: FEWEST_WORDS }),
  labels: LANGUAGES,
  values: LANGUAGES,
  judges: (language) =>
    isLanguage(language)
      ? { judged: true }
      : notJudged(`'${language}' is not one of the languages that the judge tells apart (${LANGUAGES.join(", ")}).`),
  score: async (texts, signal): Promise<Score[]> => {
    const identify = await languageIdentifier();
    return scoreEach(texts, signal, ({ text }) => {
      const words = wordsOf(text).length;
      if (words < FEWEST_WORDS) return notJudged(`The text has ${words} words; its language is judged from ${FEWEST_WORDS} words on.`);
      const found = identify(text);
      if (found === null) return notJudged(`No language of ${LANGUAGES.join(", ")} fits the text.`);
      // ELD names only the languages that the text has anything of
      return { judged: true, label: found.language, values: Object.fromEntries(LANGUAGES.map((code) => [code, found.scores[code] ?? 0])) };
    });
  },
};
