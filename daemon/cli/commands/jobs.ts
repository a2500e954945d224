/** `tiller jobs …`: the long work of the daemon: what there is, waiting for it, ending it, going on with it. */
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import type { Job } from "../../protocol/api/library.ts";
import { action, command } from "../action.ts";
import { followJob } from "../connection/follow-job.ts";
import type { Session } from "../connection/session.ts";
import { EXIT } from "../output/exit.ts";
import { table } from "../output/output.ts";

export function addJobs(program: Command): void {
  const jobs = command(program, "jobs", "jobs (directions, receipts, sliders): list, follow, cancel, retry");
  command(jobs, "list", "every job, newest first (the default)", { isDefault: true }).action(
    action(async (session) => {
      const client = await session.daemon();
      await session.output.result((await client.call("job.list", {})).jobs, describe);
    }),
  );
  command(jobs, "follow <id>", "wait for a job's end; Ctrl-C stops waiting, and the job goes on").action(
    action(async (session, [id]) => {
      const { job, client } = await followJob(session, await session.daemon(), id!);
      await session.output.result(job, () => line(job));
      if (job.state === "cancelled") return EXIT.interrupted;
      if (!session.output.json) await session.output.write(await summaryOf(job, client));
      return EXIT.ok;
    }),
  );
  command(jobs, "cancel <id>", "end a job; what it has finished is kept").action(
    action(async (session, [id]) => {
      const client = await session.daemon();
      await show(session, await client.call("job.cancel", { job: id! }), (job) =>
        job.state === "running" ? `${job.id} is being cancelled.` : line(job),
      );
    }),
  );
  command(jobs, "retry <id>", "queue a job again that failed or was cancelled; it goes on from what is finished").action(
    action(async (session, [id]) => {
      const client = await session.daemon();
      await show(
        session,
        await client.call("job.retry", { job: id! }),
        (job) => `${job.id} waits; \`tiller jobs follow ${job.id}\` shows it.`,
      );
    }),
  );
}

function show(session: Session, job: Job, text: (job: Job) => string): Promise<void> {
  return session.output.result(job, text);
}

/** What the receipt says, where one was made. */
async function summaryOf({ result }: Job, client: TillerClient): Promise<string> {
  if (result === null) return "";
  const { receipts } = await client.call("artifact.get", { id: result });
  return receipts[0] === undefined ? "" : `${receipts[0].summary}\n`;
}

function line({ id, experiment, state, message, result }: Job): string {
  return `${id}: ${experiment} ${state}${state === "done" ? ` (${result})` : message === state ? "" : `: ${message}`}`;
}

function describe(jobs: readonly Job[]): string {
  if (jobs.length === 0) return "There is no job.";
  const rows = jobs.map(({ id, experiment, state, fraction, message, result, error }) => [
    id,
    experiment,
    state === "running" ? `${Math.round(fraction * 100)} %` : state,
    state === "done" ? (result ?? "") : (error?.message ?? message),
  ]);
  return table(rows, ["job", "experiment", "state", ""]);
}
