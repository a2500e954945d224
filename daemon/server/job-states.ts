/** What happens to a job, as the change that it makes. Pure. */
import type { Job } from "../protocol/api/library.ts";
import type { TillerError } from "../protocol/errors.ts";

export type JobChange = Partial<Job>;

export function isUnfinished({ state }: Job): boolean {
  return state === "queued" || state === "running" || state === "interrupted";
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
