/** Which jobs the list shows, and what it says of them. Pure. */
import type { Job } from "../../daemon/protocol/api/library.ts";

const SHOWN = 4;
/** What ended before that is history: nobody waits for it any more. */
const DAY_MS = 24 * 3600 * 1000;

export function isOpen({ state }: Pick<Job, "state">): boolean {
  return state === "queued" || state === "running" || state === "interrupted";
}

/** Those that go on first; ended ones stay until they are dismissed. */
export function shownJobs(jobs: readonly Job[], dismissed: readonly string[], now: number): readonly Job[] {
  const ended = jobs.filter((job) => !isOpen(job) && !dismissed.includes(job.id) && Date.parse(job.ended ?? job.created) > now - DAY_MS);
  return [...jobs.filter(isOpen), ...ended].slice(0, SHOWN);
}

/** What the job is and works on, such as `Receipt of direction/sarcasm`. */
export function jobTitle({ title, about }: Job): string {
  return about === "" ? title : `${title}: ${about}`;
}

export function endText(job: Job): string {
  if (job.state === "done") return `${jobTitle(job)} is done.`;
  if (job.state === "cancelled") return `${jobTitle(job)} cancelled.`;
  const { suggestion } = job.error ?? {};
  return `${jobTitle(job)} failed: ${job.message}${suggestion === undefined ? "" : `. ${suggestion}`}`;
}

export function etaText(seconds: number | null): string {
  if (seconds === null) return "";
  return seconds < 90 ? `about ${Math.max(1, Math.round(seconds))} s left` : `about ${Math.round(seconds / 60)} min left`;
}
