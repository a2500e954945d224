/**
 * A study: many answers and many scored texts, each under one of several plans, for measuring what steering does.
 *
 * It runs on a context of its own with one KV stream per sequence, made for it and closed after it, and all of its work is
 * there from the start. So its batches follow from the request alone, whatever the model's users do at the same time, and
 * equal requests give equal results to the last bit.
 */
import { type EngineStudy, type EngineStudyResult, engineGenerate, type StudyAnswer } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { Loop } from "../loop/loop.ts";
import { penalised, samplerConfig } from "../loop/sampling.ts";
import { BATCH } from "../model/estimate.ts";
import type { NativeContext } from "../model/native.ts";
import type { Vocabulary } from "../model/vocabulary.ts";
import { type Placed, placePrefix } from "../prompt/place-prefix.ts";
import type { AnswerReader } from "../prompt/reader.ts";
import type { Prompt } from "../prompt/template.ts";
import { Watches } from "../steering/activation-stream.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { Steering } from "../steering/steering.ts";
import { AnswerTask } from "./generate.ts";
import type { ReadTask } from "./read-task.ts";
import { scoreTask } from "./score.ts";
import { splitText } from "./scored-text.ts";

/** Answers that run at once. Part of what a study's results depend on in their last bits, so it is no option. */
export const STUDY_SEQUENCES = 16;
const PROGRESS_MS = 100;
const HEARTBEAT_MS = 1000;

type StudyTask = AnswerTask | ReadTask;
type AnswerResult = EngineStudyResult["answers"][number];
type TextResult = EngineStudyResult["texts"][number];

export interface StudyHost {
  /** a fresh context for so many tokens per sequence */
  readonly createContext: (tokens: number, sequences: number) => NativeContext;
  readonly contextSize: number;
  readonly threads: number;
  readonly maxProfiles: number;
  readonly keepsPositions: boolean;
  readonly vocabulary: Vocabulary;
  readonly vocabularySize: number;
  /** the header of the coming answer is appended; the model is not to think where that can be switched off */
  readonly render: (messages: StudyAnswer["messages"]) => Prompt;
  readonly reader: (prompt: Prompt) => AnswerReader;
  /** raw text, which begins as the model's texts do and names no special tokens */
  readonly tokenize: (text: string) => Int32Array;
  /** see prefixAt */
  readonly begins: number | null;
  readonly stops: readonly string[];
  readonly progress: (fraction: number) => void;
}

/** What is cancelled here is the whole study. */
export interface StudyState {
  cancelled: boolean;
  cancel: () => void;
}

export async function runStudy(request: EngineStudy<LoweredPlan>, host: StudyHost, state: StudyState): Promise<EngineStudyResult> {
  const placed = (tokens: Int32Array, plan: number): Placed =>
    placePrefix(tokens, planOf(request, plan), host.begins, Number.POSITIVE_INFINITY);
  const answers = request.answers.map((answer) => {
    const prompt = promptOf(answer, host);
    return { answer, prompt, placed: placed(prompt.tokens, answer.plan) };
  });
  const texts = request.texts.map((text) => {
    const split = splitText(text, host);
    const { tokens, at, rows } = placed(split.tokens, text.plan);
    return { text, tokens, prefixAt: at, from: split.from + rows };
  });
  const room = request.sampling.maxTokens ?? 256;
  const longest = Math.max(
    1,
    ...answers.map(({ placed: { tokens } }) => tokens.length + room),
    ...texts.map(({ tokens }) => tokens.length),
  );
  if (longest > host.contextSize)
    throw new TillerError("context-full", `a text of the study needs ${longest} tokens, the context has ${host.contextSize}`, {
      suggestion: "Give shorter prompts and texts, or fewer tokens per answer.",
    });
  const context = host.createContext(longest, STUDY_SEQUENCES);
  try {
    const steering = new Steering(context, host.maxProfiles);
    const loop = new Loop({
      context,
      steering,
      watches: new Watches(),
      live: () => undefined,
      sequences: STUDY_SEQUENCES,
      batch: BATCH,
      vocabulary: host.vocabularySize,
      keepsPositions: host.keepsPositions,
      worthCopying: Number.POSITIVE_INFINITY,
      steady: true,
      threads: host.threads,
    });
    const planned = (tokens: Int32Array, more = 0): number => tokens.length + more;
    const work = [...answers.map(({ placed: { tokens } }) => planned(tokens, room)), ...texts.map(({ tokens }) => planned(tokens))];
    const done = counter(
      work.reduce((sum, tokens) => sum + tokens, 0),
      host.progress,
    );
    const tasks: StudyTask[] = [];
    const settle = <T>(tokens: number, make: (finish: (value: T) => void, fail: (error: TillerError) => void) => StudyTask): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const task = make((value) => {
          done.ended(tokens);
          resolve(value);
        }, reject);
        tasks.push(task);
        loop.submit(task);
      });
    const stop = (): void => {
      loop.dropAllWaiting("cancelled");
      for (const task of tasks) task.stop ??= "cancelled";
    };
    try {
      state.cancel = stop;
      const answering = answers.map((one, index) =>
        settle<AnswerResult>(planned(one.placed.tokens, room), (finish, fail) =>
          answerTask(request, host, { ...one, index }, finish, fail),
        ),
      );
      const chunk = chunkOf(host.vocabularySize);
      const scoring = texts.map(({ text, ...one }, index) => {
        const { vocabulary, contextSize } = host;
        const input = { id: `${request.id}#t${index}`, ...one, plan: planOf(request, text.plan), chunk, vocabulary, contextSize };
        return settle<TextResult>(planned(one.tokens), (finish, fail) => scoreTask(input, finish, fail));
      });
      const [written, scored] = await Promise.all([Promise.all(answering), Promise.all(scoring)]);
      if (state.cancelled) throw new TillerError("cancelled", "the study was cancelled");
      return { answers: written, texts: scored };
    } finally {
      // A failed or cancelled task leaves others behind; the context may only go once nothing decodes on it.
      done.stop();
      stop();
      while (loop.active > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    await context.close();
  }
}

