/** What a text is worth by itself: the rewards that no judge is asked for. */
import type { Reward } from "../decoding.ts";
import { TillerError } from "../errors.ts";
import { accepts, automaton, Unsupported } from "./automaton.ts";

/** Tokens of which the length's reward is 0 (Mudgal et al. 2024: log(T/1024)). */
const LENGTH_OF_ZERO = 1024;

export interface Whole {
  readonly text: string;
  readonly tokens: number;
}

/** @param field of a pattern that cannot be followed in linear time @throws TillerError naming it */
export function figureOf(reward: Reward, field: string): (written: Whole) => number {
  switch (reward.is) {
    case "length":
      return ({ tokens }) => Math.log(Math.max(1, tokens) / LENGTH_OF_ZERO);
    case "pattern": {
      const matched = automatonOf(reward.pattern, field);
      return ({ text }) => (accepts(matched, text) ? 1 : 0);
    }
    case "json":
      return ({ text }) => (isJson(text) ? 1 : 0);
    case "judge":
      return () => 0;
    default:
      reward satisfies never;
      return () => 0;
  }
}

/** No text makes it slow, as one could a regular expression that goes back and forth. */
function automatonOf(pattern: string, field: string): ReturnType<typeof automaton> {
  try {
    return automaton([pattern]);
  } catch (error) {
    const why = error instanceof Unsupported ? error.message : "is no regular expression";
    throw new TillerError("invalid-params", `${field}: ${why}`, { field });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
