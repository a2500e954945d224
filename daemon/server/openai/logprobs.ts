/** Log-probabilities in the two shapes that OpenAI has for them. */
import type { PromptToken, Token } from "../../protocol/api/generate.ts";

interface ChatLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: number[];
}

export function chatLogprobs(tokens: readonly Token[]): (ChatLogprob & { top_logprobs: ChatLogprob[] })[] {
  return tokens.map((token) => ({ ...entry(token), top_logprobs: (token.top ?? []).map(entry) }));
}

/** A part of a character has no text of its own; its bytes let the client put the character together. */
function entry({ text, bytes, logprob }: Pick<Token, "text" | "bytes" | "logprob">): ChatLogprob {
  return { token: text, logprob, bytes: bytes ?? [...Buffer.from(text, "utf8")] };
}

/** Of the prompt's tokens, too, of which the first has no probability. @param offset characters before these tokens */
export function textLogprobs(
  tokens: readonly (Token | PromptToken)[],
  offset: number,
): { tokens: string[]; token_logprobs: (number | null)[]; top_logprobs: (Record<string, number> | null)[]; text_offset: number[] } {
  let at = offset;
  const offsets = tokens.map((token) => {
    const start = at;
    at += token.text.length;
    return start;
  });
  return {
    tokens: tokens.map((token) => token.text),
    token_logprobs: tokens.map((token) => token.logprob),
    top_logprobs: tokens.map(({ logprob, top = [] }) =>
      logprob === null ? null : Object.fromEntries(top.map(({ text, logprob: of }) => [text, of])),
    ),
    text_offset: offsets,
  };
}
