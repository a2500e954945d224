/** Where the characters of a node stand in the source: escapes, references, and the marks of quotes and lists lie between them. Pure. */
import type { Piece } from "../node.ts";

const REFERENCE = /^&(?:#x?[0-9a-f]{1,7}|[a-z][a-z0-9]{1,31});/i;

/**
 * @param value what is shown; @param source the text that was read; @param from, to the node's place in it
 * @param base added to every place
 */
export function piecesOf(value: string, source: string, from: number, to: number, base: number): Piece[] {
  const found = source.indexOf(value, from);
  if (found >= 0 && found + value.length <= to) return [{ text: value, at: base + found }];
  const pieces: { text: string; at: number }[] = [];
  let at = from;
  for (let i = 0; i < value.length; ) {
    const reference = source[at] === "&" ? (REFERENCE.exec(source.slice(at, at + 36))?.[0] ?? null) : null;
    if (reference !== null && !value.startsWith(reference, i)) {
      const shown = String.fromCodePoint(value.codePointAt(i)!);
      pieces.push({ text: shown, at: base + at });
      at += reference.length;
      i += shown.length;
    } else if (at < to && source[at] !== value[i]) at++;
    else {
      const last = pieces.at(-1);
      if (last !== undefined && last.at + last.text.length === base + at) last.text += value[i];
      else pieces.push({ text: value[i]!, at: base + at });
      at++;
      i++;
    }
  }
  return pieces;
}
