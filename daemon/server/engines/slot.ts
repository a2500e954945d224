/** One model's engine over time: loading, in use, idle, crashed and started again. */
import { type LoadOptions, LoadOptionsSchema, type Model } from "../../protocol/api/model.ts";
import type { EngineEvent, EngineEvents, EngineModel } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Config } from "../../store/config.ts";
import type { StoredModel } from "../../store/models.ts";
import type { ThreadCache } from "../../store/thread-cache.ts";
import type { Log } from "../log.ts";
import { memoryLimit, watchMemory } from "./memory-watch.ts";
import { type EngineExit, EngineProcess } from "./process.ts";

export interface LoadedEngine {
  readonly model: StoredModel;
  readonly options: LoadOptions;
  readonly info: EngineModel;
  readonly process: EngineProcess;
}

export interface SlotEvents {
  changed(slot: EngineSlot): void;
  progress(model: string, fraction: number): void;
  engine(model: string, event: EngineEvent): void;
  crashed(model: string): void;
  template(model: string): string | null;
}

/** An engine that lived so long after a crash counts as well again. */
const HEALTHY_MS = 60_000;

export class EngineSlot {
  readonly model: StoredModel;
  state: Model["state"] = "available";
  reason: string | null = null;
  stats: EngineEvents["stats"] | null = null;
  /** counts up with every use, over all slots */
  lastUsed = 0;

  readonly #config: Config;
  readonly #events: SlotEvents;
  readonly #threads: ThreadCache;
  readonly #log: Log;
  #options: LoadOptions = LoadOptionsSchema.parse({});
  #process: EngineProcess | null = null;
  #loaded: LoadedEngine | null = null;
  #loading: Promise<LoadedEngine> | null = null;
  #users = 0;
  #crashes = 0;
  #loadedAt = 0;
  #idle: NodeJS.Timeout | undefined;
  #cancelRestart: (() => void) | null = null;
  /** loading again by itself after a crash; if that crashes too, the next attempt is due */
  #restarting = false;
  #closed = false;

  constructor(model: StoredModel, config: Config, events: SlotEvents, threads: ThreadCache, log: Log) {
    this.model = model;
    this.#config = config;
    this.#events = events;
    this.#threads = threads;
    this.#log = log;
  }

  get loaded(): LoadedEngine | null {
    return this.#loaded;
  }

