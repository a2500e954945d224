/**
 * How well the plain, unsteered model predicts a text: bits per byte of UTF-8, which, unlike perplexity per token, can be
 * compared over languages and tokenisers (Gao et al. 2020, "The Pile", section 3.1). Lower is more fluent to that model;
 * very low can be repetition, so read it beside that judge.
 */

import { type Judge, notJudged, type Score } from "../../protocol/judge.ts";
import { settingsHash } from "./hash.ts";

/**
 * Log-probabilities (natural logarithm) of a text's tokens under a model with nothing steered. The whole text must be
 * covered: a model that gives its first token no probability puts a begin token before it.
 */
export type Logprobs = (text: string) => Promise<Float64Array>;

/** @throws RangeError when a figure is not a log-probability */
export function bitsPerByte(text: string, logprobs: Float64Array): number {
  let sum = 0;
  for (const value of logprobs) {
    if (!(value <= 1e-6)) throw new RangeError(`${value} is not a log-probability`);
    sum += value;
  }
  return -sum / Math.LN2 / Buffer.byteLength(text, "utf8");
}

/** @param model the plain model's fingerprint: it is part of what decides the scores */
export function fluencyJudge(logprobs: Logprobs, model: string): Judge {
  return {
    id: "fluency",
    title: "Fluency under the plain model",
    version: "1",
    hash: settingsHash("fluency", { model }),
    labels: [],
    values: ["bitsPerByte"],
    judges: () => ({ judged: true }),
    async score(texts): Promise<Score[]> {
      const scores: Score[] = [];
      for (const { text } of texts) {
        if (text === "") scores.push(notJudged("An empty text has no bits per byte."));
        else scores.push({ judged: true, label: null, values: { bitsPerByte: bitsPerByte(text, await logprobs(text)) } });
      }
      return scores;
    },
  };
}
