/**
 * Text that says nothing any more: words or signs over and over, or words without a sentence. A judge of feelings or manners sees in it
 * whatever its words are near to (5 of 19 collapsed answers were called joyful), so it refuses it. Rules, not learned; each is far from
 * what people write (the share of held-out lines that they take for broken is tested).
 */
import { type NotJudged, notJudged } from "../../protocol/judge.ts";
import { longestRepeat } from "./repetition.ts";
import { wordsOf } from "./segments.ts";

/** Part of the hashes of the judges that ask. */
export const BROKEN_VERSION = 1;

/** One sign so often in a row, such as "!!!!!!!!!!!!". */
const SIGNS = /(\S)\1{15,}/u;
/** One word, or two or three in turn, so often in a row. */
const AGAIN = 6;
/** From so many words on, a text whose longest repeated run is this share of it goes in circles. */
const LONG = 24;
const CIRCLE = 0.3;
/** … or of whose pairs of words fewer than this share are new. */
const NEW_PAIRS = 0.4;
/** From so many words on, sentences of a language have at least this share of its small words, unless they are lists. */
const SENTENCES = 20;
const SMALL_SHARE = 0.12;
/** Signs of a list: a comma, a semicolon or an end of line for so many words. */
const LISTED = 4;

const SMALL: Readonly<Record<string, string>> = {
  en: "the a an and of to in is it i you he she we they that this with for on at as are was be have has had not but or my your his her so me do if from by what all there will can would",
  de: "der die das und in zu den ist nicht ich du er sie es wir ihr ein eine mit auf für im dem von sich auch als an so aus wie hat war habe sind wenn aber noch nur oder man mir mich dass",
  fr: "le la les de des du un une et à est en il elle je tu nous vous que qui dans pour pas ne ce se sur au avec plus son sa ses mon ma par mais on ou me te était sont a ai as y si",
  es: "el la los las de del un una y a en es que no se por con para lo su al como más me te yo tú mi pero le ha era son está muy si ya este esta o hay todo ser fue",
  it: "il lo la i gli le di del della un una e è in che non si a da per con mi ti ci ha sono al ma come più io tu lui lei se questo questa anche o ho era alla nel",
  pt: "o a os as de do da dos um uma e é em que não se por com para ao no na mais eu tu ele ela me te mas como foi está são ou seu sua meu minha já muito isso você",
  nl: "de het een en van in is dat op te niet zijn met voor ik je hij ze we er maar aan was om ook als dan bij nog naar uit heb heeft mijn dit wat of zo die",
  ru: "и в не на я что он она с как это а по но к у из за то вы мы ты так его её от о же бы для был было есть мне меня все если уже или до",
};
const small = new Map(Object.entries(SMALL).map(([language, words]) => [language, new Set(words.split(" "))]));

/** null: it reads like text. */
export function brokenText(text: string, language?: string): NotJudged | null {
  if (SIGNS.test(text.replace(/\s+/gu, ""))) return notJudged("The text is one sign over and over.");
  const words = wordsOf(text, language).map((word) => word.toLowerCase());
  if (again(words)) return notJudged("The text is the same words over and over.");
  if (words.length >= LONG && (longestRepeat(words.slice(0, 400)) > CIRCLE * words.length || newPairs(words) < NEW_PAIRS))
    return notJudged("The text goes in circles.");
  return isSalad(text, words) ? notJudged("The text is words without a sentence.") : null;
}

/** Whether one to three words come so often in a row. */
function again(words: readonly string[]): boolean {
  for (let period = 1; period <= 3; period++) {
    let run = period;
    for (let i = period; i < words.length; i++) {
      run = words[i] === words[i - period] ? run + 1 : period;
      if (run >= period * AGAIN) return true;
    }
  }
  return false;
}

function newPairs(words: readonly string[]): number {
  const pairs = new Set(words.slice(1).map((word, index) => `${words[index]} ${word}`));
  return pairs.size / (words.length - 1);
}

/** In none of the languages whose small words are known: an answer need not be in its prompt's. */
function isSalad(text: string, words: readonly string[]): boolean {
  if (words.length < SENTENCES || !/^[\p{Script=Latin}\p{Script=Cyrillic}\P{L}]*$/u.test(text)) return false;
  const separators = text.match(/[,;:•\n]/gu)?.length ?? 0;
  if (separators * LISTED >= words.length) return false;
  return [...small.values()].every((known) => words.filter((word) => known.has(word)).length < SMALL_SHARE * words.length);
}
