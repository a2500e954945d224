/** What experiments showed: the jobs that have a report, and the one that is open. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Job } from "../../daemon/protocol/api/library.ts";
import type { Report } from "../../daemon/protocol/report.ts";
import { fileName } from "../chat/export.ts";
import { jobTitle } from "../jobs/job-list.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { ReportBlock } from "./block.tsx";

export function ReportsView() {
  const { store, client } = useApp();
  const jobs = useStore((state) => state.library.jobs).filter(({ report }) => report);
  const asked = useStore((state) => state.report);
  const open = useStore((state) => state.link.phase === "open");
  const chosen = asked ?? jobs[0]?.id ?? null;
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  // Opened by a button of another view, which is gone now.
  useEffect(() => rescueFocus(() => heading.current), []);
  useEffect(() => {
    if (chosen === null || !open) return;
    let left = false;
    setProblem(null);
    client()
      .call("report.get", { job: chosen })
      .then(
        (found) => !left && setReport(found),
        (error: unknown) => !left && setProblem(problemOf(error, "The report was not read")),
      );
    return () => {
      left = true;
    };
  }, [chosen, open, tries]);
  const shown = report?.job === chosen ? report : null;
  return (
    <section class="reports" aria-label="Reports">
      <h2 ref={heading} tabIndex={-1}>
        Reports
      </h2>
      {jobs.length === 0 ? (
        <p class="empty">No experiment has made a report yet. “New slider” in the sliders’ column starts one that does.</p>
      ) : (
        <label class="field report-choice">
          <span>Report</span>
          <select value={chosen ?? ""} onChange={(event) => store.dispatch({ type: "report", job: event.currentTarget.value })}>
            {jobs.map((job) => (
              <option key={job.id} value={job.id}>
                {jobTitle(job)}, {dateOf(job)}
              </option>
            ))}
          </select>
        </label>
      )}
      {problem !== null && <ProblemCard problem={problem} onRetry={() => setTries(tries + 1)} />}
      {shown !== null && <OpenReport key={shown.job} report={shown} />}
    </section>
  );
}

function OpenReport({ report }: { report: Report }) {
  const { host } = useApp();
  const { title, model, created, blocks } = report;
  return (
    <article class="report" aria-label={title}>
      <header class="report-head">
        <h3 dir="auto">{title}</h3>
        <p class="hint">
          {model === null ? "" : `${model}, `}
          {new Date(created).toLocaleString()}
        </p>
        <button
          type="button"
          onClick={() => host.saveFile(fileName(title, "report.json"), "application/json", `${JSON.stringify(report, null, 2)}\n`)}
        >
          Save the report
        </button>
      </header>
      {blocks.map((block) => (
        <ReportBlock key={block.id} block={block} stem={title} />
      ))}
    </article>
  );
}

function dateOf({ ended, created }: Job): string {
  return new Date(ended ?? created).toLocaleString();
}
