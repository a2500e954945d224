/** Judges as rewards of candidates: asked by an engine while it writes, and checked before it begins. */
import { scoresOf } from "../../evaluate/receipts/judging.ts";
import type { EngineDecoding, EngineEvents, EngineRequests } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import { JUDGE_HINT, parseJudge } from "../../protocol/judge-name.ts";
import type { Judges } from "../jobs/judges.ts";

/** Of an endpoint that does not answer the candidates would wait for ever. */
const PATIENCE_MS = 60_000;

/** @throws TillerError naming the reward whose judge there is not, or not in its language */
export function checkRewardJudges(decoding: EngineDecoding | null, judges: Judges): void {
  for (const [name, reward] of Object.entries(decoding?.best?.rewards ?? {}))
    if (reward.is === "judge") judges.check(choiceOf(reward.judge, name), `decoding.best.rewards.${name}.judge`, [reward.language]);
}

export async function judgeCandidates(asked: EngineEvents["judge"], judges: Judges): Promise<EngineRequests["judged"][0]> {
  const { id, number, rewards, texts } = asked;
  try {
    const figures: Record<string, number[]> = {};
    for (const [name, { judge, language }] of Object.entries(rewards)) {
      const choice = choiceOf(judge, name);
      const judged = texts.map((text) => ({ text, language }));
      const scores = await scoresOf(judges.get(choice.id), choice, judged, AbortSignal.timeout(PATIENCE_MS));
      figures[name] = scores.map((score) => score ?? 0);
    }
    return { id, number, figures, problem: "" };
  } catch (error) {
    return { id, number, figures: null, problem: TillerError.from(error).message };
  }
}

function choiceOf(judge: string, name: string): JudgeChoice {
  const choice = parseJudge(judge);
  if (choice !== null) return choice;
  const field = `decoding.best.rewards.${name}.judge`;
  throw new TillerError("invalid-params", `${field}: '${judge}' is no judge`, { field, suggestion: JUDGE_HINT });
}
