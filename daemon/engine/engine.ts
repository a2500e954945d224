/** One loaded model and everything that may be asked of it. */
import { performance } from "node:perf_hooks";
import { setImmediate as immediate } from "node:timers/promises";
import type { Answer } from "../protocol/api/generate.ts";
import type { LoadOptions } from "../protocol/api/model.ts";
import {
  type ChatTurn,
  type EngineCollect,
  type EngineEventName,
  type EngineEvents,
  type EngineRequestName,
  type EngineRequests,
  PLAIN_RENDER,
  type RenderOptions,
} from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { BestOf } from "./decoding/best-of.ts";
import { Judging } from "./decoding/judging.ts";
import { schemaGrammar } from "./grammar/json-schema.ts";
import { worthCopying } from "./loop/cache.ts";
import { Governor } from "./loop/governor.ts";
import { Loop } from "./loop/loop.ts";
import { checkGrammar, chooseSeed, penalised, samplerConfig } from "./loop/sampling.ts";
import type { Sequence } from "./loop/sequence.ts";
import type { StopReason, Task } from "./loop/task.ts";
import { Candidates } from "./loop/thread-learning.ts";
import { BATCH } from "./model/estimate.ts";
import { idleTime } from "./model/idle-time.ts";
import { fillGap, infillMarks } from "./model/infill.ts";
import { createShared, createStreams, describe, type Loaded, loadModel, storedTemplate } from "./model/load.ts";
import { LoadProgress } from "./model/load-progress.ts";
import { availableMemory } from "./model/memory.ts";
import { Vocabulary } from "./model/vocabulary.ts";
import { reasoningBudget } from "./prompt/budget.ts";
import { callGrammar } from "./prompt/calls.ts";
import { fitMessages, fitTokens, leftOutOf, roomIn } from "./prompt/fit.ts";
import { placePrefix } from "./prompt/place-prefix.ts";
import { PLAIN_READER, readerOf } from "./prompt/reader.ts";
import { createTemplate, type Prompt, type Template, tokensOf } from "./prompt/template.ts";
import { Watches } from "./steering/activation-stream.ts";
import type { LoweredPlan } from "./steering/lowered.ts";
import { Steering } from "./steering/steering.ts";
import type { Needs } from "./steering/topology.ts";
import { accumulate } from "./tasks/accumulate.ts";
import { collect, residualsOf } from "./tasks/collect.ts";
import { runControlled } from "./tasks/controlled.ts";
import { echoChunk, echoedPlan, PromptEcho } from "./tasks/echo.ts";
import { type AnswerInput, AnswerTask } from "./tasks/generate.ts";
import { Gradients } from "./tasks/gradient.ts";
import { likelihood } from "./tasks/likelihood.ts";
import { LongWork } from "./tasks/long-work.ts";
import { isTokens, type OwnTokens, ownTokens } from "./tasks/own-tokens.ts";
import type { TreeHost } from "./tasks/read-tree.ts";
import { runStudy, type StudyHost, type StudyState } from "./tasks/study.ts";
import { livePlaces, tapTask } from "./tasks/tap.ts";
import { readWeights } from "./tasks/weights.ts";

export type Emit = <N extends EngineEventName>(name: N, params: EngineEvents[N]) => void;
type Params<N extends EngineRequestName> = EngineRequests<LoweredPlan>[N][0];
type Result<N extends EngineRequestName> = EngineRequests[N][1];

/** Memory that a context leaves free as it grows. */
const RESERVE_BYTES = 128 * 1024 ** 2;
/** Texts that are tokenised in one turn: others have theirs between. */
const TURN_MS = 10;

export class Engine {
  readonly #loaded: Loaded;
  readonly #emit: Emit;
  #template: Template;
  readonly #vocabulary: Vocabulary;
  readonly #vocabularySize: number;
  readonly #steering: Steering;
  readonly #watches = new Watches();
  readonly #loop: Loop;
  readonly #governor: Governor | undefined;
  readonly #model: Result<"load">;
  /** answers that are being prepared, waiting or running */
  readonly #answers = new Map<string, { task: AnswerTask | null; stop: StopReason | null }>();
  readonly #work: LongWork;
  readonly #studies = new Map<string, StudyState>();
  #accumulating = false;
  readonly #gradients: Gradients;
  readonly #judging: Judging;
  #draining = false;
  #taps = 0;

