/**
 * Does a reply ask the user back (a question that it wants answered), or does it answer? A rule over sentences, and for
 * English without question marks a small classifier trained on Qulac's clarifying questions (training/judges/asks_back.py).
 *
 * The rule: a reply asks back when one of its last two sentences is a question, unless that question is a closing offer
 * ("Can I help you with anything else?") after something else was said. A question further up is one that the reply answers
 * itself, or a quoted one. A plain "please tell me which …" in English counts as a question.
 */
import { join } from "node:path";
import { readCard, readWeights } from "./card.ts";
import { settingsHash } from "./hash.ts";
import { classify, readLinearModel } from "./linear.ts";
import { sentencesOf } from "./segments.ts";
import { type Judge, notJudged, type Score } from "./types.ts";

/** A question mark in any of the twelve languages' scripts, with what may stand behind it; or か, 吗 with a full stop. */
const QUESTION = /(?:[?？؟]|(?:か|かな|吗|嗎)[。.]?)["'”’»)\]」！!\p{Extended_Pictographic}\s]*$/u;
const ANY_MARK = /[?？؟]/u;
const REQUEST = /^(?:please|kindly)\s+(?:tell|let|give|specify|clarify|explain|choose|describe|say)\b/i;
const OFFER =
  /\b(?:anything else|something else|any (?:other|more|further) (?:questions?|help)|(?:can|may|could) i (?:help|assist)|sonst noch|noch (?:etwas|fragen)|autre chose|algo más|otra cosa|altro|ещё что-нибудь|что-нибудь ещё)\b/iu;
const LAST_SENTENCES = 2;

export type Ruling = "asks" | "answers" | "unmarked";

/** @returns `unmarked` when the reply holds neither a question mark nor a request, so that only its words can tell */
export function ruleAsksBack(text: string, language?: string): Ruling {
  const sentences = sentencesOf(text, language);
  const tail = sentences.slice(-LAST_SENTENCES);
  const asked = tail.filter((sentence) => QUESTION.test(sentence) || REQUEST.test(sentence));
  if (asked.some((sentence) => !(OFFER.test(sentence) && sentences.length > 1))) return rhetorical(sentences) ? "answers" : "asks";
  return ANY_MARK.test(text) ? "answers" : "unmarked";
}

/** "Why? Because …": a question of one word with its answer behind it. */
function rhetorical(sentences: readonly string[]): boolean {
  const [last, before] = [sentences.at(-1)!, sentences.at(-2)];
  return before !== undefined && QUESTION.test(before) && !QUESTION.test(last) && before.split(/\s+/).length <= 2 && sentences.length === 2;
}

/** @param presets the folder that holds `judges/asks-back`; @throws TillerError when a file is missing or changed */
export function asksBackJudge(presets: string): Judge {
  const folder = join(presets, "judges", "asks-back");
  const card = readCard(folder);
  const { file, labels, thresholds } = card.models["en"]!;
  const model = readLinearModel(readWeights(folder, card, file), labels);
  return {
    id: card.id,
    title: card.title,
    version: card.version,
    hash: settingsHash(card.id, { hashes: card.hashes, thresholds, last: LAST_SENTENCES }),
    labels: card.labels,
    values: labels,
    judges: () => ({ judged: true }),
    score: async (texts): Promise<Score[]> =>
      texts.map(({ text, language }) => {
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
