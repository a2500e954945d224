/** One loaded model and everything that may be asked of it. */
import { performance } from "node:perf_hooks";
import { setImmediate as immediate } from "node:timers/promises";
import type { LoadOptions } from "../protocol/api/model.ts";
import type { EngineRequestName, EngineRequests } from "../protocol/engine-api.ts";
import { Answers } from "./answers.ts";
import type { Emit } from "./emit.ts";
import { worthCopying } from "./loop/cache.ts";
import { Governor } from "./loop/governor.ts";
import { Loop } from "./loop/loop.ts";
import { Candidates } from "./loop/thread-learning.ts";
import { Measurements } from "./measurements.ts";
import { BATCH } from "./model/estimate.ts";
import { idleTime } from "./model/idle-time.ts";
import { describe, type Loaded, loadModel } from "./model/load.ts";
import { LoadProgress } from "./model/load-progress.ts";
import { availableMemory } from "./model/memory.ts";
import { Vocabulary } from "./model/vocabulary.ts";
import { placePrefix } from "./prompt/place-prefix.ts";
import { Prompts } from "./prompts.ts";
import { Watches } from "./steering/activation-stream.ts";
import type { LoweredPlan } from "./steering/lowered.ts";
import { Steering } from "./steering/steering.ts";
import { Gradients } from "./tasks/gradient.ts";
import { livePlaces, tapTask } from "./tasks/tap.ts";
import { readWeights } from "./tasks/weights.ts";

type Params<N extends EngineRequestName> = EngineRequests<LoweredPlan>[N][0];
type Result<N extends EngineRequestName> = EngineRequests[N][1];

/** Memory that a context leaves free as it grows. */
const RESERVE_BYTES = 128 * 1024 ** 2;
/** Texts that are tokenised in one turn: others have theirs between. */
const TURN_MS = 10;

export class Engine {
  readonly #loaded: Loaded;
  readonly prompts: Prompts;
  readonly #vocabulary: Vocabulary;
  readonly #vocabularySize: number;
  readonly #steering: Steering;
  readonly #watches = new Watches();
  readonly #loop: Loop;
  readonly #governor: Governor | undefined;
  readonly #model: Omit<Result<"load">, "template">;
  readonly answers: Answers;
  readonly measurements: Measurements;
  readonly #gradients: Gradients;
  #taps = 0;

  static async load(params: Params<"load">, emit: Emit): Promise<Engine> {
    const progress = new LoadProgress((fraction) => emit("loadProgress", { fraction }));
    const engine = new Engine(await loadModel(params.path, params.options, progress.of), params, emit);
    progress.end();
    return engine;
  }

  private constructor(loaded: Loaded, { template, threads: learned }: Pick<Params<"load">, "template" | "threads">, emit: Emit) {
    this.#loaded = loaded;
    this.#vocabulary = new Vocabulary(loaded.model);
    this.prompts = new Prompts(loaded, this.#vocabulary, template);
    this.#model = describe(loaded);
    this.#vocabularySize = this.#model.facts.vocabulary;
    this.#steering = new Steering(loaded.context, loaded.options.maxProfiles);
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
      prompt: ({ messages, tokens, prompt }) =>
        messages === null ? this.prompts.tokens(tokens, prompt ?? "") : this.prompts.quiet(messages).tokens,
      begins: this.prompts.begins,
      render: (messages) => this.prompts.quiet(messages).tokens,
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
    const ground = {
      loaded,
      prompts: this.prompts,
      vocabulary: this.#vocabulary,
      vocabularySize: this.#vocabularySize,
      steering: this.#steering,
      watches: this.#watches,
      loop: this.#loop,
      emit,
    };
    this.answers = new Answers(ground);
    this.measurements = new Measurements({ ...ground, sites: this.#model.sites });
  }

  get model(): Result<"load"> {
    return { ...this.#model, template: this.prompts.facts };
  }

  get options(): LoadOptions {
    return this.#loaded.options;
  }

  get loop(): Loop {
    return this.#loop;
  }

  cancel({ id }: Params<"cancel">): Result<"cancel"> {
    const measured = this.measurements.cancel(id);
    this.#gradients.cancel(id);
    return { cancelled: this.answers.cancel(id) || measured };
  }

  tokenize({ content, addSpecial, parseSpecial }: Params<"tokenize">): Result<"tokenize"> {
    const tokens = this.#loaded.model.tokenize(content, addSpecial, parseSpecial);
    return { tokens: [...tokens], pieces: Array.from(tokens, (token) => this.#vocabulary.piece(token)) };
  }

  detokenize({ tokens }: Params<"detokenize">): Result<"detokenize"> {
    this.prompts.mustKnow(tokens, "tokens");
    return { content: this.#vocabulary.text(tokens) };
  }

  tap(request: Params<"tap">): Promise<Result<"tap">> {
    const prompt = this.prompts.tokens(request.tokens, request.prompt ?? "");
    this.prompts.mustFit(prompt.length);
    const placed = placePrefix(prompt, request.plan, this.prompts.begins, this.#loaded.contextSize);
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
    this.prompts.mustKnow(tokens, "tokens");
    return { pieces: tokens.map((token) => this.#vocabulary.piece(token).text) };
  }

  gradient(request: Params<"gradient">): Promise<Result<"gradient">> {
    return this.measurements.work.run(request.id, ({ cancelled }) => this.#gradients.run(request, cancelled));
  }

  /** Ends everything with reason shutting-down and what was written so far; resolves when all results are out. */
  async drain(): Promise<void> {
    this.answers.drain();
    this.measurements.drain();
    await this.#gradients.close();
    while (this.answers.size > 0 || this.measurements.running > 0 || this.#loop.active > 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async close(): Promise<void> {
    await this.#loaded.context.close();
  }
}
