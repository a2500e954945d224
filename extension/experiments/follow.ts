/** A job from its start to its end, with its progress; over a daemon that dies as well, since the next one goes on with it. */
import { type CancellationToken, type Progress, ProgressLocation, window } from "vscode";
import type { TillerClient } from "../../daemon/client/client.ts";
import { ClientError, type ClientErrorCode } from "../../daemon/client/error.ts";
import type { Job } from "../../daemon/protocol/api/library.ts";

type Report = Progress<{ message?: string; increment?: number }>;

/** @returns null: it was cancelled @throws ClientError why it failed */
export async function followJob(client: TillerClient, started: Job): Promise<Job | null> {
  const options = { location: ProgressLocation.Notification, title: `Tiller: ${started.title}`, cancellable: true };
  return window.withProgress(options, (progress, token) => untilEnded(client, started.id, progress, token));
}

async function untilEnded(client: TillerClient, id: string, progress: Report, token: CancellationToken): Promise<Job | null> {
  let latest: Job = await client.call("job.get", { job: id });
  let shown = 0;
  let wake: () => void = () => undefined;
  const take = (job: Job): void => {
    latest = job;
    wake();
  };
  const ends = [
    client.on("job.changed", (job) => job.id === id && take(job)),
    // what happened meanwhile was told to nobody
    client.onState(({ state }) => void (state === "open" && client.call("job.get", { job: id }).then(take, () => undefined))),
  ];
  token.onCancellationRequested(() => client.call("job.cancel", { job: id }).then(take, () => undefined));
  try {
    for (;;) {
      const { state, fraction, message, eta, error } = latest;
      if (state === "done") return latest;
      if (state === "cancelled") return null;
      if (state === "failed") throw failure(error, message);
      const left = eta === null ? "" : `, about ${Math.ceil(eta)} s left`;
      progress.report({ message: `${Math.round(fraction * 100)} % ${message}${left}`, increment: Math.max(0, fraction - shown) * 100 });
      shown = Math.max(shown, fraction);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    for (const end of ends) end();
  }
}

function failure(error: Job["error"], message: string): ClientError {
  if (error === null) return new ClientError("engine-failed", message);
  return new ClientError(error.code as ClientErrorCode, error.message, { field: error.field, suggestion: error.suggestion });
}
