/** What happens to a job, as the change that it makes. Pure. */

import type { Job } from "../../protocol/api/library.ts";
import { canonicalJson } from "../../protocol/canonical.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { JobWork, StoredJob } from "../../store/jobs.ts";

export type JobChange = Partial<Job>;

export function isUnfinished({ state }: Job): boolean {
  return state === "queued" || state === "running" || state === "interrupted";
}

/** All that decides what a job does, its kind and its model among it. */
export function isSameWork(stored: StoredJob, asked: JobWork & Pick<StoredJob, "model">): boolean {
  const { job: _, ...work } = stored;
  return canonicalJson(work) === canonicalJson(asked);
}

/** @param why said while it waits */
export function queuedAgain(why: string): JobChange {
  return { state: "queued", fraction: 0, message: `waiting (${why})`, eta: null, error: null };
}

export function started(): JobChange {
  return { state: "running", message: "loading the model", error: null };
}

/** @param stopped whether it was told to end, by a client or by the daemon's own end */
export function ended(problem: TillerError, stopped: boolean): JobChange {
  const { code, message, detail } = problem;
  if (stopped && (code === "cancelled" || code === "shutting-down"))
    return { state: code === "cancelled" ? "cancelled" : "interrupted", message, eta: null };
  const { field, suggestion } = detail;
  return {
    state: "failed",
    message,
    eta: null,
    error: { code, message, ...(field === undefined ? {} : { field }), ...(suggestion === undefined ? {} : { suggestion }) },
  };
}

/** Its engine crashed, or its model was unloaded: neither says anything about the job. */
export function lostEngine(error: unknown): boolean {
  return error instanceof TillerError && (error.code === "engine-crashed" || error.code === "shutting-down");
}

/** The problem of an engine or a store as that of a job: whoever follows it sent no request that they could send again. */
export function jobProblem(problem: TillerError, id: string): TillerError {
  const suggestion = `\`tiller jobs retry ${id}\` goes on from what is finished.`;
  // Of an engine: the model was unloaded. The daemon's own end is told by the run's signal.
  if (problem.code === "shutting-down") return new TillerError("engine-failed", problem.message, { suggestion });
  if (problem.code === "engine-crashed") return new TillerError(problem.code, problem.message, { suggestion });
  if (problem.code === "storage-failed")
    return new TillerError(problem.code, problem.message, { suggestion: `Free some space; ${suggestion}` });
  return problem;
}
