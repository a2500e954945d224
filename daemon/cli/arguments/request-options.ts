/** Options that `run`, `tap` and `chat` share, and the requests that they make. */
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import type { Sampling } from "../../protocol/preset.ts";
import type { Session } from "../connection/session.ts";
import { assignments, collect, decimal, integer } from "./arguments.ts";
import { resolveModel } from "./model-argument.ts";
import { checkDirections, type SteeringIn, steeringOf } from "./steering-arguments.ts";

export interface TargetOptions {
  readonly model?: string;
  readonly preset?: string;
  readonly set?: readonly string[];
}

export interface SamplingOptions {
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
}

export function targetOptions(command: Command): Command {
  return command
    .option("--model <file|id|uri>", "a GGUF file, a model's id, or an hf: address; default: the embedded model")
    .option("--preset <id>", "steer by this preset")
    .option("--set <control=strength>", "strength of a control; without a preset, of a direction (again for more)", collect);
}

export function samplingOptions(command: Command): Command {
  return command
    .option("--seed <n>", "same seed, same answer", integer("--seed", 0, 0xffffffff))
    .option("--max-tokens <n>", "end the answer after so many tokens", integer("--max-tokens", 1, 1_000_000))
    .option("--temperature <t>", "0 always takes the likeliest token", decimal("--temperature", 0, 5))
    .option("--top-k <n>", "choose among the n likeliest tokens", integer("--top-k", 0, 100_000))
    .option("--top-p <p>", "choose among the likeliest tokens that make up p", decimal("--top-p", 0, 1))
    .option("--min-p <p>", "leave out tokens below p times the likeliest", decimal("--min-p", 0, 1));
}

export interface Target {
  readonly model?: string;
  readonly steering?: SteeringIn;
}

/** Checks strengths before a daemon is started or a model loaded. */
export function checkTarget(options: TargetOptions): SteeringIn | undefined {
  return steeringOf(options.preset, assignments(options.set ?? []));
}

export async function target(options: TargetOptions, session: Session, client: TillerClient): Promise<Target> {
  const steering = checkTarget(options);
  await checkDirections(steering, client);
  const model = options.model === undefined ? undefined : await resolveModel(options.model, session, client);
  return { ...(model === undefined ? {} : { model }), ...(steering === undefined ? {} : { steering }) };
}

export function sampling(options: SamplingOptions): { sampling?: Sampling } {
  const { seed, maxTokens, temperature, topK, topP, minP } = options;
  const given = Object.fromEntries(
    Object.entries({ seed, maxTokens, temperature, topK, topP, minP }).filter(([, value]) => value !== undefined),
  );
  return Object.keys(given).length === 0 ? {} : { sampling: given };
}
