/** Searches and measurements that run or ended: progress with an estimate, cancel, and the slider that came of it. */
import { useState } from "preact/hooks";
import type { Job } from "../../daemon/protocol/api/library.ts";
import { problemOf } from "../link/problem.ts";
import { useApp, useStore } from "../store/store.ts";
import { Progress } from "../ui/progress.tsx";
import { freeName } from "./add-control.tsx";

const SHOWN = 4;
const DONE: Readonly<Record<Job["kind"], string>> = { directions: "Found", receipt: "Measured", slider: "Made" };
const NAMES: Readonly<Record<Job["kind"], string>> = { directions: "Search", receipt: "Measurement", slider: "New slider" };

export function Jobs() {
  const jobs = useStore((state) => state.library.jobs);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const since = useState(() => Date.now())[0];
  const recent = jobs.filter(
    ({ id, state, created }) => !dismissed.has(id) && (state === "queued" || state === "running" || Date.parse(created) > since - 60_000),
  );
  if (recent.length === 0) return null;
  return (
    <ul class="jobs" aria-label="Jobs">
      {recent.slice(0, SHOWN).map((job) => (
        <JobRow key={job.id} job={job} onDismiss={() => setDismissed(new Set([...dismissed, job.id]))} />
      ))}
    </ul>
  );
}

function JobRow({ job, onDismiss }: { job: Job; onDismiss: () => void }) {
  const { store, client } = useApp();
  const controls = useStore((state) => state.rack.controls);
  const running = job.state === "queued" || job.state === "running";
  const cancel = async () => {
    try {
      store.dispatch({ type: "library/job", job: await client().call("job.cancel", { job: job.id }) });
    } catch (error) {
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The job was not cancelled") });
    }
  };
  const use = job.result;
  return (
    <li class="job" data-state={job.state}>
      {running ? (
        <Progress label={job.message} fraction={job.fraction} note={etaText(job.eta)} />
      ) : (
        <p role="status">
          {job.state === "done" ? `${DONE[job.kind]} ${use ?? "a direction"}.` : `${NAMES[job.kind]} ${job.state}: ${job.message}`}
        </p>
      )}
      <div class="row">
        {running && (
          <button type="button" class="quiet" onClick={() => void cancel()}>
            Cancel
          </button>
        )}
        {job.state === "done" && use !== null && !controls.some(({ control }) => control.use === use) && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              store.dispatch({ type: "rack/add", name: freeName(use, controls), control: { use, strength: 0 }, scope: null });
              onDismiss();
            }}
          >
            Put it in the rack
          </button>
        )}
        {!running && (
          <button type="button" class="quiet" onClick={onDismiss}>
            Dismiss
          </button>
        )}
      </div>
    </li>
  );
}

export function etaText(seconds: number | null): string {
  if (seconds === null) return "";
  return seconds < 90 ? `about ${Math.max(1, Math.round(seconds))} s left` : `about ${Math.round(seconds / 60)} min left`;
}
