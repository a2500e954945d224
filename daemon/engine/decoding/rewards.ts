/** What an answer, or what there is of it, is worth: figures of the text alone, weighted and added up. */
import type { Reward } from "../../protocol/decoding.ts";
import { figureOf } from "../../protocol/rules/reward-figures.ts";
import type { Expected } from "./scorer.ts";

export interface Written {
  readonly text: string;
  readonly tokens: number;
  /** by the model itself or a stop string; a limit has cut it off; or it goes on */
  readonly state: "ended" | "cut" | "waiting";
  /** of one that goes on: what scorers expect of it */
  readonly expected: Expected;
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

/**
 * @param cut by scorer: of an answer that a limit has cut off; null: what there is of it is judged
 * @throws TillerError naming a pattern that cannot be followed in linear time
 */
export function scoreBy(rewards: Readonly<Record<string, Reward>>, cut: Readonly<Record<string, number | null>> = {}): Score {
  const list = Object.entries(rewards).map(([name, reward]) => ({
    name,
    reward,
    of: figureOf(reward, `decoding.best.rewards.${name}.pattern`),
  }));
  return (written, judged) => {
    let total = 0;
    const values: Record<string, number> = {};
    for (const { name, reward, of } of list) {
      const value = unendedOf(reward, written, cut) ?? judged[name] ?? of(written);
      values[name] = value;
      total += reward.weight * value;
    }
    return { total, rewards: values };
  };
}

/** undefined: what there is of it is judged */
function unendedOf({ unended }: Reward, { state, expected }: Written, cut: Readonly<Record<string, number | null>>): number | undefined {
  if (unended === undefined || state === "ended") return undefined;
  if (typeof unended === "number") return unended;
  return state === "cut" ? (cut[unended.scorer] ?? undefined) : expected[unended.scorer];
}