  /** Neither loaded nor about to be. */
  get asleep(): boolean {
    return this.#loaded === null && this.#loading === null;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The loaded engine, loading it (or waiting for its restart) when need be. */
  acquire(): Promise<LoadedEngine> {
    if (this.#loaded !== null) return Promise.resolve(this.#loaded);
    return this.#loading ?? this.#load(this.#options);
  }

  /** Loads with these options; a model that is loaded with others is loaded again, which ends its answers. */
  async load(options: LoadOptions): Promise<LoadedEngine> {
    this.#cancelRestart?.();
    if (this.#loading !== null) await this.#loading.catch(() => undefined);
    if (this.#loaded !== null) {
      if (sameOptions(this.#loaded.options, options)) return this.#loaded;
      await this.unload();
    }
    this.#crashes = 0;
    return this.#loading ?? this.#load(options);
  }

  /** Counts work in progress, so that an idle model can be told from a busy one. */
  use(): () => void {
    this.#users++;
    clearTimeout(this.#idle);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#users--;
      this.#watchIdle();
    };
  }

  get users(): number {
    return this.#users;
  }

  async unload(graceMs = 0): Promise<void> {
    this.#cancelRestart?.();
    clearTimeout(this.#idle);
    const process = this.#process;
    if (process !== null) await process.stop(graceMs);
    if (this.state === "crashed") this.#set("available", null);
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    await this.unload(graceMs);
  }

  #load(options: LoadOptions): Promise<LoadedEngine> {
    if (this.#closed) return Promise.reject(new TillerError("shutting-down", "the daemon is stopping"));
    this.#options = options;
    return this.#remember(this.#start(options));
  }

  #remember(loading: Promise<LoadedEngine>): Promise<LoadedEngine> {
    const settled = loading.finally(() => {
      if (this.#loading === settled) this.#loading = null;
    });
    this.#loading = settled;
    return settled;
  }

  async #start(options: LoadOptions): Promise<LoadedEngine> {
    this.#set("loading", null);
    const process: EngineProcess = new EngineProcess({
      log: this.#log,
      heapMegabytes: this.#config.engine.heapMegabytes,
      hangSeconds: this.#config.engine.hangSeconds,
      onEvent: (event) => this.#onEvent(event),
      onExit: (exit) => this.#onExit(process, exit),
    });
    this.#process = process;
    const limit = setTimeout(() => process.kill("loading took too long"), this.#config.engine.loadSeconds * 1000);
    try {
      const template = this.#events.template(this.model.id);
      const threads = this.#threads.get(this.model.fingerprint);
      const info = await process.request("load", { path: this.model.path, options, template, threads });
      const loaded: LoadedEngine = { model: this.model, options, info, process };
      this.#loaded = loaded;
      this.#restarting = false;
      this.#loadedAt = Date.now();
      watchMemory(process, memoryLimit(this.#config.engine.memoryBytes, { sizeBytes: this.model.sizeBytes, memory: info.memory }));
      this.#set("loaded", null);
      this.#watchIdle();
      return loaded;
    } catch (error) {
      const problem = TillerError.from(error);
      if (problem.code !== "engine-crashed") {
        this.#restarting = false;
        await process.stop(0);
        this.#set("available", problem.message);
      }
      throw problem;
    } finally {
      clearTimeout(limit);
    }
  }

  #onEvent(event: EngineEvent): void {
    if (event.name === "loadProgress") this.#events.progress(this.model.id, event.params.fraction);
    if (event.name === "stats") this.stats = event.params;
    if (event.name === "learnedThreads") this.#threads.keep(this.model.fingerprint, event.params);
    this.#events.engine(this.model.id, event);
  }

  #onExit(process: EngineProcess, exit: EngineExit): void {
    if (this.#process !== process) return;
    const wasLoaded = this.#loaded !== null;
    const comesBack = wasLoaded || this.#restarting;
    this.#restarting = false;
    this.#process = null;
    this.#loaded = null;
    this.stats = null;
    clearTimeout(this.#idle);
    if (exit.expected) {
      this.#set("available", null);
      return;
    }
    const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
    this.#log.error(`engine of ${this.model.id} crashed (${how}) ${process.traces.join(" | ")}`);
    this.#events.crashed(this.model.id);
    if (wasLoaded && Date.now() - this.#loadedAt > HEALTHY_MS) this.#crashes = 0;
    this.#crashes++;
    this.#set("crashed", `its engine ended unexpectedly (${how})`);
    if (comesBack && !this.#closed) this.#scheduleRestart();
  }

  #scheduleRestart(): void {
    const { restartSeconds, restartMaxSeconds, restartLimit } = this.#config.engine;
    if (this.#crashes > restartLimit) {
      this.#log.error(`engine of ${this.model.id} crashed ${this.#crashes} times in a row; the next request will start it again`);
      return;
    }
    const wait = Math.min(restartSeconds * 2 ** (this.#crashes - 1), restartMaxSeconds);
    const options = this.#options;
    // Requests that arrive meanwhile wait for this attempt, so that clients cannot hurry a crashing engine.
    const waited = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, wait * 1000);
      this.#cancelRestart = () => {
        clearTimeout(timer);
        reject(new TillerError("shutting-down", "the model was unloaded"));
      };
    }).finally(() => {
      this.#cancelRestart = null;
    });
    const again = waited.then(() => {
      this.#restarting = true;
      return this.#start(options);
    });
    this.#remember(again).catch(() => undefined);
  }

  #watchIdle(): void {
    clearTimeout(this.#idle);
    const minutes = this.#loaded?.options.idleMinutes ?? 0;
    if (minutes === 0 || this.#users > 0) return;
    this.#idle = setTimeout(() => {
      this.#log.info(`${this.model.id} was idle for ${minutes} minutes; unloading it`);
      this.unload().catch(() => undefined);
    }, minutes * 60_000);
    this.#idle.unref();
  }

  #set(state: Model["state"], reason: string | null): void {
    this.state = state;
    this.reason = reason;
    this.#events.changed(this);
  }
}

function sameOptions(a: LoadOptions, b: LoadOptions): boolean {
  return (Object.keys(a) as (keyof LoadOptions)[]).every((key) => a[key] === b[key]);
}