function answerTask(
  request: EngineStudy<LoweredPlan>,
  host: StudyHost,
  { answer, prompt, placed, index }: { answer: StudyAnswer; prompt: Prompt; placed: Placed; index: number },
  finish: (value: AnswerResult) => void,
  fail: (error: TillerError) => void,
): AnswerTask {
  const sampler = samplerConfig(request.sampling, answer.seed, { logitBias: {}, grammar: null, topLogprobs: 0 });
  return new AnswerTask({
    request: engineGenerate({
      id: `${request.id}#a${index}`,
      messages: answer.messages,
      sampling: { maxTokens: 256, ...request.sampling },
      plan: planOf(request, answer.plan),
    }),
    prompt: placed.tokens,
    prefixAt: placed.at,
    overflow: null,
    sampler,
    seed: answer.seed,
    penalised: penalised(prompt.tokens, sampler),
    stops: [...host.stops, ...(request.stop ?? [])],
    reader: host.reader(prompt),
    contextSize: host.contextSize,
    echo: null,
    vocabulary: host.vocabulary,
    received: performance.now(),
    emit: () => undefined,
    done: ({ text, tokens, reason }) => finish({ text, tokens: tokens.map((token) => token.id), ended: reason === "end" }),
    failed: fail,
  });
}

function promptOf({ prompt, messages }: StudyAnswer, host: StudyHost): Prompt {
  if (prompt === undefined) return host.render(messages);
  return { text: prompt, tokens: host.tokenize(prompt), generationPrompt: "", native: null };
}

function planOf(request: EngineStudy<LoweredPlan>, index: number): LoweredPlan | null {
  const plan = request.plans[index];
  if (plan === undefined) throw new TillerError("invalid-params", `the study has no plan ${index}`, { field: "plans" });
  return plan;
}

/** Rows of logits that one text may hold in one step: together they stay near 64 MiB. */
function chunkOf(vocabulary: number): number {
  return Math.max(1, Math.floor((64 * 1024 ** 2) / (STUDY_SEQUENCES * vocabulary * 4)));
}

/**
 * Tells how far the work is, in planned tokens: an answer takes many times as long as a text that is only read. Also once a
 * second while nothing ends: an engine that says nothing for long counts as hanging.
 */
function counter(total: number, progress: (fraction: number) => void): { ended: (tokens: number) => void; stop: () => void } {
  let finished = 0;
  let told = 0;
  const tell = (): void => {
    told = performance.now();
    progress(total === 0 ? 1 : finished / total);
  };
  const heartbeat = setInterval(tell, HEARTBEAT_MS);
  return {
    ended: (tokens) => {
      finished += tokens;
      if (performance.now() - told >= PROGRESS_MS || finished === total) tell();
    },
    stop: () => clearInterval(heartbeat),
  };
}
