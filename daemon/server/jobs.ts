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
import { JobRun, type RunDeps } from "./job-run.ts";
import { ended, isUnfinished, type JobChange, queuedAgain, started } from "./job-states.ts";
import type { Log } from "./log.ts";

export interface JobDeps extends RunDeps {
  readonly store: JobStore;
  readonly changed: (job: Job) => void;
  readonly log: Log;
}

const MAX_WAITING = 100;

export class JobRunner {
  readonly #deps: JobDeps;
  #run: JobRun | null = null;
  #closed = false;

  constructor(deps: JobDeps) {
    this.#deps = deps;
  }

  /** Puts what an earlier daemon left unfinished back into the queue. */
  resume(): void {
    for (const stored of this.#deps.store.list()) {
      if (isUnfinished(stored.job)) this.#update(stored, queuedAgain("goes on after a restart"));
    }
    this.#wake();
  }

  /** @throws TillerError storage-failed: a job that would not survive a restart is not taken */
  start(work: JobWork, model: StoredModel): Job {
    if (this.#closed) throw new TillerError("shutting-down", "the daemon is stopping");
    if (this.#queued().length >= MAX_WAITING) throw new TillerError("overloaded", `${MAX_WAITING} jobs wait already`);
    const stored = { job: createdJob(newJobId(), work.kind), model: model.id, ...work } as StoredJob;
    this.#deps.store.add(stored);
    this.#deps.changed(stored.job);
    this.#wake();
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
    if (this.#run?.id === id) {
      this.#run.stop(new TillerError("cancelled", "cancelled"));
      return stored.job;
    }
    if (!isUnfinished(stored.job)) return stored.job;
    return this.#update(stored, ended(new TillerError("cancelled", "cancelled"), true));
  }

  onEngineEvent(event: EngineEvents["collectProgress"]): void {
    this.#run?.onEngineEvent(event);
  }

  /** Saves the running job as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#run?.stop(new TillerError("shutting-down", "interrupted; it goes on when the daemon starts"));
    while (this.#run !== null) await new Promise((resolve) => setImmediate(resolve));
  }

  #queued(): StoredJob[] {
    return this.#deps.store.list().filter(({ job }) => job.state === "queued");
  }

  /** Never in the same turn: a job that fails at once must not keep everyone else waiting. */
  #wake(): void {
    setImmediate(() => this.#next());
  }

  #next(): void {
    const next = this.#queued().at(-1);
    if (this.#run !== null || this.#closed || next === undefined) return;
    const { id } = next.job;
    const run = new JobRun(id, this.#deps, (change) => this.#update(this.#stored(id), change, false));
    this.#run = run;
    this.#update(next, started());
    run
      .work(next)
      .then(({ result, message }) => {
        this.#deps.store.dropPart(id);
        this.#update(this.#stored(id), { state: "done", fraction: 1, message, eta: 0, result });
      })
      .catch((error: unknown) => this.#fail(run, error))
      .finally(() => {
        this.#run = null;
        this.#wake();
      });
  }

  #fail(run: JobRun, error: unknown): void {
    const problem = run.stopped ?? cleanError(error, this.#deps.log, `job ${run.id}`);
    if (problem.code !== "shutting-down") this.#deps.store.dropPart(run.id);
    this.#update(this.#stored(run.id), ended(problem, run.stopped !== null));
  }

  /** In memory at any rate: a full disk may cost what a restart would need, not the daemon. */
  #update(stored: StoredJob, change: JobChange, durable = true): Job {
    const { store, changed, log } = this.#deps;
    let job = { ...stored.job, ...change };
    store.put({ ...stored, job });
    try {
      if (durable) store.save(job.id);
    } catch (error) {
      const { message } = TillerError.from(error);
      log.error(`job ${job.id}: ${message}`);
      job = { ...job, message: `${job.message} (not saved: ${message})` };
      store.put({ ...stored, job });
    }
    changed(job);
    return job;
  }

  #stored(id: string): StoredJob {
    const stored = this.#deps.store.get(id);
    if (stored === null) throw new TillerError("not-found", `there is no job '${id}'`, { field: "job" });
    return stored;
  }
}
