/**
 * How toxic an English text is in ParaDetox's sense: rude, vulgar or insulting wording. Not hate, which can be polite; the
 * card shows both figures. Trainer: training/judges/toxicity.py, which reads single sentences; a longer text is as toxic as
 * the worst of its pieces. Their mean would hide an insult among civil sentences.
 */
import { join } from "node:path";
import { type Judge, notJudged, type Score } from "../../protocol/judge.ts";
import { readCard, readWeights } from "./card.ts";
import { chunks } from "./features.ts";
import { settingsHash } from "./hash.ts";
import { classifyTokens, type LinearModel, readLinearModel } from "./linear.ts";
import { refuseBlank, scoreEach } from "./score-each.ts";

/** Tokens of a piece: more of them hide an insult, fewer give a long civil text more chances to be called toxic. */
const PIECE = 32;
const END = /^(?:[.,;:…"'”’)\]]|\.{2,}|[?!]+)$/u;

/**
 * Without the punctuation at the end: in ParaDetox " ." ends every second toxic text and every ninth other one, which tells
 * how the texts were typed and not how rude they are. The trainer calls this too.
 */
export function withoutEnd(tokens: readonly string[]): readonly string[] {
  const last = tokens.findLastIndex((token) => !END.test(token));
  return tokens.slice(0, last + 1);
}

/** What is judged of a text; one empty piece where it is punctuation alone. */
function pieces(text: string): (readonly string[])[] {
  const found = chunks(text, PIECE).map(withoutEnd);
  return found.some((piece) => piece.length > 0) ? found.filter((piece) => piece.length > 0) : [[]];
}

function toxicity(model: LinearModel, text: string): number {
  return Math.max(...pieces(text).map((piece) => classifyTokens(model, piece)[0]!));
}

/** @param presets the folder that holds `judges/toxicity`; @throws TillerError when a file is missing or changed */
export function toxicityJudge(presets: string): Judge {
  const folder = join(presets, "judges", "toxicity");
  const card = readCard(folder);
  const { file, labels, thresholds } = card.models["en"]!;
  const model = readLinearModel(readWeights(folder, card, file), labels);
  const refused = (language: string | undefined) =>
    language === undefined || language === "en" ? null : notJudged(`Insults and slurs are judged in English alone, not in '${language}'.`);
  return {
    id: card.id,
    title: card.title,
    version: card.version,
    hash: settingsHash(card.id, { hashes: card.hashes, thresholds, piece: PIECE, over: "max" }),
    labels: card.labels,
    values: labels,
    judges: (language) => refused(language) ?? { judged: true },
    score: (texts, signal): Promise<Score[]> =>
      scoreEach(texts, signal, ({ text, language }) => {
        const why = refused(language) ?? refuseBlank({ text });
        if (why !== null) return why;
        const toxic = toxicity(model, text);
        return { judged: true, label: toxic >= thresholds[0]! ? "toxic" : "civil", values: { toxic } };
      }),
  };
}
