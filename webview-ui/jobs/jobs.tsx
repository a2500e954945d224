/** Searches and measurements that run or ended: progress with an estimate, cancel, and the slider that came of it. */
import type { Job } from "../../daemon/protocol/api/library.ts";
import { problemOf } from "../link/problem.ts";
import { freeName } from "../rack/names.ts";
import { controlOf } from "../rack/new-control.ts";
import { NEW_SLIDER } from "../rack/panel-ids.ts";
import { sliderSelector } from "../rack/slider-selector.ts";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { Progress } from "../ui/progress.tsx";
import { endText, etaText, isOpen, jobTitle, shownJobs } from "./job-list.ts";

export function Jobs() {
  const jobs = useStore((state) => state.library.jobs);
  const dismissed = useStore((state) => state.dismissed);
  const shown = shownJobs(jobs, dismissed, Date.now());
  if (shown.length === 0) return null;
  return (
    <ul class="jobs" aria-label="Jobs">
      {shown.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </ul>
  );
}

function JobRow({ job }: { job: Job }) {
  const { store, client } = useApp();
  const controls = useStore((state) => state.rack.controls);
  const open = isOpen(job);
  const use = job.result;
  const cancel = async () => {
    try {
      store.dispatch({ type: "library/job", job: await client().call("job.cancel", { job: job.id }) });
    } catch (error) {
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The job was not cancelled") });
    }
  };
  const retry = async () => {
    try {
      store.dispatch({ type: "library/job", job: await client().call("job.retry", { job: job.id }) });
    } catch (error) {
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The job was not taken up again") });
    }
  };
  const dismiss = () => store.dispatch({ type: "library/dismiss", job: job.id });
  const put = async (id: string) => {
    try {
      const artifact = await client().call("artifact.get", { id });
      const name = freeName(id, store.get().rack.controls);
      store.dispatch({ type: "rack/add", name, control: controlOf(artifact), scope: null });
      dismiss();
      focusNext(sliderSelector(name));
    } catch (error) {
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The slider was not put into the rack") });
    }
  };
  return (
    <li class="job" data-state={job.state}>
      {open ? (
        <>
          <p class="job-title">{jobTitle(job)}</p>
          <Progress label={job.message} fraction={job.fraction} note={etaText(job.eta)} />
        </>
      ) : (
        <p role="status">{endText(job)}</p>
      )}
      <div class="row">
        {job.state === "done" && use !== null && !controls.some(({ control }) => control.use === use) && (
          <button type="button" class="primary" key="put" onClick={() => void put(use)}>
            Put it in the rack
          </button>
        )}
        {job.report && (
          <button type="button" key="report" onClick={() => store.dispatch({ type: "report", job: job.id })}>
            Show the report
          </button>
        )}
        {(job.state === "failed" || job.state === "cancelled") && (
          <button
            type="button"
            key="retry"
            title="From what it had finished"
            onClick={() => {
              void retry();
              focusNext(".job button");
            }}
          >
            Take it up again
          </button>
        )}
        {/* One element for both, so that the focus stays on it when a job ends. */}
        <button
          type="button"
          class="quiet"
          key="end"
          onClick={() => {
            if (open) return void cancel();
            dismiss();
            focusNext(".job button", `#${NEW_SLIDER}`);
          }}
        >
          {open ? "Cancel" : "Dismiss"}
        </button>
      </div>
    </li>
  );
}
