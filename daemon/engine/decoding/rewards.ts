/** What an answer, or what there is of it, is worth: figures of the text alone, weighted and added up. */
import type { Reward } from "../../protocol/decoding.ts";
import { TillerError } from "../../protocol/errors.ts";
import { accepts, automaton, Unsupported } from "../grammar/automaton.ts";

export interface Written {
  readonly text: string;
  readonly tokens: number;
  /** by the model itself or a stop string, not by a limit of tokens */
  readonly ended: boolean;
}

export interface Value {
  readonly total: number;
  /** unweighted, by the reward's name */
  readonly rewards: Readonly<Record<string, number>>;
}

/** Figures that judges gave, by the reward's name. */
export type Figures = Readonly<Record<string, number>>;
export type Score = (written: Written, judged: Figures) => Value;

/** What a judge outside the engine is asked for. */
export type Asked = Readonly<Record<string, { judge: string; language: string }>>;

export function askedOf(rewards: Readonly<Record<string, Reward>>): Asked {
  return Object.fromEntries(
    Object.entries(rewards).flatMap(([name, reward]) =>
      reward.is === "judge" ? [[name, { judge: reward.judge, language: reward.language }]] : [],
    ),
  );
}

/** Tokens of which the length's reward is 0 (Mudgal et al. 2024: log(T/1024)). */
const LENGTH_OF_ZERO = 1024;

/** @throws TillerError naming a pattern that cannot be followed in linear time */
export function scoreBy(rewards: Readonly<Record<string, Reward>>): Score {
  const list = Object.entries(rewards).map(([name, reward]) => ({ name, reward, of: figureOf(name, reward) }));
  return (written, judged) => {
    let total = 0;
    const values: Record<string, number> = {};
    for (const { name, reward, of } of list) {
      const value = !written.ended && reward.unended !== undefined ? reward.unended : (judged[name] ?? of(written));
      values[name] = value;
      total += reward.weight * value;
    }
    return { total, rewards: values };
  };
}

function figureOf(name: string, reward: Reward): (written: Written) => number {
  switch (reward.is) {
    case "length":
      return ({ tokens }) => Math.log(Math.max(1, tokens) / LENGTH_OF_ZERO);
    case "pattern": {
      const matched = automatonOf(name, reward.pattern);
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
function automatonOf(name: string, pattern: string): ReturnType<typeof automaton> {
  const field = `decoding.best.rewards.${name}.pattern`;
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
