/** All models with their engines: one child process per loaded model. */
import { availableMemory } from "../../engine/model/memory.ts";
import { type LoadOptions, LoadOptionsSchema, type MemoryEstimate, type Model } from "../../protocol/api/model.ts";
import type { EngineEvent } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Config } from "../../store/config.ts";
import type { ModelStore, StoredModel } from "../../store/models.ts";
import type { ThreadCache } from "../../store/thread-cache.ts";
import type { Log } from "../log.ts";
import { EngineProcess } from "./process.ts";
import { makeWay } from "./room.ts";
import { EngineSlot, type LoadedEngine } from "./slot.ts";

export interface SupervisorEvents {
  modelChanged(model: Model): void;
  loadProgress(model: string, fraction: number): void;
  engine(model: string, event: EngineEvent): void;
  crashed(model: string): void;
  /** a chat template of the user's own; null: the model's */
  template(model: string): string | null;
}

type PartialOptions = { readonly [K in keyof LoadOptions]?: LoadOptions[K] | undefined };

export interface UsedEngine extends LoadedEngine {
  /** to be called once the work is done */
  readonly release: () => void;
}

export class Supervisor {
  readonly #models: ModelStore;
  readonly #config: Config;
  readonly #events: SupervisorEvents;
  readonly #threads: ThreadCache;
  readonly #log: Log;
  readonly #slots = new Map<string, EngineSlot>();
  #uses = 0;

  constructor(models: ModelStore, config: Config, events: SupervisorEvents, threads: ThreadCache, log: Log) {
    this.#models = models;
    this.#config = config;
    this.#events = events;
    this.#threads = threads;
    this.#log = log;
  }

  async list(): Promise<Model[]> {
    this.#models.reload();
    return (await this.#models.list()).map((model) => this.describe(model));
  }

  describe(model: StoredModel): Model {
    const slot = this.#slots.get(model.id);
    const {
      id,
      name,
      title,
      fileName,
      sizeBytes,
      architecture,
      quantisation,
      layers,
      width,
      contextTrained,
      fingerprint,
      embedded,
      hasChatTemplate,
    } = model;
    const state = slot !== undefined && slot.state !== "available" ? slot.state : model.problem?.missing ? "missing" : "available";
    const reason = slot?.reason ?? model.problem?.reason ?? null;
    return {
      id,
      name,
      title,
      fileName,
      sizeBytes,
      architecture,
      quantisation,
      layers,
      width,
      contextTrained,
      fingerprint,
      embedded,
      state,
      reason,
      hasChatTemplate,
    };
  }

  /** A model that has just become known: every page that is open lists it. */
  announce(model: StoredModel): Model {
    const described = this.describe(model);
    this.#events.modelChanged(described);
    return described;
  }

  /** The model asked for, or the default one. @throws TillerError not-found, bad-model-file */
  async find(id: string | undefined): Promise<StoredModel> {
    this.#models.reload();
    const model = id === undefined ? await this.#models.defaultModel() : await this.#models.resolve(id);
    if (model === null)
      throw new TillerError("not-found", "there is no model yet", {
        field: "model",
        suggestion: "Add one with `tiller models add <file.gguf>`.",
      });
    if (model.problem !== null) {
      throw new TillerError(model.problem.missing ? "not-found" : "bad-model-file", `${model.id}: ${model.problem.reason}`, {
        field: "model",
      });
    }
    return model;
  }

  isLoaded(id: string): boolean {
    return this.#slots.get(id)?.loaded != null;
  }

  /** null: it is not loaded */
  loaded(id: string): LoadedEngine | null {
    return this.#slots.get(id)?.loaded ?? null;
  }

  /** Tokens per second that it was last seen to make; 0: not seen yet. */
  speedOf(id: string): number {
    return this.#slots.get(id)?.stats?.tokensPerSecond ?? 0;
  }

  /** The loaded model that was used last; null when none is loaded. */
  latest(): StoredModel | null {
    const loaded = this.slots().filter((slot) => slot.loaded !== null);
    return loaded.sort((a, b) => b.lastUsed - a.lastUsed)[0]?.model ?? null;
  }

  slots(): EngineSlot[] {
    return [...this.#slots.values()];
  }

  /** The model's engine for a piece of work, loaded on first use. */
  async acquire(model: StoredModel): Promise<UsedEngine> {
    const slot = this.#slot(model);
    const release = slot.use();
    slot.lastUsed = ++this.#uses;
    try {
      if (slot.asleep) await this.#makeRoom(model);
      return { ...(await slot.acquire()), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async load(model: StoredModel, options: PartialOptions = {}): Promise<Model> {
    const slot = this.#slot(model);
    slot.lastUsed = ++this.#uses;
    if (slot.asleep) await this.#makeRoom(model);
    await slot.load(LoadOptionsSchema.parse(options));
    return this.describe(model);
  }

  async unload(model: StoredModel): Promise<Model> {
    await this.#slots.get(model.id)?.unload();
    return this.describe(model);
  }

  /** Asks the model's own engine, or one that is started for the question. */
  async estimate(model: StoredModel, partial: PartialOptions = {}): Promise<MemoryEstimate> {
    const params = { path: model.path, options: LoadOptionsSchema.parse(partial) };
    const loaded = this.#slots.get(model.id)?.loaded;
    if (loaded != null) return loaded.process.request("estimate", params);
    const process = new EngineProcess({
      log: this.#log,
      heapMegabytes: this.#config.engine.heapMegabytes,
      hangSeconds: this.#config.engine.hangSeconds,
      onEvent: () => undefined,
      onExit: () => undefined,
    });
    const limit = setTimeout(() => process.kill("the estimate took too long"), this.#config.engine.loadSeconds * 1000);
    try {
      return await process.request("estimate", params);
    } finally {
      clearTimeout(limit);
      await process.stop(0);
    }
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all(this.slots().map((slot) => slot.close(graceMs)));
  }

  async #makeRoom(model: StoredModel): Promise<void> {
    const others = this.slots().filter((slot) => !slot.asleep && slot.model.id !== model.id);
    // one that is just being loaded is waited for
    const loaded = others.map(({ model: { id, sizeBytes }, loaded, users, lastUsed }) => ({
      ...{ id, sizeBytes, lastUsed },
      users: loaded === null ? 1 : users,
    }));
    const { models } = this.#config.engine;
    const { ids, enough } = makeWay(loaded, model.sizeBytes, { models, availableBytes: availableMemory() });
    if (!enough)
      throw new TillerError("overloaded", `${models} models are loaded and in use, and no more may be (engine.models in config.json)`, {
        suggestion: "Try again when an answer has ended, unload one, or raise engine.models.",
      });
    for (const id of ids) {
      this.#log.info(`${id} makes way for ${model.id}`);
      await this.#slots.get(id)!.unload();
    }
  }

  #slot(model: StoredModel): EngineSlot {
    const present = this.#slots.get(model.id);
    if (present !== undefined && present.model.path === model.path) return present;
    const slot = new EngineSlot(
      model,
      this.#config,
      {
        changed: () => this.#events.modelChanged(this.describe(model)),
        progress: (id, fraction) => this.#events.loadProgress(id, fraction),
        engine: (id, event) => this.#events.engine(id, event),
        crashed: (id) => this.#events.crashed(id),
        template: (id) => this.#events.template(id),
      },
      this.#threads,
      this.#log,
    );
    this.#slots.set(model.id, slot);
    return slot;
  }
}
