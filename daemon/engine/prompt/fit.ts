/** Conversations and texts that are longer than their context: refused with the numbers, or cut where the user allows it. */
import type { Answer, ChatParams } from "../../protocol/api/generate.ts";
import type { ChatTurn } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";

type Overflow = NonNullable<ChatParams["overflow"]>;

/** Tokens that a prompt may have, and how many it is cut to once something must go, so that there is room for an answer. */
export interface Room {
  readonly limit: number;
  readonly shortened: number;
}

/** @param forced tokens that are given for the answer */
export function roomIn(contextSize: number, forced: number | null, maxTokens: number | null): Room {
  return {
    limit: contextSize - Math.min(forced ?? 1, Math.floor(contextSize / 2)),
    shortened: contextSize - Math.min(maxTokens ?? 1024, Math.floor(contextSize / 4)),
  };
}

/**
 * Fits a conversation into `limit` tokens, or into `shortened` of them, which leaves room for an answer, once something must
 * go. With `shift` the oldest turns after the system turn are left out, from a turn of
 * the user on; the last turn stays.
 * @throws TillerError context-full
 */
export function fitMessages<P extends { readonly tokens: Int32Array }>(
  messages: readonly ChatTurn[],
  render: (turns: readonly ChatTurn[]) => P,
  { limit, shortened }: Room,
  overflow: Overflow,
): { prompt: P; overflow: Answer["overflow"] } {
  const all = render(messages);
  if (all.tokens.length <= limit) return { prompt: all, overflow: null };
  if (overflow === "refuse") throw contextFull(all.tokens.length, limit);
  const system = messages.filter((message, index) => message.role === "system" && index === 0);
  const turns = messages.slice(system.length);
  const starts = turns.flatMap((turn, index) => (index > 0 && turn.role === "user" ? [index] : []));
  let low = 0;
  let high = starts.length - 1;
  let best: { prompt: P; dropped: number } | null = null;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const prompt = render([...system, ...turns.slice(starts[middle])]);
    if (prompt.tokens.length <= shortened) {
      best = { prompt, dropped: starts[middle]! };
      high = middle - 1;
    } else low = middle + 1;
  }
  if (best === null) throw contextFull(all.tokens.length, shortened);
  const droppedTokens = all.tokens.length - best.prompt.tokens.length;
  return { prompt: best.prompt, overflow: { droppedTurns: best.dropped, droppedTokens } };
}

/** What would be left out of a conversation whose oldest turns may go; null: nothing, or it does not fit at all. */
export function leftOutOf<P extends { readonly tokens: Int32Array }>(
  messages: readonly ChatTurn[],
  render: (turns: readonly ChatTurn[]) => P,
  room: Room,
): Answer["overflow"] {
  try {
    return fitMessages(messages, render, room, "shift").overflow;
  } catch (error) {
    if (error instanceof TillerError && error.code === "context-full") return null;
    throw error;
  }
}

/** Raw tokens have no turns: `shift` keeps the end of the text, and its first token where that is `keep`. */
export function fitTokens(
  tokens: Int32Array,
  limit: number,
  overflow: Overflow,
  keep: number | null,
): { tokens: Int32Array; overflow: Answer["overflow"] } {
  if (tokens.length <= limit) return { tokens, overflow: null };
  if (overflow === "refuse") throw contextFull(tokens.length, limit);
  const kept = new Int32Array(limit);
  kept.set(tokens.subarray(tokens.length - limit));
  if (tokens[0] === keep) kept[0] = keep;
  return { tokens: kept, overflow: { droppedTurns: 0, droppedTokens: tokens.length - limit } };
}

function contextFull(tokens: number, limit: number): TillerError {
  return new TillerError("context-full", `the prompt has ${tokens} tokens, the context has room for ${limit}`, {
    suggestion: "Shorten it, allow old turns to be dropped (overflow: shift), or load the model with a larger context.",
  });
}