  static async load(params: Params<"load">, emit: Emit): Promise<Engine> {
    const progress = new LoadProgress((fraction) => emit("loadProgress", { fraction }));
    const engine = new Engine(await loadModel(params.path, params.options, progress.of), params, emit);
    progress.end();
    return engine;
  }

  private constructor(loaded: Loaded, { template, threads: learned }: Pick<Params<"load">, "template" | "threads">, emit: Emit) {
    this.#loaded = loaded;
    this.#emit = emit;
    this.#template = createTemplate(loaded.model, template, storedTemplate(loaded));
    this.#vocabulary = new Vocabulary(loaded.model);
    this.#model = { ...describe(loaded), template: this.#template.facts };
    this.#vocabularySize = this.#model.facts.vocabulary;
    this.#steering = new Steering(loaded.context, loaded.options.maxProfiles);
    this.#work = new LongWork((id, fraction) => emit("collectProgress", { id, fraction }));
    this.#judging = new Judging(
      (asked) => emit("judge", asked),
      () => this.#loop.wake(),
    );
    const { threads: most, options } = loaded;
    const governor = (candidates: Candidates) => new Governor({ most, candidates, idleTime });
    // A number that the user gave is kept to.
    const governed = options.threads === 0;
    this.#governor = governed ? governor(new Candidates(most, learned)) : undefined;
    this.#gradients = new Gradients({
      governor: governed ? governor(new Candidates(most)) : undefined,
      model: loaded.model,
      contextSize: loaded.contextSize,
      threads: loaded.threads,
      noGradients: this.#model.noGradients,
      availableMemory: () => availableMemory() - RESERVE_BYTES,
      prompt: ({ messages, tokens, prompt }) => (messages === null ? this.#tokens(tokens, prompt ?? "") : this.#quiet(messages).tokens),
      begins: this.#begins,
      render: (messages) => this.#quiet(messages).tokens,
      text: (token) => this.#vocabulary.piece(token).text,
    });
    this.#loop = new Loop({
      context: loaded.context,
      steering: this.#steering,
      watches: this.#watches,
      live: (frame) => emit("live", frame),
      sequences: loaded.options.sequences,
      batch: BATCH,
      vocabulary: this.#vocabularySize,
      keepsPositions: loaded.model.keepsPositions() && options.fullWindow,
      room: (tokens) => availableMemory() > RESERVE_BYTES + tokens * loaded.kvTokenBytes,
      worthCopying: worthCopying(loaded.contextSize),
      exact: loaded.options.exact,
      threads: loaded.threads,
      governor: this.#governor,
      learned: (governor) => emit("learnedThreads", governor.learned),
    });
  }

  get model(): Result<"load"> {
    return this.#model;
  }

  get options(): LoadOptions {
    return this.#loaded.options;
  }

  get loop(): Loop {
    return this.#loop;
  }

  async generate(request: Params<"generate">): Promise<Result<"generate">> {
    if (this.#draining) throw new TillerError("shutting-down", "the model is being unloaded");
    if (this.#answers.has(request.id)) throw new TillerError("conflict", "an answer of this name is running already");
    const received = performance.now();
    const entry: { task: AnswerTask | null; stop: StopReason | null } = { task: null, stop: null };
    this.#answers.set(request.id, entry);
    try {
      this.#mustKnow(request.forced ?? [], "forced");
      this.#mustKnow(Object.keys(request.logitBias).map(Number), "logitBias");
      const { tokens, prompt, overflow } = this.#prompt(request);
      const plan = request.echo ? echoedPlan(request.plan) : request.plan;
      const placed = placePrefix(tokens, plan, this.#begins, this.#loaded.contextSize);
      const streams = request.decoding?.streams.map(({ plan: other }) => {
        const { tokens: prompt, at } = placePrefix(tokens, other, this.#begins, this.#loaded.contextSize);
        return { plan: other, prompt, prefixAt: at };
      });
      if (request.grammar !== null) checkGrammar(request.grammar);
      const grammar = request.jsonSchema === null ? request.grammar : schemaGrammar(request.jsonSchema);
      const seed = chooseSeed(request.sampling);
      const { logitBias, topLogprobs, forced } = request;
      const { addon, model } = this.#loaded;
      const reasoning = reasoningBudget(prompt, request.reasoningBudget, (text) => model.tokenize(text, false, true));
      const extras = { logitBias, grammar, topLogprobs, reasoning, contrast: request.decoding?.contrast ?? null };
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
          sampler,
          seed,
          penalised: sampler === null || sampler.grammar !== null ? new Int32Array(0) : penalised(tokens, sampler),
          stops: request.messages === null ? request.stop : [...request.stop, ...this.#template.stops],
          // a grammar says what the text is
          reader:
            prompt === null || grammar !== null
              ? PLAIN_READER
              : readerOf(addon, model, prompt.native, request.render.parallelToolCalls !== false),
          // a stream whose own prefix is longer comes to the context's end first
          contextSize: this.#loaded.contextSize - Math.max(0, ...(streams ?? []).map((one) => one.prompt.length - placed.tokens.length)),
          vocabulary: this.#vocabulary,
          echo: request.echo ? this.#echo(request, tokens) : null,
          received,
          emit: this.#emit,
          done: (answer) => done({ ...answer, numerics: this.#loaded.numerics }),
          failed,
        });
        this.#loop.submit(this.#chosenBy(entry.task, request, seed));
        if (entry.stop !== null) this.#stop(entry.task, entry.stop);
      });
    } finally {
      this.#answers.delete(request.id);
    }
  }

  cancel({ id }: Params<"cancel">): Result<"cancel"> {
    const working = this.#work.cancel(id);
    const study = this.#studies.get(id);
    if (study !== undefined) this.#stopStudy(study);
    this.#gradients.cancel(id);
    const answer = this.#answers.get(id);
    if (answer === undefined) return { cancelled: working || study !== undefined };
    answer.stop = "cancelled";
    if (answer.task !== null) this.#stop(answer.task, "cancelled");
    return { cancelled: true };
  }

  /**
   * A change is staged at once, also while a decode runs, for the decodes that begin after it. A second one during the same
   * decode is staged and acknowledged when that has ended and the next was asked for: whoever asks faster than the model decodes is held back, and what is
   * staged stays small.
   */
  steer(request: Params<"steer">): Promise<Result<"steer">> {
    const again = this.#loop.find(request.id)?.moved === this.#loop.stats.decodes;
    return new Promise((resolve, reject) => {
      const change = (): void => {
        try {
          resolve(this.#steer(request));
        } catch (error) {
          reject(error);
        }
      };
      if (again) this.#loop.afterNext(change);
      else change();
    });
  }

  #steer({ id, plan: asked, controls }: Params<"steer">): Result<"steer"> {
    const task = this.#answers.get(id)?.task ?? null;
    // the prompt keeps the prefix that it was made with: another one acts from the next answer on
    const plan = { ...asked, prefix: task?.plan?.prefix ?? [] };
    const sequence = this.#loop.find(id);
    if (task === null || (sequence === null && this.#loop.waiting(id) === undefined))
      throw new TillerError("not-found", "this answer has ended or was never started");
    if (sequence === null) {
      task.steered({ version: 0, from: 0, controls, report: plan.report }, plan);
      return { staged: true };
    }
    // candidates are steered alike; further streams of a contrast stay as they are
    const forks = sequence.task!.lockStep?.fork === undefined ? [] : sequence.companions;
    const versions = [sequence, ...forks].map((one) => this.#rebind(one, plan, task.probes, this.#watches.tapsOf(id)));
    const version = versions[0]!;
    task.steered({ version, from: sequence.fed, controls, report: plan.report }, plan);
    return { staged: true };
  }

  /** @returns the staging version from which on the sequence is under this plan */
  #rebind(sequence: Sequence, plan: LoweredPlan, probes: Needs["probes"], taps: Needs["taps"]): number {
    const hold = this.#steering.hold(this.#steering.needs(plan, probes, taps));
    const binding = this.#steering.bind(sequence.id, plan, sequence.task!.prefixAt);
    if (binding === null) {
      this.#steering.release(hold);
      throw new TillerError("overloaded", "every steering profile of this model is in use", {
        suggestion: "Wait for another answer to end, or load the model with a larger maxProfiles.",
      });
    }
    const before = sequence.binding!;
    const bits = before.sameGates(plan) ? before.bits : 0;
    const version = binding.apply(sequence.fed, sequence.task!.prompt.length, bits);
    this.#steering.unbind(before.slots);
    this.#steering.release(sequence.hold!);
    sequence.binding = binding;
    sequence.hold = hold;
    sequence.moved = this.#loop.stats.decodes;
    return version;
  }

  judged(answer: Params<"judged">): Result<"judged"> {
    return { taken: this.#judging.answered(answer) };
  }

  tokenize({ content, addSpecial, parseSpecial }: Params<"tokenize">): Result<"tokenize"> {
    const tokens = this.#loaded.model.tokenize(content, addSpecial, parseSpecial);
    return { tokens: [...tokens], pieces: Array.from(tokens, (token) => this.#vocabulary.piece(token)) };
  }

  detokenize({ tokens }: Params<"detokenize">): Result<"detokenize"> {
    this.#mustKnow(tokens, "tokens");
    return { content: this.#vocabulary.text(tokens) };
  }

  vocabulary(): Result<"vocabulary"> {
    const { bos, eos } = tokensOf(this.#loaded.model);
    return { bos, eos, template: this.#template.facts.source };
  }

  /** Conversations are written by another template from now on; null: by the model's own. */
  setTemplate({ source }: Params<"template">): Result<"template"> {
    const template = createTemplate(this.#loaded.model, source, storedTemplate(this.#loaded));
    const { facts } = template;
    if (source !== null && facts.renderer === "none")
      throw new TillerError("invalid-params", `the chat template cannot be read: ${facts.problem}`, { field: "source" });
    this.#template = template;
    this.#model.template = facts;
    return facts;
  }

  /** The prompt that an answer to these turns would start from. */
  render({ messages, options, maxTokens }: Params<"render">): Result<"render"> {
    const { text, tokens, generationPrompt, native } = this.#render(messages, options);
    const { contextSize } = this.#loaded;
    const leftOut = leftOutOf(messages, (turns) => this.#render(turns, options), roomIn(contextSize, null, maxTokens ?? null));
    return { text, tokens: [...tokens], generationPrompt, renderer: native === null ? "jinja" : "llama.cpp", contextSize, leftOut };
  }

  tap(request: Params<"tap">): Promise<Result<"tap">> {
    const prompt = this.#tokens(request.tokens, request.prompt ?? "");
    this.#mustFit(prompt.length);
    const placed = placePrefix(prompt, request.plan, this.#begins, this.#loaded.contextSize);
    const model = {
      sites: this.#model.sites,
      vocabulary: this.#vocabulary,
      vocabularySize: this.#vocabularySize,
      contextSize: this.#loaded.contextSize,
    };
    return new Promise((done, failed) => {
      this.#loop.submit(tapTask(`${request.client}:tap${++this.#taps}`, request, placed, model, { done, failed }));
    });
  }

  watch(request: Params<"watch">): Result<"watch"> {
    const places = livePlaces(this.#model.sites, request.site, request.layers);
    const result = this.#watches.add(request, places);
    const sequence = this.#loop.find(request.id);
    if (sequence !== null) {
      const task = sequence.task!;
      const before = sequence.hold!;
      sequence.hold = this.#steering.hold(this.#steering.needs(task.plan, task.probes, [...task.taps, ...this.#watches.tapsOf(task.id)]));
      this.#steering.release(before);
    }
    return result;
  }

  unwatch({ id }: Params<"unwatch">): Result<"unwatch"> {
    return { ended: this.#watches.remove(id) };
  }

  async collect(request: EngineCollect<LoweredPlan>): Promise<Result<"collect">> {
    const groups = [request.site, ...(request.also ?? [])].map((site) => {
      const places = livePlaces(this.#model.sites, site, request.layers);
      if (places.some((place) => place.width !== places[0]!.width))
        throw new TillerError("not-supported", `${site} has different widths at these layers`, { field: "layers" });
      return places;
    });
    return this.#reading(request.id, (host) =>
      collect(request, groups, residualsOf(this.#model.sites, groups[0]!), {
        ...host,
        own: (text) => this.#ownTokens(text, request.render),
        piece: (token) => this.#vocabulary.piece(token).text,
      }),
    );
  }

  async likelihood(request: Params<"likelihood">): Promise<Result<"likelihood">> {
    return this.#reading(request.id, (host) => {
      const { render, tokenize } = this.#studyHost(request.id);
      return likelihood(request, { ...host, render, tokenize, vocabulary: this.#vocabulary, mustFit: (tokens) => this.#mustFit(tokens) });
    });
  }

  /** The accumulators are the context's, so one corpus at a time. */
  async accumulate(request: Params<"accumulate">): Promise<Result<"accumulate">> {
    if (this.#accumulating) throw new TillerError("conflict", "another corpus is being read for its statistics");
    const places = [...new Set(request.sites)].flatMap((site) => livePlaces(this.#model.sites, site, request.layers));
    const { context } = this.#loaded;
    const hold = this.#steering.hold(this.#steering.needs(null, [], places));
    this.#accumulating = true;
    try {
      return await this.#work.run(request.id, (work) =>
        accumulate(request, places, {
          ...work,
          context,
          submit: (task) => this.#loop.submit(task),
          between: (change) => this.#loop.beforeNext(change),
          sequences: this.#loaded.options.sequences,
          tokenize: (text) => this.#plainTokens(text),
        }),
      );
    } finally {
      this.#accumulating = false;
      this.#steering.release(hold);
    }
  }

  weights(request: Params<"weights">): Result<"weights"> {
    return readWeights(request, this.#loaded.model);
  }

  async encode({ texts }: Params<"encode">): Promise<Result<"encode">> {
    const tokens: Int32Array[] = [];
    let turn = performance.now();
    for (const text of texts) {
      tokens.push(this.#loaded.model.tokenize(text, false, false));
      if (performance.now() - turn < TURN_MS) continue;
      await immediate();
      turn = performance.now();
    }
    return { tokens };
  }

  pieces({ tokens }: Params<"pieces">): Result<"pieces"> {
    this.#mustKnow(tokens, "tokens");
    return { pieces: tokens.map((token) => this.#vocabulary.piece(token).text) };
  }

  async study(request: Params<"study">): Promise<Result<"study">> {
    if (this.#draining) throw new TillerError("shutting-down", "the model is being unloaded");
    if (this.#studies.has(request.id)) throw new TillerError("conflict", "a study of this name is running already");
    const state: StudyState = { cancelled: false, cancel: () => undefined };
    this.#studies.set(request.id, state);
    try {
      return await runStudy(request, this.#studyHost(request.id), state);
    } finally {
      this.#studies.delete(request.id);
    }
  }

  gradient(request: Params<"gradient">): Promise<Result<"gradient">> {
    return this.#work.run(request.id, ({ cancelled }) => this.#gradients.run(request, cancelled));
  }

  controlled(request: Params<"controlled">): Promise<Result<"controlled">> {
    return this.#work.run(request.id, (work) =>
      runControlled(request, this.#quiet(request.messages).tokens, {
        ...work,
        createContext: (tokens, sequences, profiles) => createStreams(this.#loaded, tokens, sequences, profiles),
        contextSize: this.#loaded.contextSize,
        vocabulary: this.#vocabulary,
        stops: this.#template.stops,
      }),
    );
  }

  /** Ends everything with reason shutting-down and what was written so far; resolves when all results are out. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#loop.dropAllWaiting("shutting-down");
    for (const answer of this.#answers.values()) {
      answer.stop = "shutting-down";
      if (answer.task !== null) answer.task.stop = "shutting-down";
    }
    this.#loop.wake();
    for (const study of this.#studies.values()) this.#stopStudy(study);
    this.#work.close();
    await this.#gradients.close();
    while (this.#answers.size > 0 || this.#studies.size > 0 || this.#work.running > 0 || this.#loop.active > 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async close(): Promise<void> {
    await this.#loaded.context.close();
  }

  /** The task that is run for an answer: itself, or one that tells it from what was chosen among several. */
  #chosenBy(task: AnswerTask, { decoding, sampling }: Params<"generate">, seed: number): Task {
    if (decoding === null || decoding.best === null) return task;
    if (!this.#loaded.model.keepsPositions())
      throw new TillerError("not-supported", "decoding.best: the memory of this model is a recurrent state, which is not forked", {
        field: "decoding.best",
      });
    const best = new BestOf(
      task,
      seed,
      decoding.best,
      {
        block: decoding.best.block,
        maxTokens: sampling.maxTokens ?? Number.POSITIVE_INFINITY,
        contextSize: this.#loaded.contextSize,
        stops: task.stops,
        ends: (token) => this.#vocabulary.entry(token).ends,
        bytes: (token) => task.bytesOf(token),
      },
      (asked, texts, figures, failed) => this.#judging.ask({ id: task.id, rewards: asked, texts: [...texts] }, figures, failed),
    );
    task.best = () => best.report;
    return best;
  }

  #reading<T>(id: string, read: (host: TreeHost) => Promise<T>): Promise<T> {
    return this.#work.runInTurn(id, (work) =>
      read({
        ...work,
        createContext: (cells, sequences) => createShared(this.#loaded, cells, sequences),
        maxProfiles: this.#loaded.options.maxProfiles,
        vocabularySize: this.#vocabularySize,
      }),
    );
  }

  #studyHost(id: string): StudyHost {
    const { addon, model, contextSize, options } = this.#loaded;
    return {
      createContext: (tokens, sequences) => createStreams(this.#loaded, tokens, sequences),
      contextSize,
      threads: this.#loaded.threads,
      maxProfiles: options.maxProfiles,
      keepsPositions: model.keepsPositions(),
      vocabulary: this.#vocabulary,
      vocabularySize: this.#vocabularySize,
      render: (messages) => this.#quiet(messages),
      reader: (prompt) => readerOf(addon, model, prompt.native, true),
      tokenize: (text) => model.tokenize(text, true, false),
      begins: this.#begins,
      stops: this.#template.stops,
      progress: (fraction) => this.#emit("collectProgress", { id, fraction }),
    };
  }

  #stopStudy(study: StudyState): void {
    study.cancelled = true;
    study.cancel();
  }

  #stop(task: AnswerTask, reason: StopReason): void {
    task.stop = reason;
    this.#loop.dropWaiting(task.id, reason);
    // it may be waiting for judges, and nothing else runs
    this.#loop.wake();
  }

  #prompt(request: Params<"generate">): { tokens: Int32Array; prompt: Prompt | null; overflow: Answer["overflow"] } {
    // what is left beside the rows of a prefix
    const contextSize = Math.max(1, this.#loaded.contextSize - (request.plan?.prefix.length ?? 0));
    const { limit, shortened } = roomIn(contextSize, request.forced?.length ?? null, request.sampling.maxTokens ?? null);
    if (request.messages === null) {
      if (request.suffix !== null) return { ...this.#gap(request, request.suffix, limit), prompt: null };
      const tokens = this.#tokens(request.tokens, request.prompt ?? "");
      return { ...fitTokens(tokens, limit, request.overflow, this.#loaded.model.bos()), prompt: null };
    }
    const options = this.#options(request);
    const render = (turns: readonly ChatTurn[]): Prompt => this.#render(turns, options);
    const { prompt, overflow } = fitMessages(request.messages, render, { limit, shortened }, request.overflow);
    return { tokens: prompt.tokens, prompt, overflow };
  }

  /** A grammar begins with the first token, so the model may not think before. */
  #options({ render, grammar, jsonSchema }: Params<"generate">): RenderOptions {
    if (grammar === null && jsonSchema === null) return render;
    if (render.tools.length > 0 && render.toolChoice !== "none")
      throw new TillerError("not-supported", "tools: not beside a grammar or JSON schema, which leaves no room for calls", {
        field: "tools",
        suggestion: "Leave one of them out, or say toolChoice: none.",
      });
    const asked = render.thinking === true || (render.reasoningEffort !== null && render.reasoningEffort !== "none");
    if (asked)
      throw new TillerError("invalid-params", "a grammar or JSON schema leaves the model no room to reason", { field: "thinking" });
    const chosen = render.kwargs["enable_thinking"] !== undefined || render.reasoningEffort !== null;
    return chosen ? render : { ...render, thinking: render.thinking ?? this.#template.quiet };
  }

  /** As measurements ask: the model is not to think where that can be switched off. */
  #quiet(turns: readonly ChatTurn[]): Prompt {
    return this.#render(turns, { ...PLAIN_RENDER, thinking: this.#template.quiet });
  }

  #render(turns: readonly ChatTurn[], options = PLAIN_RENDER): Prompt {
    const prompt = this.#template.render(turns, options);
    if (prompt.tokens.length === 0)
      throw new TillerError("invalid-params", "the chat template writes nothing for these messages", { field: "messages" });
    return prompt;
  }

  #echo({ prompt: text, topLogprobs }: Params<"generate">, prompt: Int32Array): AnswerInput["echo"] {
    const { model } = this.#loaded;
    const from = text !== null && model.addBos() && prompt[0] === model.bos() ? 1 : 0;
    return { reader: new PromptEcho(prompt, from, topLogprobs, this.#vocabulary), chunk: echoChunk(this.#vocabularySize) };
  }

  /** The token that the model's tokenizer puts in front of texts. */
  get #begins(): number | null {
    const { model } = this.#loaded;
    return model.addBos() ? model.bos() : null;
  }

  #gap({ tokens, prompt, overflow }: Params<"generate">, suffix: string, limit: number): ReturnType<typeof fillGap> {
    const { model, llamaModel } = this.#loaded;
    this.#mustKnow(tokens ?? [], "tokens");
    const before = tokens === null ? model.tokenize(prompt ?? "", false, true) : Int32Array.from(tokens);
    const bos = llamaModel.tokens.shouldPrependBosToken ? model.bos() : null;
    return fillGap({ before, after: model.tokenize(suffix, false, false), bos }, infillMarks(llamaModel), limit, overflow);
  }

  #tokens(tokens: readonly number[] | null, text: string): Int32Array {
    const result = tokens === null ? this.#loaded.model.tokenize(text, true, true) : Int32Array.from(tokens);
    if (result.length === 0) throw new TillerError("invalid-params", "the prompt is empty", { field: "prompt" });
    this.#mustKnow(result, "tokens");
    return result;
  }

  #mustKnow(tokens: ArrayLike<number>, field: string): void {
    const unknown = Array.prototype.find.call(tokens, (token: number) => !(token >= 0 && token < this.#vocabularySize));
    if (unknown !== undefined)
      throw new TillerError("out-of-range", `token ${unknown} is not in the vocabulary of ${this.#vocabularySize}`, { field });
  }

  #ownTokens(text: EngineCollect["texts"][number], render: EngineCollect["render"]): OwnTokens {
    if (isTokens(text)) this.#tokens(text, "");
    const own = ownTokens(text, render, {
      raw: (raw) => this.#tokens(null, raw),
      render: (turns) => this.#render(turns),
      tokenize: (part) => this.#loaded.model.tokenize(part, true, true),
    });
    this.#mustFit(own.tokens.length);
    return own;
  }

  /** A plain text, which begins as the model's texts do and names no special tokens; or tokens as they are. */
  #plainTokens(text: string | Int32Array): Int32Array {
    const tokens = typeof text === "string" ? this.#loaded.model.tokenize(text, true, false) : text;
    if (tokens.length === 0) throw new TillerError("invalid-params", "a text is empty", { field: "texts" });
    this.#mustKnow(tokens, "texts");
    this.#mustFit(tokens.length);
    return tokens;
  }

  #mustFit(tokens: number): void {
    if (tokens > this.#loaded.contextSize)
      throw new TillerError("context-full", `the text has ${tokens} tokens, the context ${this.#loaded.contextSize}`);
  }
}
