/**
 * Long work, one job at a time: it survives the client that started it, is saved as `interrupted` when the daemon ends, and
 * goes on at the next start, from what it had finished where its kind keeps that.
 */

import { EXPERIMENTS } from "../../experiments/index.ts";
import type { Experiment } from "../../methods/contract.ts";
import type { Job } from "../../protocol/api/library.ts";
import type { EngineEvents } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { createdJob, type JobWork, newJobId, type StoredJob } from "../../store/jobs.ts";
import { cleanError } from "../transport/dispatch.ts";
import type { RunDeps } from "./deps.ts";
import { JobRun } from "./run.ts";
import { ended, isSameWork, isUnfinished, type JobChange, jobProblem, lostEngine, queuedAgain, started } from "./states.ts";

export interface JobDeps extends RunDeps {
  readonly changed: (job: Job) => void;
}

const MAX_WAITING = 100;

export class JobRunner {
  readonly #deps: JobDeps;
  /** those that run: one that uses an engine, and any number that use none */
  readonly #running = new Map<string, JobRun>();
  #runs = 0;
  #closed = false;
  /** went on by themselves after they lost their engine; a second time they fail */
  readonly #recovered = new Set<string>();

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

  /**
   * One that is asked for again before it has ended is the same one: who lost the connection to it need not know its id.
   * @param check what must hold for a new one
   * @throws TillerError storage-failed: a job that would not survive a restart is not taken; conflict: another job makes the artifact
   */
  start(experiment: Experiment, params: unknown, model: string | null, check: () => void = () => undefined): Job {
    const work: JobWork = { experiment: experiment.id, params, model };
    const same = this.#deps.store.list().find((stored) => this.#goesOn(stored) && isSameWork(stored, work));
    if (same !== undefined && !this.#closed) return same.job;
    check();
    const made = experiment.makes?.(params);
    if (made !== undefined && !made.replace) this.#checkFree(made.id);
    this.#checkRoom();
    const stored: StoredJob = { job: createdJob(newJobId(), experiment, experiment.about(params)), ...work };
    // One that needs no engine runs at once: megabytes of a file are not written for the moment that it takes.
    if (experiment.engine) this.#deps.store.add(stored);
    else this.#deps.store.put(stored);
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
    const run = this.#running.get(id);
    if (run !== undefined) {
      run.stop(new TillerError("cancelled", "cancelled"));
      return stored.job;
    }
    if (!isUnfinished(stored.job)) return stored.job;
    return this.#update(stored, ended(new TillerError("cancelled", "cancelled"), true));
  }

  /** Queues one that ended without a result; it goes on from what it had finished. @throws TillerError conflict */
  retry(id: string): Job {
    const stored = this.#stored(id);
    const { state } = stored.job;
    if (state !== "failed" && state !== "cancelled" && state !== "interrupted")
      throw new TillerError("conflict", `the job '${id}' is ${state === "queued" ? "waiting already" : state}`, {
        field: "job",
        suggestion: state === "done" ? "Start a new one." : `\`tiller jobs follow ${id}\` shows how far it is.`,
      });
    if (stored.params === null)
      throw new TillerError("not-supported", `what the job '${id}' was given is not kept`, { field: "job", suggestion: "Start it again." });
    this.#checkRoom();
    this.#recovered.delete(id);
    const job = this.#update(stored, queuedAgain("goes on from what is finished"));
    this.#wake();
    return job;
  }

  onEngineEvent(event: EngineEvents["collectProgress"]): void {
    for (const run of this.#running.values()) run.onEngineEvent(event);
  }

  /** Saves the running jobs as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#running.values()) run.stop(new TillerError("shutting-down", "interrupted; it goes on when the daemon starts"));
    while (this.#running.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #goesOn({ job }: StoredJob): boolean {
    return isUnfinished(job) && (this.#running.get(job.id)?.stopped ?? null) === null;
  }

  #checkRoom(): void {
    if (this.#closed) throw new TillerError("shutting-down", "the daemon is stopping");
    if (this.#queued().length >= MAX_WAITING) throw new TillerError("overloaded", `${MAX_WAITING} jobs wait already`);
  }

  #checkFree(id: string): void {
    const other = this.#deps.store.list().find((stored) => isUnfinished(stored.job) && madeBy(stored) === id);
    if (other !== undefined)
      throw new TillerError("conflict", `a job that has not ended makes '${id}' already`, {
        field: "id",
        suggestion: "Choose another id, or cancel the other job.",
      });
  }

  #queued(): StoredJob[] {
    return this.#deps.store.list().filter(({ job }) => job.state === "queued");
  }

  /** Never in the same turn: a job that fails at once must not keep everyone else waiting. */
  #wake(): void {
    setImmediate(() => this.#next());
  }

  #next(): void {
    if (this.#closed) return;
    const busy = [...this.#running.keys()].some((id) => usesEngine(this.#stored(id)));
    const waiting = this.#queued().reverse();
    const ready = waiting.filter((stored) => !usesEngine(stored));
    const first = busy ? undefined : waiting.find(usesEngine);
    for (const next of first === undefined ? ready : [...ready, first]) this.#begin(next);
  }

  #begin(next: StoredJob): void {
    const { id } = next.job;
    const run = new JobRun(id, this.#runs++, this.#deps, (change) => this.#update(this.#stored(id), change, false));
    this.#running.set(id, run);
    this.#update(next, started());
    run
      .work(next)
      .then(({ result, report, message }) => {
        this.#deps.store.dropPart(id);
        this.#update(this.#stored(id), { state: "done", fraction: 1, message, eta: 0, result, report });
      })
      .catch((error: unknown) => this.#fail(run, error))
      .finally(() => {
        this.#running.delete(id);
        this.#wake();
      });
  }

  /** What it has finished is kept, also by one that failed or was cancelled: `retry` goes on from there. */
  #fail(run: JobRun, error: unknown): void {
    const { id, stopped } = run;
    const stored = this.#stored(id);
    const problem = stopped ?? jobProblem(cleanError(error, this.#deps.log, `job ${id}`), id);
    if (stopped === null && lostEngine(error) && !this.#recovered.has(id)) {
      this.#recovered.add(id);
      this.#deps.log.warn(`job ${id}: ${problem.message}; it goes on with a new engine`);
      this.#update(stored, queuedAgain(`goes on: ${problem.message}`));
    } else this.#update(stored, ended(problem, stopped !== null));
  }

  /** In memory at any rate: a full disk may cost what a restart would need, not the daemon. */
  #update(stored: StoredJob, change: JobChange, durable = true): Job {
    const { store, changed, log } = this.#deps;
    const after = { ...stored.job, ...change };
    let job: Job = { ...after, ended: isUnfinished(after) ? null : (after.ended ?? new Date().toISOString()) };
    const atOnce = !usesEngine(stored);
    store.put({ ...stored, job, ...(atOnce && !isUnfinished(job) ? { params: null } : {}) });
    try {
      if (durable && !(atOnce && isUnfinished(job))) store.save(job.id);
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

/** The artifact that the job makes. */
function madeBy({ experiment, params }: StoredJob): string | undefined {
  const known = EXPERIMENTS.find(({ id }) => id === experiment);
  return known?.makes?.(params).id;
}

/** An experiment that this version does not have is taken up all the same, and fails with a word. */
function usesEngine({ experiment }: StoredJob): boolean {
  return EXPERIMENTS.find(({ id }) => id === experiment)?.engine ?? true;
}
