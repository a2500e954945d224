/** What is measured with one model beside its answers: activations and statistics of texts, studies, long work in contexts of its own. */
import type { EngineCollect, EngineRequestName, EngineRequests } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import type { Emit } from "./emit.ts";
import type { Loop } from "./loop/loop.ts";
import { createShared, createStreams, type Loaded } from "./model/load.ts";
import type { Vocabulary } from "./model/vocabulary.ts";
import { readerOf } from "./prompt/reader.ts";
import type { Prompts } from "./prompts.ts";
import type { LoweredPlan } from "./steering/lowered.ts";
import type { Steering } from "./steering/steering.ts";
import { accumulate } from "./tasks/accumulate.ts";
import { collect, residualsOf } from "./tasks/collect.ts";
import { runControlled } from "./tasks/controlled.ts";
import { likelihood } from "./tasks/likelihood.ts";
import { LongWork } from "./tasks/long-work.ts";
import type { TreeHost } from "./tasks/read-tree.ts";
import { runStudy, type StudyHost, type StudyState } from "./tasks/study.ts";
import { livePlaces } from "./tasks/tap.ts";

type Params<N extends EngineRequestName> = EngineRequests<LoweredPlan>[N][0];
type Result<N extends EngineRequestName> = EngineRequests[N][1];

/** What measurements stand on. */
interface Ground {
  readonly loaded: Loaded;
  readonly sites: Result<"load">["sites"];
  readonly prompts: Prompts;
  readonly vocabulary: Vocabulary;
  readonly vocabularySize: number;
  readonly steering: Steering;
  readonly loop: Loop;
  readonly emit: Emit;
}

export class Measurements {
  readonly #ground: Ground;
  readonly #studies = new Map<string, StudyState>();
  #accumulating = false;
  #draining = false;
  /** work that takes a context of its own, or the loop for long */
  readonly work: LongWork;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.work = new LongWork((id, fraction) => ground.emit("collectProgress", { id, fraction }));
  }

  get running(): number {
    return this.#studies.size + this.work.running;
  }

  async collect(request: EngineCollect<LoweredPlan>): Promise<Result<"collect">> {
    const groups = [request.site, ...(request.also ?? [])].map((site) => {
      const places = livePlaces(this.#ground.sites, site, request.layers);
      if (places.some((place) => place.width !== places[0]!.width))
        throw new TillerError("not-supported", `${site} has different widths at these layers`, { field: "layers" });
      return places;
    });
    return this.#reading(request.id, (host) =>
      collect(request, groups, residualsOf(this.#ground.sites, groups[0]!), {
        ...host,
        own: (text) => this.#ground.prompts.own(text, request.render),
        piece: (token) => this.#ground.vocabulary.piece(token).text,
      }),
    );
  }

  async likelihood(request: Params<"likelihood">): Promise<Result<"likelihood">> {
    return this.#reading(request.id, (host) => {
      const { render, tokenize } = this.#studyHost(request.id);
      return likelihood(request, {
        ...host,
        render,
        tokenize,
        vocabulary: this.#ground.vocabulary,
        mustFit: (tokens) => this.#ground.prompts.mustFit(tokens),
      });
    });
  }

  /** The accumulators are the context's, so one corpus at a time. */
  async accumulate(request: Params<"accumulate">): Promise<Result<"accumulate">> {
    if (this.#accumulating) throw new TillerError("conflict", "another corpus is being read for its statistics");
    const places = [...new Set(request.sites)].flatMap((site) => livePlaces(this.#ground.sites, site, request.layers));
    const { context } = this.#ground.loaded;
    const hold = this.#ground.steering.hold(this.#ground.steering.needs(null, [], places));
    this.#accumulating = true;
    try {
      return await this.work.run(request.id, (work) =>
        accumulate(request, places, {
          ...work,
          context,
          submit: (task) => this.#ground.loop.submit(task),
          between: (change) => this.#ground.loop.beforeNext(change),
          sequences: this.#ground.loaded.options.sequences,
          tokenize: (text) => this.#ground.prompts.plain(text),
        }),
      );
    } finally {
      this.#accumulating = false;
      this.#ground.steering.release(hold);
    }
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

  controlled(request: Params<"controlled">): Promise<Result<"controlled">> {
    return this.work.run(request.id, (work) =>
      runControlled(request, this.#ground.prompts.quiet(request.messages).tokens, {
        ...work,
        createContext: (tokens, sequences, profiles) => createStreams(this.#ground.loaded, tokens, sequences, profiles),
        contextSize: this.#ground.loaded.contextSize,
        vocabulary: this.#ground.vocabulary,
        stops: this.#ground.prompts.stops,
      }),
    );
  }

  /** @returns whether there is such work */
  cancel(id: string): boolean {
    const working = this.work.cancel(id);
    const study = this.#studies.get(id);
    if (study !== undefined) this.#stopStudy(study);
    return working || study !== undefined;
  }

  /** Nothing new begins, and what runs is asked to end. */
  drain(): void {
    this.#draining = true;
    for (const study of this.#studies.values()) this.#stopStudy(study);
    this.work.close();
  }

  #reading<T>(id: string, read: (host: TreeHost) => Promise<T>): Promise<T> {
    return this.work.runInTurn(id, (work) =>
      read({
        ...work,
        createContext: (cells, sequences) => createShared(this.#ground.loaded, cells, sequences),
        maxProfiles: this.#ground.loaded.options.maxProfiles,
        vocabularySize: this.#ground.vocabularySize,
      }),
    );
  }

  #studyHost(id: string): StudyHost {
    const { addon, model, contextSize, options } = this.#ground.loaded;
    return {
      createContext: (tokens, sequences) => createStreams(this.#ground.loaded, tokens, sequences),
      contextSize,
      threads: this.#ground.loaded.threads,
      maxProfiles: options.maxProfiles,
      keepsPositions: model.keepsPositions(),
      vocabulary: this.#ground.vocabulary,
      vocabularySize: this.#ground.vocabularySize,
      render: (messages) => this.#ground.prompts.quiet(messages),
      reader: (prompt) => readerOf(addon, model, prompt.native, true),
      tokenize: (text) => model.tokenize(text, true, false),
      begins: this.#ground.prompts.begins,
      stops: this.#ground.prompts.stops,
      progress: (fraction) => this.#ground.emit("collectProgress", { id, fraction }),
    };
  }

  #stopStudy(study: StudyState): void {
    study.cancelled = true;
    study.cancel();
  }
}
