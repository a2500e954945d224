/** Which stretches of an answer's text are more than text: tinted tokens, the one that is looked at, those that differ. Pure. */
import type { Token } from "../../daemon/protocol/api/generate.ts";
import { type Tint, type TintScale, tintOf } from "../chat/tint.ts";
import type { Piece } from "./node.ts";

/** The tokens of an answer whose texts, joined, are its text. */
export interface TokenPlaces {
  readonly tokens: readonly Token[];
  /** where each begins in the text, and the text's end */
  readonly starts: readonly number[];
}

/** What is seen of tokens, whichever view shows them. */
export interface Look {
  readonly scale: TintScale | null;
  readonly marked: ReadonlySet<number> | undefined;
  readonly active: number | null;
}

export interface Special {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly tint: Tint | null;
  readonly active: boolean;
  readonly marked: boolean;
}

export interface Stretch {
  readonly text: string;
  readonly at: number;
  readonly special: Special | null;
}

export function placesOf(tokens: readonly Token[]): TokenPlaces {
  const starts = [0];
  for (const { text } of tokens) starts.push(starts.at(-1)! + text.length);
  return { tokens, starts };
}

/** The token that has this character; tokens without text have none. Null: the text is longer than the tokens. */
export function tokenAt({ tokens, starts }: TokenPlaces, character: number): number | null {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle + 1]! <= character) low = middle + 1;
    else high = middle;
  }
  return low < tokens.length ? low : null;
}

/** @param from, to characters */
export function specialsIn(places: TokenPlaces, { scale, marked, active }: Look, from: number, to: number): Special[] {
  const found: Special[] = [];
  if (scale === null && marked === undefined && active === null) return found;
  const { tokens, starts } = places;
  for (let index = tokenAt(places, from) ?? tokens.length; index < tokens.length && starts[index]! < to; index++) {
    const tint = tintOf(tokens[index]!.probes?.[0], scale);
    const shown = tint === null || tint.strength === 0 ? null : tint;
    const is = { tint: shown, active: index === active, marked: marked?.has(index) === true };
    if (is.tint !== null || is.active || is.marked) found.push({ index, from: starts[index]!, to: starts[index + 1]!, ...is });
  }
  return found;
}

/** A piece, cut where a special stretch begins or ends. @param specials in their order */
export function cut({ text, at }: Piece, specials: readonly Special[]): Stretch[] {
  const end = at + text.length;
  const parts: Stretch[] = [];
  let from = at;
  const take = (to: number, special: Special | null) => {
    if (to > from) parts.push({ text: text.slice(from - at, to - at), at: from, special });
    from = Math.max(from, to);
  };
  for (let i = firstBehind(specials, at); i < specials.length && specials[i]!.from < end; i++) {
    const special = specials[i]!;
    take(Math.min(end, Math.max(from, special.from)), null);
    take(Math.min(end, special.to), special);
  }
  take(end, null);
  return parts;
}

/** Index of the first that does not end before this character. */
function firstBehind(specials: readonly Special[], character: number): number {
  let [low, high] = [0, specials.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (specials[middle]!.to <= character) low = middle + 1;
    else high = middle;
  }
  return low;
}
