/** `tiller run`: one prompt, one answer. */
import type { Command } from "commander";
import type { AnswerHandlers, AnswerStream } from "../../client/answer.ts";
import type { TillerClient } from "../../client/client.ts";
import type { Answer } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import { action, command } from "../action.ts";
import { collect, integer } from "../arguments/arguments.ts";
import { type ReasoningOptions, reasoning, renderOptions } from "../arguments/reasoning-options.ts";
import {
  checkTarget,
  type SamplingOptions,
  sampling,
  samplingOptions,
  type Target,
  type TargetOptions,
  target,
  targetOptions,
} from "../arguments/request-options.ts";
import { readInput, textOrStdin } from "../arguments/stdin.ts";
import { onInterrupt } from "../connection/interrupt.ts";
import type { Session } from "../connection/session.ts";
import { describeAnswer } from "../output/answer-note.ts";
import { baseModelNote } from "../output/base-model.ts";
import { EXIT } from "../output/exit.ts";
import { usage } from "../output/failure.ts";

interface Options extends TargetOptions, SamplingOptions, ReasoningOptions {
  readonly reasoningBudget?: number;
  readonly prompt: string;
  readonly raw?: boolean;
  readonly system?: string;
  readonly stop?: readonly string[];
  readonly grammar?: string;
  readonly jsonSchema?: string;
  readonly topLogprobs?: number;
}

const MAX_FILE = 200_000;

export function addRun(program: Command): void {
  const run = command(program, "run", "answer one prompt").requiredOption("--prompt <text>", "the prompt; - reads standard input");
  renderOptions(samplingOptions(targetOptions(run)))
    .option("--raw", "continue the text as it is, without the chat template")
    .option("--reasoning-budget <tokens>", "the model may think for so many tokens", integer("--reasoning-budget", 0, 1_000_000))
    .option("--system <text>", "system turn")
    .option("--stop <text>", "end the answer before this text (again for more)", collect)
    .option("--grammar <file>", "GBNF grammar that the answer must follow")
    .option("--json-schema <file>", "JSON Schema that the answer must follow")
    .option("--top-logprobs <n>", "with --json: the n likeliest tokens beside each token", integer("--top-logprobs", 0, 20))
    .action(action<Options>(runCommand));
}

async function runCommand(session: Session, _args: readonly string[], options: Options): Promise<number> {
  const { output } = session;
  const prompt = await textOrStdin(options.prompt);
  if (options.raw !== true && prompt.trim() === "")
    throw usage("--prompt: the prompt is empty", "prompt", "Write what the model should answer.");
  if (options.raw === true && options.system !== undefined) throw usage("--system: there is no system turn with --raw", "system");
  const shared = { ...sampling(options), ...constraints(options) };
  checkTarget(options);
  const client = await session.daemon();
  const what = await target(options, session, client);
  const base = options.raw === true ? null : await baseModelNote(client, what.model);
  if (base !== null) output.note(base);
  const abort = new AbortController();
  const ignore = onInterrupt(() => abort.abort());
  let last = "";
  let thoughts = "";
  const handlers: AnswerHandlers = {
    signal: abort.signal,
    onToken: ({ text, reasoning: thought }) => {
      if (output.json) return;
      if (thought !== undefined) thoughts += thought;
      if (text === "") return;
      last = text;
      void output.write(text);
    },
  };
  let answer: Answer;
  try {
    answer = await start(client, prompt, { ...shared, ...what }, options, handlers).result;
  } catch (error) {
    // The error begins on a line of its own.
    if (last !== "" && !last.endsWith("\n")) await output.write("\n");
    throw error;
  } finally {
    ignore();
  }
  if (output.json) await output.line(JSON.stringify(resultOf(answer)));
  else {
    if (!last.endsWith("\n")) await output.write("\n");
    if (thoughts !== "") output.note(`It thought first (${answer.stats.reasoningTokens} tokens):\n${thoughts.trim()}`);
    output.note(describeAnswer(answer));
  }
  return exitOf(answer);
}

function start(
  client: TillerClient,
  prompt: string,
  shared: Target & ReturnType<typeof sampling>,
  options: Options,
  handlers: AnswerHandlers,
): AnswerStream {
  if (options.raw === true) return client.complete({ ...shared, prompt }, handlers);
  const system = options.system === undefined ? [] : [{ role: "system" as const, content: options.system }];
  const budget = options.reasoningBudget === undefined ? {} : { reasoningBudget: options.reasoningBudget };
  return client.chat({ ...shared, ...reasoning(options), ...budget, messages: [...system, { role: "user", content: prompt }] }, handlers);
}

function constraints({ stop, grammar, jsonSchema, topLogprobs }: Options) {
  if (grammar !== undefined && jsonSchema !== undefined) throw usage("--grammar and --json-schema: give one of them", "grammar");
  return {
    ...(stop === undefined ? {} : { stop: [...stop] }),
    ...(grammar === undefined ? {} : { grammar: readInput(grammar, "grammar", MAX_FILE).toString("utf8") }),
    ...(jsonSchema === undefined ? {} : { jsonSchema: schemaFile(jsonSchema) }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
  };
}

function schemaFile(path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readInput(path, "json-schema", MAX_FILE).toString("utf8"));
  } catch (error) {
    if (error instanceof TillerError) throw error;
    throw usage(`${path}: not JSON`, "json-schema");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw usage(`${path}: a JSON Schema is an object`, "json-schema");
  return value as Record<string, unknown>;
}

function resultOf({ text, tokens, steered, stats, ...rest }: Answer): unknown {
  return {
    text,
    tokens: tokens.map(({ id, text, logprob, top }) => ({ id, text, logprob, ...(top === undefined ? {} : { top }) })),
    steered,
    stats,
    ...rest,
  };
}

export function exitOf({ reason }: Answer): number {
  if (reason === "cancelled") return EXIT.interrupted;
  return reason === "error" || reason === "engine-crashed" || reason === "shutting-down" ? EXIT.failure : EXIT.ok;
}
