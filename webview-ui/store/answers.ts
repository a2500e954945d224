/** Answers as their events arrive. */
import type { AnswerAction } from "./actions.ts";
import { emptyAnswer } from "./initial.ts";
import type { AnswerState, Changes } from "./state.ts";

type Answers = Readonly<Record<string, AnswerState>>;

export function reduceAnswers(answers: Answers, action: AnswerAction): Answers {
  const stream = action.type === "answer/ended" ? action.answer.stream : action.stream;
  const before = answers[stream];
  if (before === undefined && action.type !== "answer/asked") return answers;
  const after = reduceAnswer(before ?? emptyAnswer(stream), action);
  return after === before ? answers : { ...answers, [stream]: after };
}

function reduceAnswer(answer: AnswerState, action: AnswerAction): AnswerState {
  switch (action.type) {
    case "answer/asked":
      return {
        ...emptyAnswer(action.stream),
        model: action.model,
        seed: action.seed,
        probe: action.probe,
        controls: action.controls,
        left: action.left,
      };
    case "answer/started":
      return {
        ...answer,
        phase: "running",
        model: action.model,
        seed: action.seed,
        began: action.steered,
        steered: action.steered,
        overflow: action.overflow,
      };
    case "answer/tokens": {
      // After a reconnect a token may come twice; indices decide.
      const fresh = action.tokens.filter((token) => token.index >= answer.tokens.length);
      if (fresh.length === 0 || answer.phase === "ended") return answer;
      return {
        ...answer,
        phase: "running",
        tokens: [...answer.tokens, ...fresh],
        text: answer.text + fresh.map((token) => token.text).join(""),
      };
    }
    case "answer/steering":
      return {
        ...answer,
        steered: action.steered,
        changes: mergeChanges([...answer.changes, { token: action.token, controls: action.controls }]),
      };
    case "answer/ended": {
      const { answer: done } = action;
      return {
        ...answer,
        phase: "ended",
        model: done.model,
        text: done.text,
        tokens: done.tokens.length > 0 ? done.tokens : answer.tokens,
        reason: done.reason,
        steered: done.steered,
        changes: mergeChanges(done.changes),
        overflow: done.overflow,
        seed: done.seed,
        stats: done.stats,
      };
    }
    case "answer/failed":
      if (answer.phase !== "ended") return { ...answer, phase: "ended", reason: action.reason, problem: action.problem };
      // First comes a notice that it ended, then the call's own error, which says more.
      return answer.reason === "error" && answer.problem !== null ? { ...answer, problem: action.problem } : answer;
  }
}

/** Several moves between two tokens are one change: no token was written under the values in between. */
export function mergeChanges(changes: Changes): Changes {
  const merged: Changes = [];
  for (const { token, controls } of changes) {
    const last = merged.at(-1);
    if (last?.token === token) merged[merged.length - 1] = { token, controls: { ...last.controls, ...controls } };
    else merged.push({ token, controls });
  }
  return merged;
}
