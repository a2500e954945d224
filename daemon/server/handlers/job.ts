/** `job.*` */
import { modelFor } from "../access.ts";
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../dispatch.ts";

export function jobHandlers(context: DaemonContext): Pick<Handlers, "job.start" | "job.list" | "job.get" | "job.cancel"> {
  const { jobs } = context;
  return {
    "job.start": async ({ params }, { client }) => jobs.start(params, await modelFor(context, client.identity, params.model)),
    "job.list": () => ({ jobs: jobs.list() }),
    "job.get": ({ job }) => jobs.get(job),
    "job.cancel": ({ job }) => jobs.cancel(job),
  };
}
