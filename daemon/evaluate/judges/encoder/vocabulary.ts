/**
 * Text → pieces of words, by the most probable path through a unigram vocabulary (Kudo 2018, "Subword Regularization",
 * section 3.2; the search and its ties as SentencePiece does them, over UTF-8 bytes). The trainers call this very file,
 * so that an encoder reads text exactly as it was trained.
 */
import { TillerError } from "../../../protocol/errors.ts";

/** Ids below this one stand for no text. */
const SPECIALS = 3;
const UNKNOWN = 0;
export const BEGIN = 1;
export const END = 2;

/** How much less probable an unknown character is than the rarest piece, as a difference of natural logarithms. */
const UNKNOWN_PENALTY = 10;

export interface Vocabulary {
  /** all pieces in UTF-8, one after the other */
  readonly pieces: Uint8Array;
  /** where each piece ends, in bytes */
  readonly ends: Int32Array;
  /** natural logarithms of the pieces' probabilities */
  readonly scores: Float32Array;
  readonly unknownScore: number;
  /** bytes of the longest piece */
  readonly longest: number;
  readonly hashes: Int32Array;
  /** an open hash table of ids, 0 where it is free; its length is a power of 2 */
  readonly slots: Int32Array;
}

/** @throws TillerError when the ends are not in order, not those of all bytes, or fewer than the special pieces */
export function createVocabulary(pieces: Uint8Array, ends: Int32Array, scores: Float32Array): Vocabulary {
  if (ends.length < SPECIALS || !ends.every((end, id) => end >= (ends[id - 1] ?? 0)) || ends.at(-1) !== pieces.length)
    throw new TillerError("bad-artifact", "judge weights: pieces.ends do not fit the pieces", { field: "pieces.ends" });
  const hashes = new Int32Array(ends.length);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(ends.length + 1) + 1));
  let longest = 0;
  let start = 0;
  for (const [id, end] of ends.entries()) {
    if (id >= SPECIALS) {
      longest = Math.max(longest, end - start);
      let state = FIRST_STATE;
      for (let index = start; index < end; index++) state = mixed(state, pieces[index]!);
      hashes[id] = state;
      let slot = firstSlot(state, slots);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = id;
    }
    start = end;
  }
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
  return { pieces, ends, scores, unknownScore, longest, hashes, slots };
}

/** FNV-1a, one byte at a time, so that the hashes of all pieces that could start at one place cost one pass. */
const FIRST_STATE = 0x811c9dc5 | 0;
const mixed = (state: number, byte: number): number => Math.imul(state ^ byte, 0x01000193);
const firstSlot = (state: number, slots: Int32Array): number => (state ^ (state >>> 15)) & (slots.length - 1);

/** @returns the id of the piece that is `text[start, end)`, whose hash is `state`; 0 when there is none */
function find({ pieces, ends, hashes, slots }: Vocabulary, text: Uint8Array, start: number, end: number, state: number): number {
  for (let slot = firstSlot(state, slots); slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1)) {
    const id = slots[slot]!;
    const from = ends[id - 1]!;
    if (hashes[id] !== state || ends[id]! - from !== end - start) continue;
    let same = 0;
    while (same < end - start && pieces[from + same] === text[start + same]) same++;
    if (same === end - start) return id;
  }
  return 0;
}

const PLACEHOLDER = /\[(?:NAME|PERSON|RELIGION|LOCATION|ORGANIZATION|DATE|TIME|MONEY|PERCENT)\]/g;
/** control characters that are not white space */
const CONTROL = /[^\P{Cc}\s]/gu;
const SPACE = "\u2581";

/** The text that is cut: every run of white space is one U+2581, and one stands in front; empty without a character. */
export function normalise(text: string): string {
  const plain = text.normalize("NFKC").replace(PLACEHOLDER, " ").replace(CONTROL, "").replace(/\s+/g, " ").trim();
  return plain === "" ? "" : SPACE + plain.replaceAll(" ", SPACE);
}

/** The ids of a text's pieces, without begin and end; an unknown character is a piece of its own. */
export function split(vocabulary: Vocabulary, text: string): Int32Array {
  const { scores, unknownScore, longest } = vocabulary;
  const bytes = Buffer.from(normalise(text));
  /** by position in bytes: the best path's score up to there, and where and what its last piece is */
  const best = new Float64Array(bytes.length + 1).fill(Number.NEGATIVE_INFINITY, 1);
  const starts = new Int32Array(bytes.length + 1);
  const ids = new Int32Array(bytes.length + 1);
  // the first of equal paths stays
  const offer = (start: number, end: number, id: number, score: number) => {
    if (score <= best[end]!) return;
    best[end] = score;
    starts[end] = start;
    ids[end] = id;
  };
  for (let start = 0; start < bytes.length; ) {
    const before = best[start]!;
    const limit = Math.min(bytes.length, start + longest);
    const next = nextCharacter(bytes, start);
    let known = false;
    let state = FIRST_STATE;
    for (let end = start; end < limit; ) {
      state = mixed(state, bytes[end++]!);
      const id = isInside(bytes, end) ? 0 : find(vocabulary, bytes, start, end, state);
      if (id === 0) continue;
      known ||= end === next;
      offer(start, end, id, before + scores[id]!);
    }
    if (!known) offer(start, next, UNKNOWN, before + unknownScore);
    start = next;
  }
  const path: number[] = [];
  for (let end = bytes.length; end > 0; end = starts[end]!) path.push(ids[end]!);
  return Int32Array.from(path.reverse());
}

/** Whether a position is in the middle of a character's bytes. */
function isInside(bytes: Uint8Array, position: number): boolean {
  return position < bytes.length && (bytes[position]! & 0xc0) === 0x80;
}

function nextCharacter(bytes: Uint8Array, start: number): number {
  let next = start + 1;
  while (isInside(bytes, next)) next++;
  return next;
}
