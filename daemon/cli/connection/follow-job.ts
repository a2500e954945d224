/**
 * Follows a job to its end, also over a daemon that dies: the next one goes on with it under the same id. A daemon that was
 * told to stop is not started again behind its user's back.
 */
import type { TillerClient } from "../../client/client.ts";
import { ClientError, type ClientErrorCode } from "../../client/error.ts";
import type { ParamsIn } from "../../protocol/api/index.ts";
import type { Job } from "../../protocol/api/library.ts";
import { failureOf } from "../output/failure.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Session } from "./session.ts";

export interface Followed {
  readonly job: Job;
  /** the connection that it ended on */
  readonly client: TillerClient;
}

/** A daemon that ends each time it takes up the job will not get it done. */
const MOST_LOSSES = 3;
const LOST = new Set<ClientErrorCode>(["disconnected", "unreachable"]);

/** Starts a job, shows how far it is, and waits for its end; Ctrl-C cancels it. @throws ClientError why it failed */
export async function startJob(session: Session, client: TillerClient, request: ParamsIn<"experiment.start">): Promise<Followed> {
  const { id } = await client.call("experiment.start", request);
  const connection = { client };
  let cancelled = false;
  const cancel = (): void => {
    cancelled = true;
    connection.client.call("job.cancel", { job: id }).catch(() => undefined);
  };
  const ignore = onInterrupt(cancel);
  try {
    const job = await follow(session, connection, id, () => cancelled && cancel());
    if (job.state === "cancelled") session.output.note(`tiller: cancelled; \`tiller jobs retry ${id}\` takes it up again`);
    return { job, client: connection.client };
  } finally {
    ignore();
  }
}

/** Waits for the end of a job that somebody started. @throws ClientError why it failed */
export async function followJob(session: Session, client: TillerClient, id: string): Promise<Followed> {
  const connection = { client };
  const job = await follow(session, connection, id, () => undefined);
  return { job, client: connection.client };
}

async function follow(session: Session, connection: { client: TillerClient }, id: string, reconnected: () => unknown): Promise<Job> {
  for (let losses = 0; ; ) {
    try {
      return await untilEnded(session, connection.client, id);
    } catch (error) {
      if (!(error instanceof ClientError) || !LOST.has(error.code)) throw error;
      if (++losses > MOST_LOSSES) throw keptJob(error, id);
    } finally {
      session.output.endProgress();
    }
    session.output.note(`tiller: the connection to the daemon was lost; looking for the job ${id} again`);
    try {
      connection.client = await session.daemon();
    } catch (error) {
      throw keptJob(error, id);
    }
    reconnected();
  }
}

async function untilEnded(session: Session, client: TillerClient, id: string): Promise<Job> {
  let latest: Job | null = null;
  let lost: ClientError | null = null;
  let stopping = false;
  let wake: () => void = () => undefined;
  const ends = [
    client.on("job.changed", (job) => {
      if (job.id === id) latest = job;
      wake();
    }),
    client.on("daemon.stopping", () => {
      stopping = true;
    }),
    client.onState(({ state, error }) => {
      if (state === "closed") lost = error;
      wake();
    }),
  ];
  try {
    const found = await client.call("job.get", { job: id });
    for (;;) {
      const job: Job = latest ?? found;
      if (job.state === "done" || job.state === "cancelled") return job;
      if (job.state === "failed") throw failureOfJob(job);
      if (job.state === "interrupted" || (lost !== null && stopping)) throw stopped(id);
      if (lost !== null) throw lost;
      const left = job.eta === null ? "" : `, about ${Math.ceil(job.eta)} s left`;
      session.output.progress(job.fraction, `${Math.round(job.fraction * 100)} % ${job.message}${left}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    for (const end of ends) end();
  }
}

function failureOfJob({ error, message }: Job): ClientError {
  if (error === null) return new ClientError("engine-failed", message);
  return new ClientError(error.code as ClientErrorCode, error.message, { field: error.field, suggestion: error.suggestion });
}

function stopped(id: string): ClientError {
  return new ClientError("shutting-down", `the daemon was stopped; it goes on with the job ${id} when it starts`, {
    suggestion: `\`tiller jobs follow ${id}\` starts it and waits for the job.`,
  });
}

function keptJob(error: unknown, id: string): ClientError {
  const { code, message } = failureOf(error);
  return new ClientError(code as ClientErrorCode, `the connection to the daemon was lost, and it cannot be had again: ${message}`, {
    suggestion: `The job is kept: \`tiller jobs follow ${id}\` goes on with it.`,
  });
}
