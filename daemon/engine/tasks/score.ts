/** How likely a model finds a given text: −log2 of its tokens' probabilities, teacher-forced, plain or steered. */
import { type EngineStudyResult, engineGenerate } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { logSumExp } from "../loop/logprobs.ts";
import type { Rows, StopReason } from "../loop/task.ts";
import type { Vocabulary } from "../model/vocabulary.ts";
import { PLAIN_READER } from "../prompt/reader.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { AnswerTask } from "./generate.ts";
import { ReadTask } from "./read-task.ts";

export interface ScoreInput {
  readonly id: string;
  /** with the rows of the plan's prefix, the first of them at `prefixAt` */
  readonly tokens: Int32Array;
  readonly prefixAt: number;
  /** first token that is scored, at least 1 */
  readonly from: number;
  readonly plan: LoweredPlan | null;
  /** most rows in one step */
  readonly chunk: number;
  readonly vocabulary: Vocabulary;
  readonly contextSize: number;
}

type Score = EngineStudyResult["texts"][number];

/**
 * The text counts as written by the model, so it runs under the edits of answers. Without gates it is read in large steps;
 * gates look at one token to govern the next, so with them it is fed token by token.
 */
export function scoreTask(input: ScoreInput, finish: (score: Score) => void, fail: (error: TillerError) => void): AnswerTask | ReadTask {
  const { plan } = input;
  return plan !== null && plan.gates.length > 0 ? forcedTask(input, finish, fail) : readTask(input, finish, fail);
}

function readTask(
  { id, tokens, prefixAt, from, plan, chunk }: ScoreInput,
  finish: (score: Score) => void,
  fail: (error: TillerError) => void,
): ReadTask {
  let nats = 0;
  const took = (rows: Rows): void => {
    const { result, position, count, vocabulary } = rows;
    const first = Math.max(0, from - 1 - position);
    for (let i = first; i < count; i++) {
      const next = position + i + 1;
      if (next >= tokens.length) break;
      const at = (rows.logits + i - first) * vocabulary;
      const row = result.logits.subarray(at, at + vocabulary);
      nats += logSumExp(row) - row[tokens[next]!]!;
    }
  };
  return new ReadTask({
    id,
    prompt: tokens,
    prefixAt,
    plan: plan === null ? null : { ...plan, prompt: plan.answer, last: plan.answer },
    taps: [],
    capture: "none",
    logits: true,
    // The row before a token is the one that predicts it.
    logitsFrom: from - 1,
    chunk,
    took,
    done: (stopped) => (stopped === null ? finish({ bits: nats / Math.LN2, tokens: tokens.length - from }) : fail(ended(stopped))),
    failed: fail,
  });
}

function forcedTask(input: ScoreInput, finish: (score: Score) => void, fail: (error: TillerError) => void): AnswerTask {
  const { id, tokens, prefixAt, from, plan, vocabulary, contextSize } = input;
  return new AnswerTask({
    request: engineGenerate({ id, forced: Array.from(tokens.subarray(from)), plan }),
    prompt: tokens.slice(0, from),
    prefixAt,
    overflow: null,
    sampler: null,
    seed: 0,
    penalised: new Int32Array(0),
    stops: [],
    reader: PLAIN_READER,
    contextSize,
    vocabulary,
    echo: null,
    received: performance.now(),
    emit: () => undefined,
    done: ({ tokens: scored, reason }) =>
      reason === "length"
        ? finish({ bits: -scored.reduce((sum, token) => sum + token.logprob, 0) / Math.LN2, tokens: scored.length })
        : fail(ended(reason)),
    failed: fail,
  });
}

function ended(reason: StopReason): TillerError {
  return new TillerError(reason === "shutting-down" ? "shutting-down" : "cancelled", "the study was ended");
}
