/**
 * The tokens of a scored text, of which those from `from` on count. A text that answers turns is the last of them, so that it is
 * tokenised with what stands before it; tokens that a model wrote follow the prompt as they are.
 */
import type { StudyText } from "../../protocol/engine-api.ts";
import type { Prompt } from "../prompt/template.ts";
import { commonLength } from "./own-tokens.ts";

export interface ScoredTextHost {
  /** the header of the coming answer is appended */
  readonly render: (messages: NonNullable<StudyText["messages"]>) => Prompt;
  /** raw text, which begins as the model's texts do and names no special tokens */
  readonly tokenize: (text: string) => Int32Array;
}

export function splitText({ messages, text, tokens: tail }: StudyText, host: ScoredTextHost): { tokens: Int32Array; from: number } {
  if (messages === null) return { tokens: host.tokenize(text ?? ""), from: 1 };
  const head = host.render(messages).tokens;
  if (tail === null) {
    const tokens = host.render([...messages, { role: "assistant", content: text ?? "" }]).tokens;
    return { tokens, from: Math.max(1, commonLength(head, tokens)) };
  }
  const tokens = new Int32Array(head.length + tail.length);
  tokens.set(head);
  tokens.set(tail, head.length);
  return { tokens, from: head.length };
}
