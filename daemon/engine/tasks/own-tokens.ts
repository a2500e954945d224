/**
 * Which tokens of a text that is read are its own. Of a conversation that ends with an answer they are the answer's, of another
 * one its last turn's, of raw text all of it. The template, the system turn and what was asked are never among them, nor is
 * position 0, whatever stands there: models park their attention on it, and its residual is a hundred times the others'.
 */
import type { ContrastText } from "../../protocol/artifact.ts";
import type { ChatTurn, EngineCollect } from "../../protocol/engine-api.ts";
import type { Prompt } from "../prompt/template.ts";

export interface OwnTokens {
  readonly tokens: Int32Array;
  /** its own are from `from` to before `to`; where they are equal it has none */
  readonly from: number;
  readonly to: number;
  /** the prompt ends before this one: an answer begins there, or would */
  readonly promptEnd: number;
}

export interface TextHost {
  /** raw text, which begins as the model's texts do and may name special tokens */
  readonly raw: (text: string) => Int32Array;
  readonly render: (turns: readonly ChatTurn[]) => Prompt;
  /** of a part of a rendered prompt, as the whole is tokenised */
  readonly tokenize: (text: string) => Int32Array;
}

export function ownTokens(text: ContrastText | number[], render: EngineCollect["render"], host: TextHost): OwnTokens {
  if (isTokens(text)) return whole(Int32Array.from(text));
  if (typeof text === "string" && render === "raw") return whole(host.raw(text));
  return ofTurns(typeof text === "string" ? [{ role: "user", content: text }] : text, host);
}

function whole(tokens: Int32Array): OwnTokens {
  return { tokens, from: 1, to: Math.max(1, tokens.length), promptEnd: tokens.length };
}

function ofTurns(turns: readonly ChatTurn[], { render, tokenize }: TextHost): OwnTokens {
  const { text, tokens, generationPrompt } = render(turns);
  const { role, content } = turns.at(-1)!;
  const answered = role === "assistant";
  const own = (content ?? "").trim();
  // behind a turn that is not answered stands the header of the answer, which may hold the same words
  const end = answered ? text.length : text.length - generationPrompt.length;
  const start = own === "" ? -1 : text.lastIndexOf(own, end - own.length);
  if (start < 0) {
    const from = answered && turns.length > 1 ? commonLength(render(turns.slice(0, -1)).tokens, tokens) : 1;
    return { tokens, from: Math.max(1, from), to: tokens.length, promptEnd: answered ? Math.max(1, from) : tokens.length };
  }
  const from = Math.max(1, commonLength(tokenize(text.slice(0, start)), tokens));
  // a token that holds the text's end and the template's beginning belongs to both
  const to = Math.max(from, commonLength(tokenize(text.slice(0, start + own.length)), tokens));
  return { tokens, from, to: Math.min(Math.max(to, from + 1), tokens.length), promptEnd: answered ? from : tokens.length };
}

export function commonLength(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

export function isTokens(text: ContrastText | number[]): text is number[] {
  return Array.isArray(text) && typeof text[0] === "number";
}
