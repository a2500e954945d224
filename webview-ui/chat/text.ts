/** Which tokens stand for the answer's text: stop strings and the like are cut off at its end. */
import type { Token } from "../../daemon/protocol/api/generate.ts";

/** Null: the tokens do not spell the text (they were not kept, or bytes were joined); show the text alone. */
export function tokensOfText(tokens: readonly Token[], text: string): readonly Token[] | null {
  let at = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (at >= text.length) return tokens.slice(0, i);
    const piece = tokens[i]!.text;
    const rest = text.slice(at, at + piece.length);
    if (!piece.startsWith(rest)) return null;
    at += piece.length;
  }
  return at >= text.length ? tokens : null;
}

const VISIBLE: Readonly<Record<string, string>> = { "\n": "⏎", "\t": "⇥", " ": "␣" };

/** A token's text with its white space made visible. */
export function visible(text: string): string {
  if (text === "") return "(no text)";
  return text.replaceAll(/^ | $|[\n\t]/g, (space) => VISIBLE[space] ?? space);
}
