/**
 * Long work, one job at a time: it survives the client that started it, is saved as `interrupted` when the daemon ends, and
 * goes on at the next start, from what it had finished where its kind keeps that.
 */
import type { Job } from "../protocol/api/library.ts";
import type { EngineEvents } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { createdJob, type JobStore, type JobWork, newJobId, type StoredJob } from "../store/jobs.ts";
import type { StoredModel } from "../store/models.ts";
import { cleanError } from "./dispatch.ts";
import { doWork, type Work, type WorkDeps } from "./job-work.ts";
import type { Log } from "./log.ts";
import type { Supervisor, UsedEngine } from "./supervisor.ts";

export interface JobDeps extends WorkDeps {
  readonly store: JobStore;
  readonly supervisor: Supervisor;
  readonly changed: (job: Job) => void;
  readonly log: Log;
}

const MAX_WAITING = 100;
const NOTIFY_MS = 200;

interface Running {
  readonly id: string;
  readonly stop: AbortController;
  /** when the first progress was told, and where it stood: a job that was resumed does not begin at 0 */
  began: { readonly at: number; readonly fraction: number } | null;
  lastNotified: number;
  engine: UsedEngine | null;
  progress: ((fraction: number) => void) | null;
}

export class JobRunner {
  readonly #deps: JobDeps;
  #running: Running | null = null;
  #closed = false;

  constructor(deps: JobDeps) {
    this.#deps = deps;
  }

  /** Puts what an earlier daemon left unfinished back into the queue. */
  resume(): void {
    for (const stored of this.#deps.store.list()) {
      if (isOpen(stored.job)) {
        this.#update(stored, { state: "queued", fraction: 0, message: "waiting (goes on after a restart)", eta: null });
      }
    }
    this.#next();
  }

