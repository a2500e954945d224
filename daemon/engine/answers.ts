/** Answers of one model from their request to their result: prepared, submitted, steered on the way, ended. */
import { performance } from "node:perf_hooks";
import type { EngineRequestName, EngineRequests } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { BestOf } from "./decoding/best-of.ts";
import { Judging } from "./decoding/judging.ts";
import { Tilt } from "./decoding/tilt.ts";
import type { Emit } from "./emit.ts";
import { schemaGrammar } from "./grammar/json-schema.ts";
import type { Loop } from "./loop/loop.ts";
import { checkGrammar, chooseSeed, penalised, samplerConfig } from "./loop/sampling.ts";
import type { Sequence } from "./loop/sequence.ts";
import type { StopReason, Task } from "./loop/task.ts";
import type { Loaded } from "./model/load.ts";
import type { Vocabulary } from "./model/vocabulary.ts";
import { reasoningBudget } from "./prompt/budget.ts";
import { callGrammar } from "./prompt/calls.ts";
import { placePrefix } from "./prompt/place-prefix.ts";
import { PLAIN_READER, readerOf } from "./prompt/reader.ts";
import type { Prompts } from "./prompts.ts";
import type { Watches } from "./steering/activation-stream.ts";
import type { LoweredPlan } from "./steering/lowered.ts";
import type { Steering } from "./steering/steering.ts";
import type { Needs } from "./steering/topology.ts";
import { echoedPlan } from "./tasks/echo.ts";
import { AnswerTask } from "./tasks/generate.ts";

type Params<N extends EngineRequestName> = EngineRequests<LoweredPlan>[N][0];
type Result<N extends EngineRequestName> = EngineRequests[N][1];

/** What answers stand on. */
interface Ground {
  readonly loaded: Loaded;
  readonly prompts: Prompts;
  readonly vocabulary: Vocabulary;
  readonly vocabularySize: number;
  readonly steering: Steering;
  readonly watches: Watches;
  readonly loop: Loop;
  readonly emit: Emit;
}

