/**
 * A reply asks back when one of its last two sentences is a question, unless that question is a closing offer ("Can I help
 * you with anything else?") after something else was said. A question further up is one that the reply answers itself, or a
 * quoted one. A plain "please tell me which …" in English counts as a question. Options listed under a question, and short
 * offers behind it ("Let me know."), belong to it.
 */
import { sentencesOf } from "./segments.ts";

/** In Japanese words that end in か and ask nothing: 確か, 静か, 明らか, いつか … */
const NO_PARTICLE = /(?:[確静豊僅遥愚厳微密仄]|明ら|滑ら|柔ら|朗ら|清ら|安ら|和や|健や|鮮や|穏や|いつ|何|誰|どこ)か[。.]?$/u;
/** A question mark in any of the twelve languages' scripts, with what may stand behind it; or か, 吗 with a full stop. */
const QUESTION = /(?:[?？؟]|(?:か|かな|吗|嗎)[。.]?)["'”’»)\]」！!\p{Extended_Pictographic}\s]*$/u;
const ANY_MARK = /[?？؟]/u;
const REQUEST = /^(?:please|kindly)\s+(?:tell|let|give|specify|clarify|explain|choose|describe|say)\b/i;
const OFFER =
  /\b(?:anything else|something else|any (?:other|more|further) (?:questions?|help)|(?:can|may|could) i (?:help|assist)|sonst noch|noch (?:etwas|fragen)|autre chose|algo más|otra cosa|altro|ещё что-нибудь|что-нибудь ещё)\b/iu;
/** "Let me know.", "I can help with either.", and what other languages say for it. */
const CLOSING =
  /^(?:(?:please |just )*let me know|i(?:'m| am|'ll| will|'d| would)? (?:can |be |gladly )*(?:happy to |glad to )?(?:help|assist)|thanks|thank you|(?:sag|sagen sie|gib|geben sie) (?:mir|es mir)|(?:dis|dites)-moi|dime|dígame|avísame|dimmi|fammi sapere|me diga|diga-me|laat (?:het )?me|дай(?:те)? (?:мне )?знать|скажи(?:те)?(?: мне)?(?=[\s,.]))(?!\p{L})/iu;
const CLOSING_WORDS = 8;
const OPTION = /^\s*(?:[-*–—]\s|•|\d{1,2}、|\(?(?:\d{1,2}|\p{L})[.)）]\s)\s*\S/u;
export const LAST_SENTENCES = 2;

export type Ruling = "asks" | "answers" | "unmarked";

/** @returns `unmarked` when the reply holds neither a question mark nor a request, so that only its words can tell */
export function ruleAsksBack(text: string, language?: string): Ruling {
  const sentences = withoutOptions(text, language);
  const tail = sentences.slice(-LAST_SENTENCES);
  const asked = tail.filter((sentence) => isQuestion(sentence) || REQUEST.test(sentence));
  if (asked.some((sentence) => !(OFFER.test(sentence) && sentences.length > 1))) return rhetorical(sentences) ? "answers" : "asks";
  return ANY_MARK.test(text) ? "answers" : "unmarked";
}

function isQuestion(sentence: string): boolean {
  return QUESTION.test(sentence) && !NO_PARTICLE.test(sentence);
}

/** The sentences up to a question that only options and closing words follow; all of them where there is no such question. */
function withoutOptions(text: string, language: string | undefined): string[] {
  const all = sentencesOf(text, language);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  while (lines.length > 1) {
    const line = lines.at(-1)!;
    if (!OPTION.test(line) && !sentencesOf(line, language).every(isClosing)) break;
    lines.pop();
  }
  const sentences = sentencesOf(lines.join("\n"), language);
  while (sentences.length > 1 && isClosing(sentences.at(-1)!)) sentences.pop();
  const last = sentences.at(-1);
  return last !== undefined && isQuestion(last) ? sentences : all;
}

function isClosing(sentence: string): boolean {
  return CLOSING.test(sentence) && sentence.split(/\s+/).length <= CLOSING_WORDS;
}

/** "Why? Because …": a question of one word with its answer behind it. */
function rhetorical(sentences: readonly string[]): boolean {
  const [last, before] = [sentences.at(-1)!, sentences.at(-2)];
  return before !== undefined && QUESTION.test(before) && !QUESTION.test(last) && before.split(/\s+/).length <= 2 && sentences.length === 2;
}
