/** `job.*` */
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../transport/dispatch.ts";

type JobHandlers = Pick<Handlers, "job.list" | "job.get" | "job.judges" | "job.cancel" | "job.retry">;

export function jobHandlers({ jobs, judges }: DaemonContext): JobHandlers {
  return {
    "job.list": () => ({ jobs: jobs.list() }),
    "job.get": ({ job }) => jobs.get(job),
    "job.judges": () => ({ judges: judges.list() }),
    "job.cancel": ({ job }) => jobs.cancel(job),
    "job.retry": ({ job }) => jobs.retry(job),
  };
}