export class Answers {
  readonly #ground: Ground;
  /** that are being prepared, waiting or running */
  readonly #open = new Map<string, { task: AnswerTask | null; stop: StopReason | null }>();
  readonly #judging: Judging;
  #draining = false;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#judging = new Judging(
      (asked) => ground.emit("judge", asked),
      () => ground.loop.wake(),
    );
  }

  get size(): number {
    return this.#open.size;
  }

  async generate(request: Params<"generate">): Promise<Result<"generate">> {
    if (this.#draining) throw new TillerError("shutting-down", "the model is being unloaded");
    if (this.#open.has(request.id)) throw new TillerError("conflict", "an answer of this name is running already");
    const received = performance.now();
    const { loaded, prompts, vocabularySize } = this.#ground;
    const entry: { task: AnswerTask | null; stop: StopReason | null } = { task: null, stop: null };
    this.#open.set(request.id, entry);
    try {
      prompts.mustKnow(request.forced ?? [], "forced");
      prompts.mustKnow(Object.keys(request.logitBias).map(Number), "logitBias");
      const { tokens, prompt, overflow } = prompts.of(request);
      const plan = request.echo ? echoedPlan(request.plan) : request.plan;
      const placed = placePrefix(tokens, plan, prompts.begins, loaded.contextSize);
      const streams = request.decoding?.streams.map(({ plan: other }) => {
        const { tokens: prompt, at } = placePrefix(tokens, other, prompts.begins, loaded.contextSize);
        return { plan: other, prompt, prefixAt: at };
      });
      if (request.grammar !== null) checkGrammar(request.grammar);
      const grammar = request.jsonSchema === null ? request.grammar : schemaGrammar(request.jsonSchema);
      const seed = chooseSeed(request.sampling);
      const { logitBias, topLogprobs, forced } = request;
      const { addon, model } = loaded;
      const reasoning = reasoningBudget(prompt, request.reasoningBudget, (text) => model.tokenize(text, false, true));
      const rule = request.decoding?.tilt ?? null;
      const tilt = rule === null ? null : new Tilt(rule, request.decoding!.scorers, vocabularySize);
      const extras = {
        logitBias,
        grammar,
        topLogprobs,
        reasoning,
        contrast: request.decoding?.contrast ?? null,
        tilt: tilt?.config ?? null,
      };
      const calls = grammar === null ? callGrammar(prompt?.native ?? null, model) : null;
      const config = forced === null ? samplerConfig(request.sampling, seed, extras) : null;
      const sampler = config === null || calls === null ? config : { ...config, grammar: calls };
      return await new Promise((done, failed) => {
        entry.task = new AnswerTask({
          request: { ...request, plan },
          prompt: placed.tokens,
          prefixAt: placed.at,
          streams,
          overflow,
          tilt,
          sampler,
          seed,
          penalised: sampler === null || sampler.grammar !== null ? new Int32Array(0) : penalised(tokens, sampler),
          stops: request.messages === null ? request.stop : [...request.stop, ...prompts.stops],
          // a grammar says what the text is
          reader:
            prompt === null || grammar !== null
              ? PLAIN_READER
              : readerOf(addon, model, prompt.native, request.render.parallelToolCalls !== false),
          // a stream whose own prefix is longer comes to the context's end first
          contextSize: loaded.contextSize - Math.max(0, ...(streams ?? []).map((one) => one.prompt.length - placed.tokens.length)),
          vocabulary: this.#ground.vocabulary,
          echo: request.echo ? prompts.echo(request, tokens) : null,
          received,
          emit: this.#ground.emit,
          // they have gone out as events
          done: ({ tokens: _, ...answer }) => done({ ...answer, numerics: loaded.numerics }),
          failed,
        });
        this.#ground.loop.submit(this.#chosenBy(entry.task, request, seed));
        if (entry.stop !== null) this.#stop(entry.task, entry.stop);
      });
    } finally {
      this.#open.delete(request.id);
    }
  }

  /** @returns whether there is such an answer */
  cancel(id: string): boolean {
    const answer = this.#open.get(id);
    if (answer === undefined) return false;
    answer.stop = "cancelled";
    if (answer.task !== null) this.#stop(answer.task, "cancelled");
    return true;
  }

  /**
   * A change is staged at once, also while a decode runs, for the decodes that begin after it. A second one during the same
   * decode is staged and acknowledged when that has ended and the next was asked for: whoever asks faster than the model decodes is held back, and what is
   * staged stays small.
   */
  steer(request: Params<"steer">): Promise<Result<"steer">> {
    const again = this.#ground.loop.find(request.id)?.moved === this.#ground.loop.stats.decodes;
    return new Promise((resolve, reject) => {
      const change = (): void => {
        try {
          resolve(this.#steer(request));
        } catch (error) {
          reject(error);
        }
      };
      if (again) this.#ground.loop.afterNext(change);
      else change();
    });
  }

  #steer({ id, plan: asked, controls }: Params<"steer">): Result<"steer"> {
    const task = this.#open.get(id)?.task ?? null;
    // the prompt keeps the prefix that it was made with: another one acts from the next answer on
    const plan = { ...asked, prefix: task?.plan?.prefix ?? [] };
    const sequence = this.#ground.loop.find(id);
    if (task === null || (sequence === null && this.#ground.loop.waiting(id) === undefined))
      throw new TillerError("not-found", "this answer has ended or was never started");
    if (sequence === null) {
      task.steered({ version: 0, from: 0, controls, report: plan.report }, plan);
      return { staged: true };
    }
    // candidates are steered alike; further streams of a contrast stay as they are
    const forks = sequence.task!.lockStep?.fork === undefined ? [] : sequence.companions;
    const versions = [sequence, ...forks].map((one) => this.#rebind(one, plan, task.probes, this.#ground.watches.tapsOf(id)));
    const version = versions[0]!;
    task.steered({ version, from: sequence.fed, controls, report: plan.report }, plan);
    return { staged: true };
  }

  /** @returns the staging version from which on the sequence is under this plan */
  #rebind(sequence: Sequence, plan: LoweredPlan, probes: Needs["probes"], taps: Needs["taps"]): number {
    const hold = this.#ground.steering.hold(this.#ground.steering.needs(plan, probes, taps));
    const binding = this.#ground.steering.bind(sequence.id, plan, sequence.task!.prefixAt);
    if (binding === null) {
      this.#ground.steering.release(hold);
      throw new TillerError("overloaded", "every steering profile of this model is in use", {
        suggestion: "Wait for another answer to end, or load the model with a larger maxProfiles.",
      });
    }
    const before = sequence.binding!;
    const bits = before.sameGates(plan) ? before.bits : 0;
    const version = binding.apply(sequence.fed, sequence.task!.prompt.length, bits);
    this.#ground.steering.unbind(before.slots);
    this.#ground.steering.release(sequence.hold!);
    sequence.binding = binding;
    sequence.hold = hold;
    sequence.moved = this.#ground.loop.stats.decodes;
    return version;
  }

  judged(answer: Params<"judged">): Result<"judged"> {
    return { taken: this.#judging.answered(answer) };
  }

  /** Ends everything with reason shutting-down and what was written so far. */
  drain(): void {
    this.#draining = true;
    this.#ground.loop.dropAllWaiting("shutting-down");
    for (const answer of this.#open.values()) {
      answer.stop = "shutting-down";
      if (answer.task !== null) answer.task.stop = "shutting-down";
    }
    this.#ground.loop.wake();
  }

  /** The task that is run for an answer: itself, or one that tells it from what was chosen among several. */
  #chosenBy(task: AnswerTask, { decoding, sampling }: Params<"generate">, seed: number): Task {
    if (decoding === null || decoding.best === null) return task;
    if (!this.#ground.loaded.model.keepsPositions())
      throw new TillerError("not-supported", "decoding.best: the memory of this model is a recurrent state, which is not forked", {
        field: "decoding.best",
      });
    const best = new BestOf(
      task,
      seed,
      { best: decoding.best, scorers: decoding.scorers },
      {
        block: decoding.best.block,
        maxTokens: sampling.maxTokens ?? Number.POSITIVE_INFINITY,
        contextSize: this.#ground.loaded.contextSize,
        stops: task.stops,
        ends: (token) => this.#ground.vocabulary.entry(token).ends,
        bytes: (token) => task.bytesOf(token),
      },
      (asked, texts, figures, failed) => this.#judging.ask({ id: task.id, rewards: asked, texts: [...texts] }, figures, failed),
    );
    task.best = () => best.report;
    return best;
  }

  #stop(task: AnswerTask, reason: StopReason): void {
    task.stop = reason;
    this.#ground.loop.dropWaiting(task.id, reason);
    // it may be waiting for judges, and nothing else runs
    this.#ground.loop.wake();
  }
}
