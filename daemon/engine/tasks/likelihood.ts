/**
 * How likely a model finds texts under many plans, for comparing plans: prompts are read once, without steering, and what counts
 * goes on from there under each plan, in mixed batches. Steering acts from the token on that predicts the first one that counts;
 * a study scores a text as it is written, with its prompt steered, too (score.ts).
 */
import type { EngineLikelihood, EngineLikelihoodResult } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { logSumExp } from "../loop/logprobs.ts";
import type { Vocabulary } from "../model/vocabulary.ts";
import { refusePrefix } from "../prompt/place-prefix.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { readTree, type TreeHost, type TreeText } from "./read-tree.ts";
import { type ScoredTextHost, splitText } from "./scored-text.ts";

export interface LikelihoodHost extends TreeHost, ScoredTextHost {
  readonly mustFit: (tokens: number) => void;
  readonly vocabulary: Vocabulary;
}

/** @throws TillerError not-supported for gates, which go from token to token */
export async function likelihood(
  { plans, texts, most }: EngineLikelihood<LoweredPlan>,
  host: LikelihoodHost,
): Promise<EngineLikelihoodResult> {
  if (plans.some((plan) => plan !== null && plan.gates.length > 0))
    throw new TillerError("not-supported", "gates (`when`) look at one token to govern the next, and texts are read at once", {
      field: "plans",
    });
  for (const plan of plans) refusePrefix(plan, "comparing plans on prompts that are read once", "plans");
  const known = new Map<string, { tokens: Int32Array; from: number }>();
  const split = texts.map(({ plan: _, ...text }) => {
    const key = JSON.stringify(text);
    const found = known.get(key) ?? shortened(splitText({ plan: 0, ...text }, host), most);
    host.mustFit(found.tokens.length);
    known.set(key, found);
    return found;
  });
  const nats = texts.map(() => 0);
  await readTree(
    split.map(({ tokens, from }, index): TreeText => {
      const plan = plans[texts[index]!.plan];
      if (plan === undefined) throw new TillerError("invalid-params", `there is no plan ${texts[index]!.plan}`, { field: "plans" });
      return {
        tokens,
        plan,
        steeredFrom: from - 1,
        captured: [0, 0],
        logits: [from - 1, tokens.length - 1],
        took: (position, { logits }) => {
          nats[index]! += logSumExp(logits!) - logits![tokens[position + 1]!]!;
        },
      };
    }),
    [],
    host,
  );
  return split.map(({ tokens, from }, index) => ({
    bits: nats[index]! / Math.LN2,
    tokens: tokens.length - from,
    bytes: tokens.subarray(from).reduce((sum, token) => sum + host.vocabulary.entry(token).bytes.length, 0),
  }));
}

function shortened({ tokens, from }: { tokens: Int32Array; from: number }, most: number): { tokens: Int32Array; from: number } {
  return { tokens: tokens.slice(0, from + most), from };
}
