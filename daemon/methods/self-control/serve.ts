/** A prefix as it is served, before it is saved: plans, answers and what it does to plain text. */
import { compileRack } from "../../compiler/compile.ts";
import type { FoundArtifact, LoadedArtifact, MethodCompiler } from "../../compiler/types.ts";
import type { Message } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import type { Lab } from "../contract.ts";
import { randomOps } from "../shared/random-control.ts";
import { prefixCompiler } from "./compile.ts";

const NO_HASH = "0".repeat(64);

/** @param random seed of rows as long that mean nothing; null: the prefix itself */
export function planOf(found: FoundArtifact, { model }: Pick<Lab, "model">, random: number | null = null): SteeringPlan {
  const artifact: LoadedArtifact = {
    meta: { ...found.meta, tiller: 2, kind: "prefix", data: { file: "data.safetensors", sha256: NO_HASH }, hash: NO_HASH, receipts: [] },
    tensors: found.tensors,
  };
  const method: MethodCompiler = {
    ...(prefixCompiler as MethodCompiler),
    ...(random === null
      ? {}
      : { compile: (input) => ({ ops: randomOps(prefixCompiler.compile(input as never).ops, random, () => model.facts.width) }) }),
  };
  const rack = { controls: { prefix: { use: found.meta.id, strength: 1 } } };
  const probe = (): never => {
    throw new TillerError("internal", "this rack has no probes");
  };
  return compileRack({ rack, set: {}, model, artifact: () => artifact }, { methods: [method], probe });
}

export interface AskedAnswer {
  readonly prompt: readonly Message[];
  /** index into the plans */
  readonly plan: number;
}

/** Greedy answers under plans; null: the plain model. */
export async function written(
  plans: readonly (SteeringPlan | null)[],
  asked: readonly AskedAnswer[],
  maxTokens: number,
  lab: Pick<Lab, "study">,
): Promise<string[]> {
  const { answers } = await lab.study({
    plans: [...plans],
    answers: asked.map(({ prompt, plan }) => ({ plan, messages: [...prompt], seed: 1 })),
    sampling: { temperature: 0, maxTokens },
    texts: [],
  });
  return answers.map(({ text }) => text.trim());
}

/** Bits per token of plain texts under each plan: what damage is measured by. */
export async function bitsOf(
  plans: readonly (SteeringPlan | null)[],
  texts: readonly string[],
  lab: Pick<Lab, "study">,
): Promise<number[][]> {
  const { texts: scored } = await lab.study({
    plans: [...plans],
    answers: [],
    sampling: {},
    texts: plans.flatMap((_, plan) => texts.map((text) => ({ plan, messages: null, text, tokens: null }))),
  });
  return plans.map((_, plan) => texts.map((_, i) => scored[plan * texts.length + i]!).map(({ bits, tokens }) => bits / tokens));
}
