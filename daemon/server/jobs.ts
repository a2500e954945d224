/**
 * Long work, one job at a time: it survives the client that started it, is saved as `interrupted` when the daemon ends, and
 * begins again at the next start.
 */
import type { FoundArtifact } from "../compiler/types.ts";
import { runDirections } from "../methods/index.ts";
import type { DirectionsParams, Job } from "../protocol/api/library.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineEvents } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { createdJob, type JobStore, newJobId, type StoredJob } from "../store/jobs.ts";
import type { StoredModel } from "../store/models.ts";
import { cleanError } from "./dispatch.ts";
import type { Log } from "./log.ts";
import { compileModel } from "./steering.ts";
import type { Supervisor, UsedEngine } from "./supervisor.ts";

export interface JobDeps {
  readonly store: JobStore;
  readonly supervisor: Supervisor;
  readonly save: (found: FoundArtifact) => Artifact;
  readonly changed: (job: Job) => void;
  readonly log: Log;
}

const MAX_WAITING = 100;
const NOTIFY_MS = 200;

interface Running {
  readonly id: string;
  readonly stop: AbortController;
  readonly started: number;
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
      const { state } = stored.job;
      if (state === "queued" || state === "running" || state === "interrupted") {
        this.#update(stored, { state: "queued", fraction: 0, message: "waiting (begins again after a restart)", eta: null });
      }
    }
    this.#next();
  }

  start(params: DirectionsParams, model: StoredModel): Job {
    if (this.#closed) throw new TillerError("shutting-down", "the daemon is stopping");
    if (this.#queued().length >= MAX_WAITING) throw new TillerError("overloaded", `${MAX_WAITING} jobs wait already`);
    const stored: StoredJob = { job: createdJob(newJobId()), params, model: model.id };
    this.#deps.store.put(stored, true);
    this.#deps.changed(stored.job);
    setImmediate(() => this.#next());
    return stored.job;
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
    if (stored.job.state === "queued" || stored.job.state === "interrupted")
      return this.#update(stored, { state: "cancelled", message: "cancelled" });
    return stored.job;
  }

  onEngineEvent(event: EngineEvents["collectProgress"]): void {
    if (this.#running !== null && event.id === collectId(this.#running.id)) this.#running.progress?.(event.fraction);
  }

  /** Saves the running job as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running !== null)
      this.#stop(this.#running, new TillerError("shutting-down", "interrupted; it begins again when the daemon starts"));
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
      started: Date.now(),
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
    const found = await runDirections(stored.params, {
      model: compileModel(engine),
      created: stored.job.created,
      progress: (fraction, message) => this.#progress(running, fraction, message),
      collect: (request, onProgress) => {
        running.progress = onProgress;
        return untilAborted(engine.process.request("collect", { id: collectId(running.id), ...request }), running.stop.signal);
      },
    });
    running.stop.signal.throwIfAborted();
    const artifact = this.#deps.save(found);
    this.#update(this.#stored(running.id), { state: "done", fraction: 1, message: "done", eta: 0, result: artifact.id });
  }

  #fail(running: Running, error: unknown): void {
    const problem = cleanError(error, this.#deps.log, `job ${running.id}`);
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
    const eta = fraction > 0.02 ? ((now - running.started) / 1000) * (1 / fraction - 1) : null;
    this.#update(this.#stored(running.id), { fraction: Math.min(Math.max(fraction, 0), 1), message, eta }, false);
  }

  #update(stored: StoredJob, change: Partial<Job>, durable = true): Job {
    const job = { ...stored.job, ...change };
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

function collectId(job: string): string {
  return `job:${job}`;
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
