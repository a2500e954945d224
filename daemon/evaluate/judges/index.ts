/** The judges that come with Tiller. The daemon loads them once; each is a pure function over its loaded weights. */

import type { Judge } from "../../protocol/judge.ts";
import { asksBackJudge } from "./asks-back.ts";
import { emotionJudge } from "./emotion.ts";
import { fluencyJudge, type Logprobs } from "./fluency.ts";
import { languageJudge } from "./language.ts";
import { lengthJudge } from "./length.ts";
import { repetitionJudge } from "./repetition.ts";
import { toxicityJudge } from "./toxicity.ts";

export type { Judge, Judged, JudgedText, NotJudged, Score } from "../../protocol/judge.ts";
export { endpointJudge } from "./endpoint.ts";
export { type EndpointJudgeConfig, EndpointJudgeSchema } from "./endpoint-config.ts";
export { fluencyJudge, type Logprobs } from "./fluency.ts";

/**
 * All judges that need no model, by id: language, emotion, toxicity, asks-back, length, repetition.
 * @param presets the folder that holds `judges/`; @throws TillerError when a file is missing or changed
 */
export function loadJudges(presets: string): ReadonlyMap<string, Judge> {
  const judges = [languageJudge, emotionJudge(presets), toxicityJudge(presets), asksBackJudge(presets), lengthJudge, repetitionJudge];
  return new Map(judges.map((judge) => [judge.id, judge]));
}

/** The same with fluency. @param model fingerprint of the plain model that `logprobs` reads */
export function withFluency(judges: ReadonlyMap<string, Judge>, logprobs: Logprobs, model: string): ReadonlyMap<string, Judge> {
  const judge = fluencyJudge(logprobs, model);
  return new Map([...judges, [judge.id, judge]]);
}
