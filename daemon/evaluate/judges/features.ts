/**
 * Text → bags of hashed features, for the judges' small classifiers: words, pairs of neighbouring words, and character
 * n-grams inside words (Joulin et al. 2017, "Bag of Tricks for Efficient Text Classification"; Bojanowski et al. 2017,
 * "Enriching Word Vectors with Subword Information"). The trainers call this very file, so that a judge reads text
 * exactly as it was trained. Scripts without spaces (Han, Kana, Thai) count each character as a word; their pairs and
 * triples of characters stand in for words.
 */

export interface Features {
  /** 32-bit hashes of words, pairs of words, and text-level marks, in the order of the text */
  readonly words: Int32Array;
  /** 32-bit hashes of character n-grams */
  readonly chars: Int32Array;
}

/** Texts are cut after this many tokens; `chunks` splits longer ones first. */
export const MAX_TOKENS = 64;

const PLACEHOLDER = /\[(?:NAME|PERSON|RELIGION|LOCATION|ORGANIZATION|DATE|TIME|MONEY|PERCENT)\]/g;
const TOKEN = /\p{Extended_Pictographic}|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+|[?!]+|\.{2,}|…|[:;=]-?[()DPpO/|]|[^\s\p{L}\p{N}]/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Lower-cased tokens after NFKC; digits become 0 and runs of ? or ! are cut to two. */
export function tokens(text: string): string[] {
  const plain = text.normalize("NFKC").replace(PLACEHOLDER, " ").toLowerCase().replaceAll("’", "'");
  const found: string[] = [];
  for (const [token] of plain.matchAll(TOKEN)) {
    if (UNSPACED.test(token)) found.push(...token);
    else if (/\p{N}/u.test(token)) found.push("0".repeat(Math.min(token.length, 4)));
    else found.push(/^[?!]/.test(token) ? token.slice(0, 2) : token);
  }
  return found;
}

/** FNV-1a over UTF-16 units with a final mix, as a signed 32-bit number. */
export function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) | 0;
}

/** @param list tokens of one text, at most MAX_TOKENS of which are read */
export function features(list: readonly string[]): Features {
  const read = list.slice(0, MAX_TOKENS);
  const words: number[] = [];
  const chars: number[] = [];
  let previous = "<";
  for (const token of read) {
    words.push(hash(`w${token}`), hash(`p${previous} ${token}`));
    previous = token;
    if (token.length > 1 && /^\p{L}/u.test(token)) grams(`<${token}>`, chars);
  }
  words.push(hash(`p${previous} >`));
  unspacedGrams(read, chars);
  return { words: Int32Array.from(words), chars: Int32Array.from(chars) };
}

function grams(word: string, into: number[]): void {
  for (let size = 3; size <= 5; size++) {
    for (let start = 0; start + size <= word.length; start++) into.push(hash(`c${word.slice(start, start + size)}`));
  }
}

function unspacedGrams(list: readonly string[], into: number[]): void {
  for (let index = 0; index + 1 < list.length; index++) {
    const [a, b, c] = [list[index]!, list[index + 1]!, list[index + 2]];
    if (!UNSPACED.test(a) || !UNSPACED.test(b)) continue;
    into.push(hash(`c${a}${b}`));
    if (c !== undefined && UNSPACED.test(c)) into.push(hash(`c${a}${b}${c}`));
  }
}

/**
 * A text's tokens in pieces, cut after the last end of a sentence in a piece's second half where there is one.
 * @param most tokens of a piece
 */
export function chunks(text: string, most = MAX_TOKENS): string[][] {
  const all = tokens(text);
  const pieces: string[][] = [];
  for (let start = 0; start < all.length; ) {
    let end = Math.min(start + most, all.length);
    if (end < all.length) {
      for (let cut = end; cut > start + most / 2; cut--) {
        if (/^(?:[.?!…。！？।]|\.{2,})/.test(all[cut - 1]!)) {
          end = cut;
          break;
        }
      }
    }
    pieces.push(all.slice(start, end));
    start = end;
  }
  return pieces;
}
