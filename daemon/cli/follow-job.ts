/** Starts a job, shows how far it is, and waits for its end; Ctrl-C cancels it. */
import type { TillerClient } from "../client/client.ts";
import type { ParamsIn } from "../protocol/api/index.ts";
import type { Job } from "../protocol/api/library.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Session } from "./session.ts";

export async function followJob(session: Session, client: TillerClient, request: ParamsIn<"job.start">): Promise<Job> {
  const seen = new Map<string, Job>();
  let wake: () => void = () => undefined;
  const end = client.on("job.changed", (job) => {
    seen.set(job.id, job);
    wake();
  });
  const started = await client.call("job.start", request);
  const lost = new Promise<never>((_, reject) => {
    client.onState(({ state, error }) => state === "closed" && reject(error));
  });
  const ignore = onInterrupt(() => void client.call("job.cancel", { job: started.id }).catch(() => undefined));
  try {
    for (;;) {
      const job = seen.get(started.id) ?? started;
      if (job.state !== "queued" && job.state !== "running") return job;
      session.output.progress(
        job.fraction,
        `${Math.round(job.fraction * 100)} % ${job.message}${job.eta === null ? "" : `, about ${Math.ceil(job.eta)} s left`}`,
      );
      await Promise.race([lost, new Promise<void>((resolve) => (wake = resolve))]);
    }
  } finally {
    end();
    ignore();
    session.output.endProgress();
  }
}
