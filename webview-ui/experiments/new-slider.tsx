/** "New slider": an experiment that makes what a slider is made of, from the daemon's own list and schemas, as a job. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { judgeNames } from "../../daemon/protocol/judge-name.ts";
import { SchemaFields } from "../forms/fields.tsx";
import { codeOf, problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { useModal } from "../ui/modal.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { chosenExperiment, EMPTY_FORM, makers, requestOf } from "./form.ts";
import { Taken } from "./taken.tsx";

export function NewSlider({ onClose }: { onClose: () => void }) {
  const { store, client } = useApp();
  const model = useStore((state) => state.model);
  const form = useStore((state) => state.newSlider);
  const methods = useStore((state) => state.library.methods);
  const experiments = makers(useStore((state) => state.library.experiments));
  const experiment = chosenExperiment(form, experiments);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const [taken, setTaken] = useState<ArtifactEntry | null>(null);
  const [judges, setJudges] = useState<readonly string[]>([]);
  const dialog = useRef<HTMLDialogElement>(null);
  const closed = useModal(dialog, onClose);
  useEffect(() => {
    // Only suggestions: without them a judge can still be typed.
    client()
      .call("job.judges", {})
      .then(
        (known) => setJudges(known.judges.flatMap(judgeNames)),
        () => undefined,
      );
  }, []);

  const choose = (id: string) => {
    store.dispatch({ type: "new-slider", form: { ...store.get().newSlider, experiment: id } });
    // What was wrong with one says nothing of another.
    setMissing(null);
    setProblem(null);
    setTaken(null);
  };
  const change = (path: string, value: string) => {
    const now = store.get().newSlider;
    const values = { ...now.values, [experiment!.id]: { ...now.values[experiment!.id], [path]: value } };
    store.dispatch({ type: "new-slider", form: { ...now, values } });
    if (path.startsWith("@")) {
      setMissing(null);
      setProblem(null);
    }
    // a name that was taken says nothing of the next
    setTaken(null);
  };

  const start = async (replace = false) => {
    setProblem(null);
    // "Replace" keeps its place, and the focus, while the daemon is asked.
    if (!replace) setTaken(null);
    const asked = requestOf(experiment!, form, methods, model, replace);
    setMissing("problem" in asked ? asked.problem : null);
    if ("problem" in asked) return;
    try {
      store.dispatch({ type: "library/job", job: await client().call("experiment.start", asked.request) });
      store.dispatch({ type: "new-slider", form: { ...EMPTY_FORM, experiment: experiment!.id } });
      // Closed before it goes, so that the focus returns to what opened it.
      dialog.current?.close();
    } catch (error) {
      const holder = codeOf(error) === "conflict" ? await entryOf(asked.about).catch(() => null) : null;
      if (holder === null) setProblem(problemOf(error, "It was not started"));
      else setTaken(holder);
    }
  };

  /** Asked anew: the page's list may be older than what took the name. */
  const entryOf = async (id: string): Promise<ArtifactEntry | null> => {
    const { artifacts } = await client().call("artifact.list", {});
    return artifacts.find((artifact) => artifact.id === id) ?? null;
  };

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="new-slider-title" onClose={closed}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <h2 id="new-slider-title">New slider</h2>
        {experiment === undefined ? (
          <p class="hint">The daemon’s experiments are not known yet.</p>
        ) : (
          <>
            <label class="field">
              <span>Experiment</span>
              <select value={experiment.id} onChange={(event) => choose(event.currentTarget.value)}>
                {experiments.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
            <p class="hint">{experiment.summary}</p>
            {experiment.problem !== null && <p class="field-error">{experiment.problem}.</p>}
            <SchemaFields
              key={experiment.id}
              schema={experiment.params}
              without={["replace"]}
              values={form.values[experiment.id] ?? {}}
              onChange={change}
              judges={judges}
            />
          </>
        )}
        {missing !== null && (
          <p class="field-error" role="alert">
            {missing}
          </p>
        )}
        {taken !== null && <Taken artifact={taken} onReplace={() => void start(true)} />}
        {problem !== null && <ProblemCard problem={problem} onRetry={() => void start()} onDismiss={() => setProblem(null)} />}
        <div class="row end">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={experiment === undefined}>
            Start
          </button>
        </div>
      </form>
    </dialog>
  );
}