  start(work: JobWork, model: StoredModel): Job {
    if (this.#closed) throw new TillerError("shutting-down", "the daemon is stopping");
    if (this.#queued().length >= MAX_WAITING) throw new TillerError("overloaded", `${MAX_WAITING} jobs wait already`);
    const stored = { job: createdJob(newJobId(), work.kind, aboutOf(work)), model: model.id, ...work } as StoredJob;
    this.#deps.store.put(stored, true);
    this.#deps.changed(stored.job);
    setImmediate(() => this.#next());
    return stored.job;
  }

  /** @throws TillerError conflict where a job that has not ended makes an artifact of that id */
  checkFree(id: string): void {
    const other = this.#deps.store.list().find(({ job, kind }) => kind !== "receipt" && job.about === id && isOpen(job));
    if (other !== undefined)
      throw new TillerError("conflict", `a job that has not ended makes '${id}' already`, {
        field: "id",
        suggestion: "Choose another id, or cancel the other job.",
      });
  }

  list(): Job[] {
    return this.#deps.store.list().map(({ job }) => job);
  }

  get(id: string): Job {
    return this.#stored(id).job;
  }

  cancel(id: string): Job {
    const stored = this.#stored(id);
    if (this.#running?.id === id) {
      this.#stop(this.#running, new TillerError("cancelled", "cancelled"));
      return stored.job;
    }
    if (stored.job.state !== "queued" && stored.job.state !== "interrupted") return stored.job;
    this.#deps.store.dropPart(id);
    return this.#update(stored, { state: "cancelled", message: "cancelled" });
  }

  onEngineEvent(event: EngineEvents["collectProgress"]): void {
    if (this.#running !== null && event.id === collectId(this.#running.id)) this.#running.progress?.(event.fraction);
  }

  /** Saves the running job as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running !== null)
      this.#stop(this.#running, new TillerError("shutting-down", "interrupted; it goes on when the daemon starts"));
    while (this.#running !== null) await new Promise((resolve) => setImmediate(resolve));
  }

  #stop(running: Running, why: TillerError): void {
    running.stop.abort(why);
    running.engine?.process.request("cancel", { id: collectId(running.id) }).catch(() => undefined);
  }

  #queued(): StoredJob[] {
    return this.#deps.store.list().filter(({ job }) => job.state === "queued");
  }

  #next(): void {
    const next = this.#queued().at(-1);
    if (this.#running !== null || this.#closed || next === undefined) return;
    const running: Running = {
      id: next.job.id,
      stop: new AbortController(),
      began: null,
      lastNotified: 0,
      engine: null,
      progress: null,
    };
    this.#running = running;
    this.#run(running, next)
      .catch((error: unknown) => this.#fail(running, error))
      .finally(() => {
        running.engine?.release();
        this.#running = null;
        this.#next();
      });
  }

  async #run(running: Running, stored: StoredJob): Promise<void> {
    this.#update(stored, { state: "running", message: "loading the model" });
    const { supervisor } = this.#deps;
    const engine = await supervisor.acquire(await supervisor.find(stored.model));
    running.engine = engine;
    running.stop.signal.throwIfAborted();
    const result = await doWork(this.#stored(running.id), this.#workOf(running, engine), this.#deps);
    this.#deps.store.dropPart(running.id);
    this.#update(this.#stored(running.id), { state: "done", fraction: 1, message: "done", eta: 0, result });
  }

  #workOf(running: Running, engine: UsedEngine): Work {
    const { signal } = running.stop;
    const id = collectId(running.id);
    const ask = <T>(onProgress: (fraction: number) => void, request: () => Promise<T>): Promise<T> => {
      signal.throwIfAborted();
      running.progress = onProgress;
      return untilAborted(request(), signal);
    };
    return {
      engine,
      signal,
      progress: (fraction, message) => this.#progress(running, fraction, message),
      collect: (request, onProgress) => ask(onProgress, () => engine.process.request("collect", { id, ...request })),
      study: (request, onProgress) => ask(onProgress, () => engine.process.request("study", { id, ...request })),
    };
  }

  #fail(running: Running, error: unknown): void {
    const problem = cleanError(error, this.#deps.log, `job ${running.id}`);
    if (problem.code !== "shutting-down") this.#deps.store.dropPart(running.id);
    const state = problem.code === "cancelled" ? "cancelled" : problem.code === "shutting-down" ? "interrupted" : "failed";
    try {
      this.#update(this.#stored(running.id), { state, message: problem.message, eta: null });
    } catch (saving) {
      cleanError(saving, this.#deps.log, `saving job ${running.id}`);
    }
  }

  #progress(running: Running, fraction: number, message: string): void {
    const now = Date.now();
    if (now - running.lastNotified < NOTIFY_MS) return;
    running.lastNotified = now;
    running.began ??= { at: now, fraction };
    const { at, fraction: before } = running.began;
    const eta = fraction - before > 0.02 ? ((now - at) / 1000) * ((1 - fraction) / (fraction - before)) : null;
    this.#update(this.#stored(running.id), { fraction: Math.min(Math.max(fraction, 0), 1), message, eta }, false);
  }

  #update(stored: StoredJob, change: Partial<Job>, durable = true): Job {
    const job = { ...stored.job, ...change };
    if (!isOpen(job)) job.ended ??= new Date().toISOString();
    this.#deps.store.put({ ...stored, job }, durable);
    this.#deps.changed(job);
    return job;
  }

  #stored(id: string): StoredJob {
    const stored = this.#deps.store.get(id);
    if (stored === null) throw new TillerError("not-found", `there is no job '${id}'`, { field: "job" });
    return stored;
  }
}

function isOpen({ state }: Job): boolean {
  return state === "queued" || state === "running" || state === "interrupted";
}

function aboutOf(work: JobWork): string {
  return work.kind === "receipt" ? (work.params.preset ?? work.params.artifact ?? "") : work.params.id;
}

function collectId(job: string): string {
  return `job:${job}`;
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
