/** Code in colours, and the colours on the pieces that the code consists of. Pure. */
import type { Piece } from "./node.ts";

/** Above it colours are left out: they would take longer than a frame. */
const MOST = 60_000;

type Stretch = readonly [text: string, kind: string];
interface Colours {
  knows(language: string): boolean;
  stretches(code: string, language: string): Stretch[];
}

/** Null: this language is not known, or there is too much of it. */
export function coloured(colours: Colours, code: string, language: string): readonly Stretch[] | null {
  if (language === "" || code.length > MOST || !colours.knows(language)) return null;
  return colours.stretches(code, language);
}

/** @param stretches their texts joined begin the pieces' */
export function stretchesOn(pieces: readonly Piece[], stretches: readonly Stretch[]): { kind: string; pieces: Piece[] }[] {
  let piece = 0;
  let used = 0;
  return stretches.map(([text, kind]) => {
    const parts: Piece[] = [];
    for (let left = text.length; left > 0 && piece < pieces.length; ) {
      const { text: whole, at } = pieces[piece]!;
      const length = Math.min(left, whole.length - used);
      parts.push({ text: whole.slice(used, used + length), at: at + used });
      left -= length;
      used += length;
      if (used === whole.length) {
        piece++;
        used = 0;
      }
    }
    return { kind, pieces: parts };
  });
}

/** What follows so many characters. */
export function piecesFrom(pieces: readonly Piece[], length: number): Piece[] {
  let before = 0;
  return pieces.flatMap(({ text, at }) => {
    const skip = Math.max(0, Math.min(text.length, length - before));
    before += text.length;
    return skip === text.length ? [] : [{ text: text.slice(skip), at: at + skip }];
  });
}
